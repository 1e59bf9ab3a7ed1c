package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The ways to lay out a cluster that the handbook names, each with its table of failures carried
 * out. Three nodes are {@link MainJobTest}'s, the standby cluster far away has a test of its own.
 */
@Tag("root")
@Tag("e2e")
class DeploymentModesTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String RTO = "pg_rto: 10";

  @Test
  @Promise("P187")
  void fiveNodesSurviveTwoAndAreStoppedByThree() throws SQLException {
    try (Product product = serving(ClusterPlan.pgTest(Product.launcher(), 5, RTO))) {
      Cluster cluster = product.cluster();
      List<Host> lost = List.of(cluster.primary(), cluster.replicas().getFirst());
      crash(lost);
      awaitWrites(cluster, without(cluster, lost));
      revive(cluster, lost);
      cluster.awaitSettled(SOON);

      Host primary = cluster.primary();
      List<Host> most = cluster.replicas().subList(0, 3);
      crash(most);
      // It has neither etcd nor the word of all: it must not go on.
      Await.until(
          "the end of " + primary + " as primary",
          SOON,
          () -> cluster.observe().primaries().isEmpty(),
          cluster::situation);
      revive(cluster, most);
      awaitWrites(cluster, cluster.hosts());
    }
  }

  @Test
  @Promise("P188")
  void twoNodesGoOnWithoutTheReplicaAndWaitForAHumanWithoutThePrimary() throws SQLException {
    try (Product product = serving(ClusterPlan.pgTest(Product.launcher(), 2, RTO))) {
      Cluster cluster = product.cluster();
      Host primary = cluster.primary();
      Host replica = cluster.replicas().getFirst();
      replica.crash();
      awaitWrites(cluster, List.of(primary));
      revive(cluster, List.of(replica));
      cluster.awaitSettled(SOON);

      // etcd is on the first node alone: nobody can prove that the primary is gone.
      primary.crash();
      Await.until(
          "the agent of " + replica + " says why it waits",
          SOON,
          () -> Observer.logs(cluster.folder(replica)).contains("for etcd"),
          cluster::situation);
      assertThat(cluster.observe().primaries()).isEmpty();
      assertThat(Observer.ask(replica, cluster.socket(replica)).standing())
          .as("it goes on answering queries")
          .isIn(MemberView.Standing.WAITING, MemberView.Standing.STREAMING);
      revive(cluster, List.of(primary));
      awaitWrites(cluster, cluster.hosts());
    }
  }

  @Test
  @Promise("P189")
  void anArbiterLetsTwoNodesFailOver() throws SQLException {
    ClusterPlan plan = ClusterPlan.pgTest(Product.launcher(), 2, RTO).withArbiter();
    try (Product product = serving(plan)) {
      Cluster cluster = product.cluster();
      loseOneAfterAnother(cluster, List.of(cluster.arbiters(), List.of(cluster.primary())));
    }
  }

  /**
   * Commits wait for the replica, so it is known to have them all: it leads. What it then took
   * alone only it has: after an outage of all hosts the other waits for it.
   */
  @Test
  @Promise({"P109", "P189", "P201"})
  void twoNodesThatLoseNothingFailOver() throws SQLException {
    ClusterPlan plan = ClusterPlan.pgTest(Product.launcher(), 2, RTO, "pg_rpo: 0").withArbiter();
    try (Product product = serving(plan)) {
      Cluster cluster = product.cluster();
      Host primary = cluster.primary();
      Host replica = cluster.replicas().getFirst();
      Await.until(
          replica + " is recorded as synchronous",
          SOON,
          () -> Observer.logs(cluster.folder(primary)).contains("quorum=0, voters=[pg-test-2]"),
          cluster::situation);
      crash(List.of(primary));
      awaitWrites(cluster, List.of(replica));
      assertThat(cluster.primary()).as("the lead went over").isEqualTo(replica);
      long written = written(cluster, replica);

      crash(List.of(replica));
      crash(cluster.arbiters());
      revive(cluster, cluster.arbiters());
      revive(cluster, List.of(primary));
      String awaited = "a leader must tell what to undo, and pg-test-2 led last";
      Await.until(
          "the agent of " + primary + " says for whom it waits",
          SOON,
          () -> Observer.logs(cluster.folder(primary)).contains(awaited),
          cluster::situation);
      assertThat(cluster.observe().primaries()).isEmpty();
      revive(cluster, List.of(replica));
      cluster.awaitSettled(SOON);
      assertThat(cluster.primary()).isEqualTo(replica);
      assertThat(written(cluster, primary)).isEqualTo(written);
    }
  }

  /** Commits do not wait for the replica, and it is to lead only with all of them. */
  @Test
  @Promise("P109")
  void twoNodesWithConsistencyWaitForThePrimaryOrAHuman() throws SQLException {
    ClusterPlan plan =
        ClusterPlan.pgTest(Product.launcher(), 2, RTO, "pg_two_node_policy: consistency")
            .withArbiter();
    try (Product product = serving(plan)) {
      Cluster cluster = product.cluster();
      Host primary = cluster.primary();
      Host replica = cluster.replicas().getFirst();
      primary.crash();
      Await.until(
          "the agent of " + replica + " says why it does not lead",
          SOON,
          () -> Observer.logs(cluster.folder(replica)).contains("two_node_policy consistency"),
          cluster::situation);
      assertThat(cluster.observe().primaries()).isEmpty();
      revive(cluster, List.of(primary));
      awaitWrites(cluster, cluster.hosts());
      assertThat(cluster.primary()).as("who led last leads again").isEqualTo(primary);
    }
  }

  @Test
  @Promise("P191")
  void twoDatacentresWithAnArbiterSurviveTheLossOfAnyOfTheThree() throws SQLException {
    ClusterPlan plan = ClusterPlan.pgTest(Product.launcher(), 4, RTO).withArbiter();
    try (Product product = serving(plan)) {
      Cluster cluster = product.cluster();
      List<Host> here = cluster.hosts().subList(0, 2);
      List<Host> there = cluster.hosts().subList(2, 4);
      assertThat(here.getFirst()).isEqualTo(cluster.primary());
      // Without the arbiter one node more may be lost.
      List<Host> arbiterAndOne = List.of(cluster.arbiters().getFirst(), here.getLast());
      loseOneAfterAnother(cluster, List.of(arbiterAndOne, there, here));
      assertThat(there).as("the lead went over").contains(cluster.primary());
    }
  }

  private static void loseOneAfterAnother(Cluster cluster, List<List<Host>> groups)
      throws SQLException {
    for (List<Host> lost : groups) {
      crash(lost);
      awaitWrites(cluster, without(cluster, lost));
      revive(cluster, lost);
      cluster.awaitSettled(SOON);
    }
  }

  private static Product serving(ClusterPlan plan) {
    Product product = Product.layWith(plan);
    try {
      Cluster cluster = product.cluster();
      cluster.start();
      cluster.awaitSettled(Product.START);
      awaitWrites(cluster, cluster.hosts());
      return product;
    } catch (RuntimeException e) {
      product.close();
      throw e;
    }
  }

  private static List<Host> without(Cluster cluster, List<Host> lost) {
    return cluster.hosts().stream().filter(host -> !lost.contains(host)).toList();
  }

  private static void crash(List<Host> hosts) {
    hosts.forEach(Host::crash);
  }

  private static void revive(Cluster cluster, List<Host> hosts) {
    for (Host host : hosts) {
      host.revive();
      cluster.start(host);
    }
  }

  /** A client writes through the primary service of each of these hosts. */
  private static void awaitWrites(Cluster cluster, List<Host> hosts) {
    Await.until(
        "writes through " + hosts,
        SOON,
        () -> refusals(cluster, hosts).isEmpty(),
        () -> refusals(cluster, hosts) + "\n" + cluster.situation());
  }

  private static long written(Cluster cluster, Host host) throws SQLException {
    try (Connection connection =
            cluster.plan().application().connect(cluster.socket(host), Duration.ofSeconds(5));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM written")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<String> refusals(Cluster cluster, List<Host> hosts) {
    return cluster
        .client()
        .call(
            () -> {
              List<String> refusals = new ArrayList<>();
              for (Host host : hosts) {
                refusal(cluster, host).ifPresent(refusals::add);
              }
              return refusals;
            });
  }

  private static Optional<String> refusal(Cluster cluster, Host host) {
    Endpoint service = new Endpoint.Tcp(host.address(), 5433);
    try (Connection connection =
            cluster.plan().application().connect(service, Duration.ofSeconds(2));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS written (at timestamptz)");
      statement.execute("INSERT INTO written VALUES (now())");
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(host + ": " + Failures.firstLine(e));
    }
  }
}
