package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.fleet.Landing.Verdict;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Service;
import dev.matriarch.inventory.User;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Connects through the services as a client would, and asks who is there. A server is told by when
 * it was started: through a pooler it knows no address of its own.
 */
public final class ServiceProbe {
  private static final int LOGINS = 3;
  private static final String PATIENCE_SECONDS = "5";
  private static final String QUESTION =
      "SELECT pg_is_in_recovery(),"
          + " (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint";

  private final Cluster cluster;
  private final List<Login> logins;
  private final Map<String, MemberWord> members;

  /** A name and password that the inventory knows. */
  private record Login(String user, String password) {}

  private ServiceProbe(Cluster cluster, Map<String, MemberWord> members) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.logins = logins(cluster);
    this.members = Map.copyOf(members);
  }

  /** Connects to these services, all at once; bounded. */
  public static List<Landing> of(
      Inventory inventory, Cluster cluster, List<Service> services, Map<String, MemberWord> members)
      throws InterruptedException {
    ServiceProbe probe = new ServiceProbe(cluster, members);
    List<Future<Landing>> pending = new ArrayList<>();
    List<Landing> landings = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Service service : services) {
        for (ServiceHost host : ServiceHost.of(inventory, cluster)) {
          pending.add(threads.submit(() -> probe.land(service, host)));
        }
      }
      for (Future<Landing> one : pending) {
        landings.add(one.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return List.copyOf(landings);
  }

  /**
   * The administrator, then business users: which of them is let in is for the HBA rules to say.
   */
  private static List<Login> logins(Cluster cluster) {
    List<Login> found = new ArrayList<>();
    found.add(
        new Login(
            cluster.settings().text("pg_admin_username"),
            cluster.settings().secret("pg_admin_password").reveal()));
    for (User user : cluster.users()) {
      user.password()
          .map(secret -> secret.reveal())
          .filter(text -> !text.startsWith("SCRAM-SHA-256$") && !text.startsWith("md5"))
          .ifPresent(text -> found.add(new Login(user.name(), text)));
    }
    return found.stream().limit(LOGINS).toList();
  }

  private Landing land(Service service, ServiceHost host) {
    if (service.members(cluster.instances()).isEmpty()) {
      return new Landing(
          service, host, Verdict.EMPTY, "", false, "no member is meant by its selector");
    }
    String refusal = "";
    for (Login login : logins) {
      try {
        return ask(service, host, login);
      } catch (SQLException e) {
        String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (!String.valueOf(e.getSQLState()).startsWith("28")) {
          return new Landing(service, host, Verdict.NOBODY, "", false, why);
        }
        refusal = why;
      }
    }
    return new Landing(service, host, Verdict.REFUSED, "", false, refusal);
  }

  private Landing ask(Service service, ServiceHost host, Login login) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(service, host), with(login));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUESTION)) {
      row.next();
      boolean recovering = row.getBoolean(1);
      Optional<String> member = startedAt(row.getLong(2));
      boolean fits = Landing.fits(service.check(), recovering);
      return new Landing(
          service,
          host,
          fits ? Verdict.OK : Verdict.WRONG_ROLE,
          member.orElse(""),
          recovering,
          member.isPresent() ? "" : "no agent knows this server");
    }
  }

  private Optional<String> startedAt(long microseconds) {
    Instant at = Instant.EPOCH.plusNanos(microseconds * 1000);
    return members.entrySet().stream()
        .filter(entry -> entry.getValue().started().filter(at::equals).isPresent())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private String url(Service service, ServiceHost host) {
    return "jdbc:postgresql://%s/%s"
        .formatted(host.endpoint(service), cluster.settings().text("pg_primary_db"));
  }

  private static Properties with(Login login) {
    Properties properties = new Properties();
    properties.setProperty("user", login.user());
    properties.setProperty("password", login.password());
    properties.setProperty("ApplicationName", "matriarch service check");
    for (String name : List.of("connectTimeout", "loginTimeout", "socketTimeout")) {
      properties.setProperty(name, PATIENCE_SECONDS);
    }
    // A pooler may keep no prepared statements between transactions.
    properties.setProperty("prepareThreshold", "0");
    return properties;
  }
}
