package dev.matriarch.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Rule;
import dev.matriarch.engine.sim.Simulation.Options;
import dev.matriarch.promises.Promise;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Leaders in strict quorum mode are replaced before their lease ends, and nothing is lost. */
class RevocationSimulationTest {
  private static final int SEEDS = Integer.getInteger("revocation.seeds", 250);

  @Test
  @Promise({"P201", "P202"})
  void whateverIsCutNoAcknowledgedWriteIsLostAndNoTwoAcknowledge() {
    List<String> bad = new ArrayList<>();
    Map<Rule, Long> fired = new EnumMap<>(Rule.class);
    for (long seed = 1; seed <= SEEDS; seed++) {
      Report report = RevocationSwarm.run(seed, Options.standard());
      long failing = seed;
      report.breach().ifPresent(breach -> bad.add("seed " + failing + ": " + breach));
      report.fired().forEach((rule, times) -> fired.merge(rule, times, Long::sum));
    }
    System.out.println(SEEDS + " seeds: " + fired);
    assertThat(bad).isEmpty();
    assertThat(fired)
        .containsKeys(
            Rule.REVOKED_IN_ERROR,
            Rule.WITHDRAW,
            Rule.PROMISE,
            Rule.SOUND_OUT,
            Rule.REVOKE,
            Rule.AWAIT_PROMISES,
            Rule.TAKE_OVER,
            Rule.KEEP_PROMISE);
  }
}
