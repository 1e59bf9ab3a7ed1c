package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Scenarios end to end on real servers that nobody manages: what the clients and the watch say of a
 * cluster must be true before it can be said of the product.
 */
@Tag("root")
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScenarioTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(30);

  private Path folder;
  private Network network;
  private Cluster cluster;

  @BeforeAll
  void start() throws Exception {
    folder = Folders.make("mtc");
    network = Network.open(folder.resolve("logs"));
    Path launcher =
        Path.of(Objects.requireNonNull(getClass().getResource("/stand-in-node.sh")).toURI());
    launcher.toFile().setExecutable(true);
    cluster = new Cluster(network, ClusterPlan.pgTest(launcher), folder);
    cluster.start();
    cluster.awaitServing(START);
    cluster.awaitSettled(START);
    Scenario.prepare(cluster);
  }

  @AfterAll
  void stop() throws Exception {
    network.close();
    Folders.remove(folder);
  }

  @Test
  void aClusterIsSeenAsItIs() {
    assertThat(cluster.primary().address()).isEqualTo("10.10.10.11");
    assertThat(cluster.replicas()).extracting(Host::name).containsExactly("n2", "n3");
    assertThat(cluster.observe().members())
        .extracting(MemberView::timeline)
        .containsExactly(1, 1, 1);
    assertThat(cluster.silentServices()).isEmpty();
    for (Host host : cluster.hosts()) {
      assertThat(host.pids(Role.POSTMASTER)).hasSize(1);
      assertThat(host.pids(Role.ETCD)).hasSize(1);
      assertThat(host.pids(Role.HAPROXY)).isNotEmpty();
    }
  }

  @Test
  void aPostmasterKilledAndRestartedIsAPauseWithoutLoss() throws Exception {
    Outcome outcome = Scenario.of(new Fault.PostmasterKill()).run(cluster, "postmaster");
    assertThat(outcome.faults(true)).as(outcome.line()).isEmpty();
    System.out.println(outcome.line());
    assertThat(outcome.gap()).isPositive();
    assertThat(outcome.watched().writers()).containsExactly("n1");
    try (var connection = cluster.connectToPrimary()) {
      assertThat(Pgbench.balanced(connection)).isTrue();
    }
  }

  @Test
  void aReplicaKilledAndEtcdKilledLeaveTheLeaderAlone() {
    for (Fault fault : List.of(new Fault.ReplicaKill(), new Fault.EtcdOneKill())) {
      Outcome outcome = Scenario.of(fault).run(cluster, fault.title());
      System.out.println(outcome.line());
      assertThat(outcome.faults(true)).as(outcome.line()).isEmpty();
    }
    Await.until(
        "etcd is back",
        SOON,
        () -> cluster.hosts().stream().allMatch(host -> host.pids(Role.ETCD).size() == 1));
  }

  @Test
  void aCrashedNodeThatLeadsAgainIsNotWhatWasExpected() {
    Scenario patient = Scenario.of(new Fault.EtcdTwoKill()).holding(Duration.ofSeconds(2));
    assertThat(patient.run(cluster, "etcd").faults(true)).isEmpty();
    Fault crash = new Fault.NodeCrash();
    Host primary = cluster.primary();
    Fault.Applied applied = crash.apply(cluster);
    assertThat(cluster.observe().primary()).isEmpty();
    assertThat(primary.pids()).isEmpty();
    applied.heal();
    cluster.awaitServing(START);
    cluster.awaitSettled(START);
    Outcome outcome =
        new Outcome(
            crash,
            primary.name(),
            cluster.observe(),
            Duration.ZERO,
            new ClientLog(new Span(0, 0), List.of()),
            Duration.ZERO,
            new WatchReport(List.of()),
            Optional.empty(),
            Optional.empty());
    assertThat(outcome.faults(true))
        .containsExactly(
            "leader was n1 and is n1, expected: ANOTHER", "no one primary to ask for the rows");
  }
}
