package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Three real nodes under pgbench survive what kills their parts: after each fault one leader, all
 * streaming on one timeline, no acknowledged write lost in synchronous mode, never two writers.
 */
@Tag("root")
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MainJobTest {
  private static final Duration RECOVERY_TIME = Duration.ofSeconds(10);
  private static final Duration LONG = Fault.longerThanTheLease(RECOVERY_TIME);

  private static final Duration SOON = Duration.ofMinutes(1);

  /** Far above what is measured on a quiet machine: tells a blip from a failover. */
  private static final Duration UNDISTURBED = Duration.ofSeconds(5);

  private final AtomicInteger runs = new AtomicInteger();
  private Optional<Product> product = Optional.empty();
  private boolean settled;

  /** A cluster that a failed test left in pieces must not fail the next one as well. */
  @BeforeEach
  void haveASettledCluster() {
    if (!settled) {
      stop();
      product =
          Optional.of(Product.serving("pg_conf: crit.yml", "pg_rto: " + RECOVERY_TIME.toSeconds()));
    }
    settled = false;
  }

  @AfterAll
  void stop() {
    product.ifPresent(Product::close);
    product = Optional.empty();
  }

  @Test
  @Promise({"P68", "P109", "P169", "P170", "P201"})
  void postmasterKilled() throws Exception {
    survives(new Fault.PostmasterKill(), Duration.ZERO);
  }

  /**
   * With the numbered clients alone: three hosts share this one's processors, and with pgbench on
   * them an agent may start for longer than HAProxy's checks can wait within the lease.
   */
  @Test
  @Promise("P171")
  void agentKilledAndStartedAgain() throws Exception {
    Outcome outcome = survives(Scenario.of(new Fault.AgentKill()).alone(SOON).holding(LONG));
    assertThat(outcome.writer().errorsByReason()).as("no client notices").isEmpty();
  }

  @Test
  void agentFrozenForLongerThanTheLease() throws Exception {
    survives(new Fault.AgentFreeze(), LONG);
  }

  @Test
  @Tag("soak")
  void agentAndItsSupervisorFrozenForLongerThanTheLease() throws Exception {
    survives(new Fault.AgentAndSupervisorFreeze(), LONG);
  }

  @Test
  @Promise({"P68", "P104", "P105", "P109", "P122", "P166", "P167", "P175", "P186", "P201"})
  void primaryNodeCrashedAndBroughtBack() throws Exception {
    survives(new Fault.NodeCrash(), LONG);
  }

  @Test
  @Promise({"P109", "P181", "P182", "P201"})
  void primaryIsolatedAndHealed() throws Exception {
    survives(new Fault.NodeIsolate(), LONG);
  }

  @Test
  @Tag("soak")
  void oneEtcdMemberKilled() throws Exception {
    survives(new Fault.EtcdOneKill(), LONG);
  }

  @Test
  @Promise({"P172", "P180"})
  void allEtcdMembersFrozen() throws Exception {
    survives(new Fault.EtcdFreeze(), LONG);
  }

  @Test
  @Promise({"P172", "P181", "P182"})
  void twoEtcdMembersKilledAndThePrimaryIsolated() throws Exception {
    survives(new Fault.EtcdTwoKillAndIsolate(), LONG);
  }

  @Test
  @Promise({"P172", "P180"})
  void twoEtcdMembersKilled() throws Exception {
    survives(new Fault.EtcdTwoKill(), LONG);
  }

  @Test
  @Promise({"P108", "P175"})
  void replicaKilled() throws Exception {
    survives(new Fault.ReplicaKill(), Duration.ZERO);
  }

  @Test
  void switchover() throws Exception {
    survives(new Fault.Switchover(), Duration.ZERO);
  }

  private Outcome survives(Fault fault, Duration hold) throws SQLException {
    return survives(Scenario.of(fault).holding(hold));
  }

  private Outcome survives(Scenario scenario) throws SQLException {
    Cluster cluster = product.orElseThrow().cluster();
    Fault fault = scenario.fault();
    Outcome outcome = scenario.run(cluster, fault.title() + "-" + runs.incrementAndGet());
    System.out.println(outcome.line());
    assertThat(outcome.faults(true))
        .as("%s %s", outcome.line(), outcome.writer().errorsByReason())
        .isEmpty();
    if (fault.expected().writes() == Fault.Writes.GO_ON) {
      assertThat(outcome.gap()).as(outcome.line()).isLessThan(UNDISTURBED);
    }
    try (Connection connection = cluster.connectToPrimary()) {
      assertThat(Pgbench.balanced(connection)).as("the books of pgbench").isTrue();
    }
    settled = true;
    return outcome;
  }
}
