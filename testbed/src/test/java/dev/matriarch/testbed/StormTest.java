package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random faults for a long time in zero-loss mode. Run by {@code bench/storm}, not by CI; {@code
 * storm.minutes} and {@code storm.seed} say how long and which. The faults drawn are the same for
 * one seed, what the cluster makes of them is not.
 */
@Tag("root")
@Tag("soak")
class StormTest {
  private static final Duration LENGTH =
      Duration.ofMinutes(Integer.getInteger("storm.minutes", 30));
  private static final int SEED = Integer.getInteger("storm.seed", 1);
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final Duration SETTLE = Duration.ofMinutes(3);

  @Test
  void threeNodesLoseNothing() {
    losesNothing(3);
  }

  @Test
  void fiveNodesLoseNothing() {
    losesNothing(5);
  }

  private static void losesNothing(int nodes) {
    ClusterPlan plan =
        ClusterPlan.pgTest(Product.launcher(), nodes, "pg_conf: crit.yml", "pg_rto: 10");
    try (Product product = Product.servingWith(plan)) {
      System.out.println(nodes + " nodes, seed " + SEED + ", " + LENGTH);
      List<Storm.Round> rounds =
          new Storm(LENGTH, LONGEST, SETTLE)
              .run(product.cluster(), new Random(SEED), round -> System.out.println(round.line()));
      assertThat(rounds).isNotEmpty().allSatisfy(round -> assertThat(round.wrong()).isEmpty());
    }
  }
}
