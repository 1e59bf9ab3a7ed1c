package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Planned moves of the primary, as pooled clients see them: not at all. */
@Tag("root")
@Tag("e2e")
class HandoverTest {
  private static final int MOVES = 4;

  @Test
  @Promise({"P111", "P171"})
  void noClientNoticesASwitchoverButThatItWaits() {
    try (Product product = Product.serving()) {
      Cluster cluster = product.cluster();
      for (int move = 1; move <= MOVES; move++) {
        Outcome outcome = Scenario.of(new Fault.Switchover()).run(cluster, "move" + move);
        System.out.println(outcome.line());
        assertThat(outcome.faults(true)).as(outcome.line()).isEmpty();
        assertThat(outcome.writer().errors()).as(outcome.line()).isEmpty();
        cluster.awaitSettled(Duration.ofMinutes(2));
      }
    }
  }
}
