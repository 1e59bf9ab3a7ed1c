package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;

/**
 * How a client reaches the primary: through the primary service of any host where HAProxy runs,
 * else through each server or its pooler in turn until one takes writes.
 *
 * @param what for humans
 * @param hosts with their ports
 * @param login user, password and time-outs
 */
record ClientWay(
    String what, List<String> hosts, String database, String target, Properties login) {
  ClientWay {
    requireNonNull(what, "what is null");
    hosts = List.copyOf(hosts);
    requireNonNull(database, "database is null");
    requireNonNull(target, "target is null");
    Properties copy = new Properties();
    copy.putAll(login);
    login = copy;
  }

  /** As the cluster's administrator, to its main database. */
  static ClientWay of(Cluster cluster) {
    Properties login = new Properties();
    login.setProperty("user", cluster.settings().text("pg_admin_username"));
    login.setProperty("password", cluster.settings().secret("pg_admin_password").reveal());
    login.setProperty("connectTimeout", "1");
    login.setProperty("loginTimeout", "2");
    login.setProperty("socketTimeout", "2");
    login.setProperty("ApplicationName", "matriarch drill");
    // A pooler keeps no prepared statements between transactions.
    login.setProperty("prepareThreshold", "0");
    String database = cluster.settings().text("pg_primary_db");
    boolean services =
        cluster.settings().flag("haproxy_enabled")
            && cluster.settings().text("pg_service_provider").isEmpty();
    if (services && cluster.service("primary").isPresent()) {
      Service primary = cluster.service("primary").orElseThrow();
      return new ClientWay(
          "service primary, port " + primary.port(),
          cluster.instances().stream()
              .map(instance -> instance.address().withPort(primary.port()))
              .toList(),
          database,
          "any",
          login);
    }
    // What was a standby a moment ago may lead now.
    login.setProperty("hostRecheckSeconds", "0");
    boolean pooled = cluster.settings().flag("pgbouncer_enabled");
    return new ClientWay(
        pooled ? "the members' poolers" : "the members themselves",
        cluster.instances().stream().map(instance -> direct(instance, pooled)).toList(),
        database,
        "primary",
        login);
  }

  private static String direct(Instance instance, boolean pooled) {
    return instance
        .address()
        .withPort(pooled ? instance.ports().pooler() : instance.ports().postgres());
  }

  /** A URL that tries all hosts, beginning with another one for each number. */
  String url(int number) {
    List<String> order = new ArrayList<>(hosts);
    Collections.rotate(order, -number % hosts.size());
    return "jdbc:postgresql://%s/%s?targetServerType=%s"
        .formatted(String.join(",", order), database, target);
  }
}
