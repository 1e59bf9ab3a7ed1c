package dev.matriarch.inventory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is allowed but unwise: well-known passwords, open ports, names that lead nowhere. */
final class Warnings {
  private static final List<String> PASSWORDS =
      List.of(
          "pg_replication_password",
          "pg_admin_password",
          "pg_monitor_password",
          "patroni_password",
          "haproxy_admin_password");

  private Warnings() {}

  static void find(Layout layout, List<Cluster> clusters, Settings globals, Findings findings) {
    Set<String> unset = new TreeSet<>();
    Map<String, Place> databases = new HashMap<>();
    Map<String, Place> policies = new HashMap<>();
    for (Group group : layout.of(Group.Kind.CLUSTER)) {
      Scope scope = layout.globals().under(group.vars());
      for (String parameter : PASSWORDS) {
        password(parameter, scope, unset, findings);
      }
      outsideIntranet(group, scope, findings);
      backupKey(group, scope, findings);
      scope
          .value("pg_cluster")
          .ifPresent(
              name -> {
                databases.put(name.toString(), scope.place("pg_databases").orElse(group.place()));
                policies.put(
                    name.toString(), scope.place("pg_two_node_policy").orElse(group.place()));
              });
    }
    if (!unset.isEmpty()) {
      findings.warning(
          Place.FILE,
          String.join(", ", unset),
          unset.size() == 1 ? "keeps its well-known default" : "keep their well-known defaults",
          "set your own under vars");
    }
    publicPorts(layout.globals(), globals, findings);
    for (Cluster cluster : clusters) {
      owners(cluster, databases.getOrDefault(cluster.name(), Place.FILE), findings);
      twoNodes(cluster, policies.getOrDefault(cluster.name(), Place.FILE), findings);
    }
  }

  private static void password(
      String parameter, Scope scope, Set<String> unset, Findings findings) {
    if (!scope.declares(parameter)) {
      unset.add(parameter);
    } else if (scope
        .value(parameter)
        .filter(Parameters.get(parameter).defaultValue()::equals)
        .isPresent()) {
      findings.warning(
          scope.place(parameter).orElse(Place.FILE),
          "",
          "is the well-known default",
          "choose one of your own");
    }
  }

  private static void backupKey(Group group, Scope scope, Findings findings) {
    Settings settings = new Settings(Map.of(), Map.of(), scope.values());
    String method = settings.text("pgbackrest_method");
    String known = "pgBackRest";
    if (settings.flag("pgbackrest_enabled")
        && settings.entries("pgbackrest_repo").get(method)
            instanceof Value.Entries(Map<String, Value> repository)
        && new Value.Text(known).equals(repository.get("cipher_pass"))) {
      findings.warning(
          scope
              .place("pgbackrest_repo")
              .or(() -> scope.place("pgbackrest_method"))
              .orElse(group.place()),
          method,
          "encrypts backups with the well-known key " + known,
          "set cipher_pass in pgbackrest_repo." + method);
    }
  }

  // Default access rules let replication in from the intranet only.
  private static void outsideIntranet(Group group, Scope scope, Findings findings) {
    Settings settings = new Settings(Map.of(), Map.of(), scope.values());
    List<AddressBlock> intranet =
        settings.texts("node_firewall_intranet").stream()
            .flatMap(text -> AddressBlock.parse(text).stream())
            .toList();
    for (Group.Host host : group.hosts()) {
      if (intranet.stream().noneMatch(block -> block.contains(host.address()))) {
        findings.warning(
            host.place(),
            host.address().text(),
            "is outside of node_firewall_intranet, from where the default rules let members in",
            "add its network to node_firewall_intranet");
      }
    }
  }

  private static void publicPorts(Scope scope, Settings globals, Findings findings) {
    String port = globals.text("pg_port");
    if (globals.texts("node_firewall_public_port").contains(port)) {
      findings.warning(
          scope.place("node_firewall_public_port").orElse(Place.FILE),
          "node_firewall_public_port",
          "opens PostgreSQL's port " + port + " to everybody",
          "set it to [22, 80, 443] unless clients come from outside");
    }
  }

  private static void twoNodes(Cluster cluster, Place place, Findings findings) {
    boolean losesNothing = cluster.durability().losesNothing();
    if (cluster.hasTwoMembers()
        && !losesNothing
        && cluster.twoNodePolicy() == TwoNodePolicy.CONSISTENCY) {
      findings.warning(
          place,
          "pg_two_node_policy",
          "is consistency, and commits of "
              + cluster.name()
              + " wait for no replica: without its primary it waits for an operator",
          "set pg_rpo to 0, or leave pg_two_node_policy at auto");
    }
    if (losesNothing && cluster.settings().text("pg_two_node_policy").equals("availability")) {
      findings.warning(
          place,
          "pg_two_node_policy",
          "is availability, but "
              + cluster.name()
              + " is to lose nothing: only a replica with every commit will lead",
          "leave it at auto, or set pg_rpo above 0");
    }
  }

  private static void owners(Cluster cluster, Place place, Findings findings) {
    Set<String> known = new TreeSet<>(List.of(cluster.settings().text("pg_dbsu")));
    cluster.defaultRoles().forEach(user -> known.add(user.name()));
    cluster.users().forEach(user -> known.add(user.name()));
    for (Database database : cluster.databases()) {
      if (database.owner().filter(owner -> !known.contains(owner)).isPresent()) {
        findings.warning(
            place,
            database.owner().get(),
            "owns database " + database.name() + " but is no user of " + cluster.name(),
            "declare it in pg_users");
      }
    }
  }
}
