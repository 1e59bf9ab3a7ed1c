package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long writes stay away, as a client sees it. Five runs each, on one cluster. Timings: run by
 * {@code bench/recovery}, not by CI.
 */
@Tag("root")
@Tag("bench")
class RecoveryTimeTest {
  private static final int RUNS = 5;

  @Test
  @Promise("P106")
  void aKilledPostmasterCostsLessThanTwoSeconds() {
    List<Duration> gaps = gaps(new Fault.PostmasterKill(), 30, Duration.ZERO);
    assertThat(gaps.get(RUNS / 2)).as("median of %s", gaps).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  @Promise("P106")
  void aCrashedNodeCostsLessThanThirtySeconds() {
    List<Duration> gaps = gaps(new Fault.NodeCrash(), 30, Duration.ofSeconds(30));
    assertThat(gaps.getLast()).as("longest of %s", gaps).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  @Promise("P196")
  void aCrashedNodeCostsLessThanFiveSecondsWhereThatIsAskedFor() {
    List<Duration> gaps = gaps(new Fault.NodeCrash(), 5, Duration.ofSeconds(5));
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

  /** Ten runs, in half of them the leader of etcd is on the victim. */
  private static void withinFourSeconds(Fault fault) {
    List<Duration> gaps = new ArrayList<>();
    try (Product product = Product.serving("pg_conf: crit.yml", "pg_rto: 30")) {
      Cluster cluster = product.cluster();
      for (int run = 1; run <= 2 * RUNS; run++) {
        cluster.awaitSettled(Duration.ofMinutes(2));
        Host victim = cluster.primary();
        boolean together = run % 2 == 0;
        EtcdLeader.moveTo(cluster, together ? victim : cluster.replicas().getFirst());
        Outcome outcome =
            Scenario.of(fault).holding(Duration.ofSeconds(10)).run(cluster, "zero" + run);
        System.out.println((together ? "with etcd's leader, " : "") + outcome.line());
        assertThat(outcome.faults(true)).as(outcome.line()).isEmpty();
        gaps.add(outcome.gap());
      }
    }
    List<Duration> sorted = gaps.stream().sorted().toList();
    assertThat(sorted.get(RUNS)).as("median of %s", gaps).isLessThan(Duration.ofSeconds(4));
    assertThat(sorted.getLast()).as("longest of %s", gaps).isLessThan(Duration.ofSeconds(5));
  }

  /** Ascending. */
  private static List<Duration> gaps(Fault fault, int recoveryTime, Duration hold) {
    List<Duration> gaps = new ArrayList<>();
    try (Product product = Product.serving("pg_rto: " + recoveryTime)) {
      for (int run = 1; run <= RUNS; run++) {
        Outcome outcome =
            Scenario.of(fault).holding(hold).run(product.cluster(), fault.title() + run);
        System.out.println(outcome.line());
        assertThat(outcome.faults(false)).as(outcome.line()).isEmpty();
        gaps.add(outcome.gap());
      }
    }
    return gaps.stream().sorted().toList();
  }
}
