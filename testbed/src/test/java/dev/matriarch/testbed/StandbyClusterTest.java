package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import dev.matriarch.testbed.MemberView.Standing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cluster far away follows another with an etcd of its own: its leader streams from the other's
 * primary, its replica from its leader; when its configuration says so it takes writes itself, and
 * gives them up again.
 */
@Tag("root")
@Tag("e2e")
class StandbyClusterTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String DELAYED =
      "pg_services: [{ name: delayed, port: 5440, dest: postgres, check: /standby-leader }]";
  private static final Login APPLICATION = new Login("app", "app", "app-of-the-testbed");

  private static ClusterPlan plan(String name, String hosts, String... addresses) {
    return plan(name, hosts, List.of(), addresses);
  }

  private static ClusterPlan plan(
      String name, String hosts, List<String> variables, String... addresses) {
    String inventory =
        """
        %s:
          hosts:
        %s  vars:
            pg_cluster: %1$s
            pg_rto: 10
            pg_users:
              - { name: app, password: app-of-the-testbed, pgbouncer: true, roles: [dbrole_admin] }
            pg_databases:
              - { name: app, owner: app }
        """
            .formatted(name, hosts);
    inventory += variables.stream().map(it -> "    " + it + "\n").collect(Collectors.joining());
    return new ClusterPlan(
        name,
        inventory,
        List.of(addresses),
        List.of(),
        APPLICATION,
        new Stack.Ours(Product.launcher()));
  }

  private static String sql(Cluster cluster, Host host, String statement) {
    return sql(cluster.socket(host), statement);
  }

  private static String sql(Endpoint server, String statement) {
    try (Connection connection = APPLICATION.connect(server, Duration.ofSeconds(10));
        Statement run = connection.createStatement()) {
      if (!run.execute(statement)) {
        return "";
      }
      try (ResultSet rows = run.getResultSet()) {
        return rows.next() ? String.valueOf(rows.getString(1)) : "";
      }
    } catch (SQLException e) {
      return "failed: " + e.getMessage();
    }
  }

  private static void configure(Host host, String json) {
    assertThat(Agents.configure(host, host, json)).contains("loop_wait");
  }

  /** The agent tells of its server once it has looked. */
  private static void awaitHealth(Host host, String path, String code) {
    Await.until(host + path + " answers " + code, SOON, () -> health(host, path).equals(code));
  }

  private static String health(Host host, String path) {
    // Without an answer at all curl fails, which ends no waiting.
    return host.run(
        "sh",
        "-c",
        "curl -s -o /dev/null -w '%{http_code}' http://"
            + host.address()
            + ":8008"
            + path
            + " || :");
  }

  @Test
  @Promise({"P193", "P194", "P198"})
  void followsLeadsAndFollowsAgain() throws Exception {
    Path folder = Folders.make("mtd");
    try (Network network = Network.open(folder.resolve("logs"))) {
      Cluster main =
          new Cluster(
              network,
              plan("pg-main", "    10.10.10.11: { pg_seq: 1, pg_role: primary }\n", "10.10.10.11"),
              Files.createDirectories(folder.resolve("main")));
      Cluster far =
          new Cluster(
              network,
              plan(
                  "pg-far",
                  """
                      10.10.10.21: { pg_seq: 1, pg_role: primary, pg_upstream: 10.10.10.11 }
                      10.10.10.22: { pg_seq: 2, pg_role: replica }
                  """,
                  "10.10.10.21",
                  "10.10.10.22"),
              Files.createDirectories(folder.resolve("far")),
              "f",
              251);
      main.start();
      main.awaitSettled(SOON);
      far.start();
      Host leader = far.hosts().getFirst();
      Host replica = far.hosts().getLast();
      follows(far);
      awaitHealth(leader, "/standby_leader", "200");
      awaitHealth(leader, "/primary", "503");
      awaitHealth(replica, "/replica", "200");
      sql(main, main.primary(), "CREATE TABLE told(what text)");
      arrives(main, far, "before");

      configure(leader, "{\"standby_cluster\":null}");
      far.awaitSettled(SOON);
      assertThat(sql(far, far.primary(), "INSERT INTO told VALUES ('far')")).isEmpty();
      Await.until(
          "what it wrote itself is on its replica",
          SOON,
          () -> sql(far, replica, "SELECT what FROM told WHERE what = 'far'").equals("far"),
          far::situation);

      configure(far.primary(), "{\"standby_cluster\":{\"host\":\"10.10.10.11\",\"port\":5432}}");
      follows(far);
      arrives(main, far, "after");
      assertThat(sql(far, replica, "SELECT count(*) FROM told WHERE what = 'far'"))
          .as("what it wrote itself is undone")
          .isEqualTo("0");
      assertThat(get(leader, "/lost"))
          .as("and was listed before")
          .contains("\"leader\":\"10.10.10.11:5432\"", "\"label\":\"app.public.told\"");

      Fault.Applied lost = loseServer(leader);
      long lostAt = System.nanoTime();
      assertThat(sql(main, main.primary(), "INSERT INTO told VALUES ('alone')")).isEmpty();
      awaitHealth(replica, "/standby_leader", "200");
      arrives(far, List.of(replica), "alone");
      Duration away = Duration.ofNanos(System.nanoTime() - lostAt);
      System.out.println("another follows the source after " + away.toMillis() + " ms");
      assertThat(away)
          .as("another follows the source within pg_rto")
          .isLessThan(Duration.ofSeconds(10));
      lost.heal();
      follows(far);

      configure(replica, "{\"standby_cluster\":null}");
      far.awaitSettled(SOON);
      assertThat(get(replica, "/patroni"))
          .as("timeline 2 was its own once; it is not begun again")
          .contains("\"timeline\":3,");
      assertThat(sql(far, replica, "INSERT INTO told VALUES ('far again')")).isEmpty();

      // Whoever leads next runs, and has what its source has not.
      lost = loseServer(replica);
      configure(leader, "{\"standby_cluster\":{\"host\":\"10.10.10.11\",\"port\":5432}}");
      arrives(main, far, List.of(leader), "taken back");
      assertThat(sql(far, leader, "SELECT count(*) FROM told WHERE what = 'far again'"))
          .isEqualTo("0");
      lost.heal();
      follows(far);
      arrives(main, far, "both");
    } finally {
      if (!Boolean.getBoolean("testbed.keep")) {
        Folders.remove(folder);
      }
    }
  }

  @Test
  @Promise({"P95", "P195"})
  void appliesWithDelayWhereThatIsAskedFor() throws Exception {
    Path folder = Folders.make("mtd");
    try (Network network = Network.open(folder.resolve("logs"))) {
      Cluster main =
          new Cluster(
              network,
              plan("pg-main", "    10.10.10.11: { pg_seq: 1, pg_role: primary }\n", "10.10.10.11"),
              Files.createDirectories(folder.resolve("main")));
      String host =
          "    10.10.10.21: { pg_seq: 1, pg_role: primary, pg_upstream: 10.10.10.11,"
              + " pg_delay: 5s }\n";
      Cluster far =
          new Cluster(
              network,
              plan("pg-far", host, List.of(DELAYED), "10.10.10.21"),
              Files.createDirectories(folder.resolve("far")),
              "f",
              251);
      main.start();
      main.awaitSettled(SOON);
      Await.until(
          "a table",
          SOON,
          () -> sql(main, main.primary(), "CREATE TABLE IF NOT EXISTS told(what text)").isEmpty(),
          main::situation);
      far.start();
      Await.until(
          "it streams from outside",
          SOON,
          () -> far.observe().with(Standing.STREAMING).size() == 1,
          far::situation);
      awaitHealth(far.hosts().getFirst(), "/standby_leader", "200");
      arrives(main, far, "first");
      long begin = System.nanoTime();
      arrives(main, far, "late");
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(4900), Duration.ofSeconds(15));
      assertThat(late(far)).as("through the service of delayed clusters").isEqualTo("late");
    } finally {
      if (!Boolean.getBoolean("testbed.keep")) {
        Folders.remove(folder);
      }
    }
  }

  private static String late(Cluster far) {
    Endpoint.Tcp service = new Endpoint.Tcp(far.hosts().getFirst().address(), 5440);
    return far.client()
        .call(
            () ->
                sql(service, "SELECT what FROM told WHERE what = 'late' AND pg_is_in_recovery()"));
  }

  /** Its agent and its server are gone; etcd's only member beside them goes on. */
  private static Fault.Applied loseServer(Host host) {
    Fault.Applied frozen = FaultTools.freeze(host, Role.NODE);
    FaultTools.kill(host, Role.AGENT);
    FaultTools.kill(host, Role.POSTMASTER);
    return frozen;
  }

  private static String get(Host host, String path) {
    return host.run("curl", "-sS", "http://" + host.address() + ":8008" + path);
  }

  private static void follows(Cluster far) {
    Await.until(
        "both stream, the one from outside, the other from the one",
        SOON,
        () -> far.observe().with(Standing.STREAMING).size() == 2,
        far::situation);
  }

  private static void arrives(Cluster main, Cluster far, String word) {
    arrives(main, far, far.hosts(), word);
  }

  private static void arrives(Cluster main, Cluster far, List<Host> hosts, String word) {
    assertThat(sql(main, main.primary(), "INSERT INTO told VALUES ('" + word + "')")).isEmpty();
    arrives(far, hosts, word);
  }

  private static void arrives(Cluster far, List<Host> hosts, String word) {
    for (Host host : hosts) {
      Await.until(
          word + " arrives at " + host,
          SOON,
          () -> sql(far, host, "SELECT what FROM told WHERE what = '" + word + "'").equals(word),
          far::situation);
    }
  }
}
