package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long writes stay away, as a client sees it. Ten runs each, on one cluster. Timings: run by
 * {@code bench/recovery}, not by CI.
 */
@Tag("root")
@Tag("bench")
class RecoveryTimeTest {
  private static final int RUNS = 10;

  @Test
  @Promise("P106")
  void aKilledPostmasterCostsLessThanTwoSeconds() {
    List<Duration> gaps = gaps(new Fault.PostmasterKill(), Duration.ZERO, false, "pg_rto: 30");
    assertThat(median(gaps)).as("median of %s", gaps).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  @Promise({"P106", "P164", "P168"})
  void aCrashedNodeCostsLessThanThirtySeconds() {
    List<Duration> gaps = gaps(new Fault.NodeCrash(), Duration.ofSeconds(30), false, "pg_rto: 30");
    assertThat(gaps.getLast()).as("longest of %s", gaps).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  @Promise("P106")
  void aKilledNodeCostsLessThanThirtySeconds() {
    List<Duration> gaps = gaps(new Fault.NodeKill(), Duration.ofSeconds(30), false, "pg_rto: 30");
    assertThat(gaps.getLast()).as("longest of %s", gaps).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  @Promise("P196")
  void aCrashedNodeCostsLessThanFiveSecondsWhereThatIsAskedFor() {
    List<Duration> gaps = gaps(new Fault.NodeCrash(), Duration.ofSeconds(5), false, "pg_rto: 5");
    assertThat(gaps.getLast()).as("longest of %s", gaps).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  @Promise({"P201", "P202"})
  void aNodePoweredOffInZeroLossModeCostsLessThanFiveSecondsAndNoWrite() {
    withinFourSeconds(new Fault.NodeCrash());
  }

  @Test
  @Promise({"P201", "P202"})
  void aNodeKilledInZeroLossModeCostsLessThanFiveSecondsAndNoWrite() {
    withinFourSeconds(new Fault.NodeKill());
  }

  private static void withinFourSeconds(Fault fault) {
    List<Duration> gaps =
        gaps(fault, Duration.ofSeconds(10), true, "pg_conf: crit.yml", "pg_rto: 30");
    assertThat(median(gaps)).as("median of %s", gaps).isLessThan(Duration.ofSeconds(4));
    assertThat(gaps.getLast()).as("longest of %s", gaps).isLessThan(Duration.ofSeconds(5));
  }

  private static Duration median(List<Duration> ascending) {
    return ascending.get(ascending.size() / 2);
  }

  /** Ten runs on one cluster, ascending; in half of them the leader of etcd is on the victim. */
  private static List<Duration> gaps(
      Fault fault, Duration hold, boolean zeroLoss, String... variables) {
    List<Duration> gaps = new ArrayList<>();
    try (Product product = Product.serving(variables)) {
      Cluster cluster = product.cluster();
      for (int run = 1; run <= RUNS; run++) {
        cluster.awaitSettled(Duration.ofMinutes(2));
        boolean together = run % 2 == 0;
        EtcdLeader.moveTo(cluster, together ? cluster.primary() : cluster.replicas().getFirst());
        Outcome outcome = Scenario.of(fault).holding(hold).run(cluster, fault.title() + run);
        System.out.println((together ? "with etcd's leader, " : "") + outcome.line());
        assertThat(outcome.faults(zeroLoss)).as(outcome.line()).isEmpty();
        gaps.add(outcome.gap());
      }
    }
    return gaps.stream().sorted().toList();
  }
}
