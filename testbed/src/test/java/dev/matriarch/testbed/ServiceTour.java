package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Once around the services of a settled cluster of three, as their operator sees them. */
final class ServiceTour {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration RESTART = Duration.ofSeconds(1);
  private static final String LATE =
      "    pg_services: [{ name: late, port: 5999, dest: postgres, check: /read-only }]\n";

  private final Cluster cluster;
  private final Path inventory;

  ServiceTour(Product product) {
    this.cluster = product.cluster();
    this.inventory = product.folder().resolve("matriarch.yml");
  }

  void walk() {
    everyServiceIsToldAndChecked();
    poolersReachTheirServersBySocket();
    aServiceComesAndGoesAndNoSessionEnds();
    whatIsKilledIsThereAgain(Role.HAPROXY);
    whatIsKilledIsThereAgain(Role.PGBOUNCER);
    withoutAPoolerServersAreReachedDirectly();
    withoutReplicasThePrimaryTakesTheReads();
  }

  /** No virtual address and no name in DNS is needed for that: this cluster has none. */
  private void everyServiceIsToldAndChecked() {
    assertThat(cluster.plan().inventory()).doesNotContain("pg_vip", "pg_dns", "infra");
    Await.until("each service leads somewhere", SOON, () -> service("check").exitCode() == 0);
    String primary = cluster.instance(cluster.primary());
    assertThat(service("check").output())
        .containsPattern("primary +\\| 10.10.10.12:5433 +\\| " + primary + ", a primary +\\| ok")
        .containsPattern("replica +\\| 10.10.10.11:5434 +\\| pg-test-[123], a standby +\\| ok");
    assertThat(service("list").output())
        .containsPattern("primary +\\| 5433 +\\| all hosts +\\| " + primary + " +\\| ")
        .contains(primary + ": answers /primary; ")
        .contains(": says no to /primary");
    assertThat(service("show", "--service", "replica").output())
        .contains("pg-test-replica: port 5434, to pgbouncer, check /read-only, roundrobin")
        .contains("answers /read-only, and stands by as a backup")
        .contains("primary, running");
  }

  /** The session is one of the pooler, the new service one of HAProxy's. */
  private void aServiceComesAndGoesAndNoSessionEnds() {
    Host host = cluster.hosts().getFirst();
    Endpoint.Tcp late = new Endpoint.Tcp(host.address(), 5999);
    String declared = read(inventory);
    try (Session before = session(Service.PRIMARY.on(List.of(host)).getFirst())) {
      write(inventory, declared.replace("  vars:\n", "  vars:\n" + LATE));
      assertThat(reload(host)).contains("haproxy.cfg: HAProxy goes by it", "patroni.yml: ");
      try (Session during = session(late)) {
        assertThat(service("list", "-s", "late").output())
            .containsPattern("late +\\| 5999 +\\| " + cluster.instance(host) + " +\\| pg-test-")
            .contains("its files are older than the inventory");
        write(inventory, declared);
        assertThat(reload(host)).contains("haproxy.cfg: HAProxy goes by it");
        assertThat(reload(host)).isEqualTo("nothing has changed");
        during.goesOn();
      }
      before.goesOn();
      assertThat(cluster.client().call(() -> answers(late))).isFalse();
    } finally {
      write(inventory, declared);
    }
  }

  private Launch node(String verb, Path declared, Host host) {
    return Launch.of(
        Product.launcher().toString(),
        "node",
        verb,
        "--inventory",
        declared.toString(),
        "--node",
        host.address(),
        "--root",
        cluster.folder(host).toString());
  }

  /** A server knows no address of a client that came through its Unix socket. */
  private void poolersReachTheirServersBySocket() {
    String where = "SELECT coalesce(host(inet_client_addr()), 'socket')";
    for (Service service : List.of(Service.PRIMARY, Service.REPLICA)) {
      for (Endpoint.Tcp endpoint : service.on(cluster.hosts())) {
        try (Session pooled = session(endpoint)) {
          assertThat(pooled.value(where)).as(endpoint.toString()).isEqualTo("socket");
        }
      }
    }
    try (Session direct = session(Service.DEFAULT.on(cluster.hosts()).getFirst())) {
      assertThat(direct.value(where)).isNotEqualTo("socket");
    }
  }

  /** Without its file it cannot be started again. */
  private void withoutAPoolerServersAreReachedDirectly() {
    Host host = cluster.primary();
    Path file = cluster.folder(host).resolve("conf/pgbouncer.ini");
    Path aside = file.resolveSibling("aside.ini");
    List<Endpoint.Tcp> direct =
        List.of(
            new Endpoint.Tcp(host.address(), 5432),
            new Endpoint.Tcp(host.address(), Service.DEFAULT.port()));
    try (Session before = session(direct.getLast())) {
      move(file, aside);
      assertThat(host.signal(Role.PGBOUNCER, Signal.KILL)).isPositive();
      assertThat(cluster.client().call(() -> answers(new Endpoint.Tcp(host.address(), 6432))))
          .isFalse();
      assertThat(direct).allMatch(way -> cluster.client().call(() -> answers(way)));
      before.goesOn();
    } finally {
      move(aside, file);
    }
    Await.until("each service leads somewhere", SOON, () -> service("check").exitCode() == 0);
  }

  private void whatIsKilledIsThereAgain(Role role) {
    Host host = cluster.hosts().getFirst();
    List<Long> before = host.pids(role);
    long begun = System.nanoTime();
    assertThat(host.signal(role, Signal.KILL)).isPositive();
    Await.until(
        role + " runs again",
        SOON,
        () -> host.pids(role).stream().anyMatch(pid -> !before.contains(pid)));
    Duration away = Duration.ofNanos(System.nanoTime() - begun);
    System.out.println(role + " was away for " + away.toMillis() + " ms");
    assertThat(away).isLessThan(RESTART);
    Await.until("each service leads somewhere", SOON, () -> service("check").exitCode() == 0);
  }

  private void withoutReplicasThePrimaryTakesTheReads() {
    Host primary = cluster.primary();
    String name = cluster.instance(primary);
    Agents.configure(cluster.client(), primary, "{\"pause\":true}");
    cluster.replicas().forEach(host -> Agents.stopServer(cluster, host));
    Await.until(
        "reads on " + name,
        SOON,
        () ->
            service("list", "-s", "replica")
                .output()
                .matches("(?s).*all hosts +\\| " + name + " +\\|.*none of the others is up.*"),
        () -> service("show", "-s", "replica").output());
    try (Session reads = session(Service.REPLICA.on(cluster.hosts()).getLast())) {
      reads.goesOn();
    }
    Shell.Result checked = service("check");
    assertThat(checked.exitCode()).isOne();
    assertThat(checked.output())
        .contains("problem: 10.10.10.11:5438 (offline) answers nobody")
        .containsPattern("replica +\\| 10.10.10.11:5434 +\\| " + name + ", a primary +\\| ok");
    Agents.configure(cluster.client(), primary, "{\"pause\":null}");
    cluster.awaitSettled(SOON);
  }

  private Shell.Result service(String verb, String... arguments) {
    List<String> line =
        new ArrayList<>(List.of(Product.launcher().toString(), "service", verb, "pg-test"));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--inventory", inventory.toString()));
    return cluster.client().run(Launch.of(line), SOON);
  }

  private String reload(Host host) {
    return host.run(node("reload", inventory, host)).strip();
  }

  private Session session(Endpoint endpoint) {
    return cluster
        .client()
        .call(() -> new Session(cluster.plan().application().connect(endpoint, SOON)));
  }

  private boolean answers(Endpoint endpoint) {
    try (Connection connection = cluster.plan().application().connect(endpoint, SOON)) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** A client that stays connected. */
  private record Session(Connection connection) implements AutoCloseable {
    void goesOn() {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT 1");
      } catch (SQLException e) {
        throw new AssertionError("the session has ended", e);
      }
    }

    String value(String query) {
      try (Statement statement = connection.createStatement();
          ResultSet answer = statement.executeQuery(query)) {
        return answer.next() ? answer.getString(1) : "";
      } catch (SQLException e) {
        throw new AssertionError("the session has ended", e);
      }
    }

    @Override
    public void close() {
      try {
        connection.close();
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
