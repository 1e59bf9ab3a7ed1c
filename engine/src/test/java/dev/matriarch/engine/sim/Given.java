package dev.matriarch.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.sim.Fault.Kind;
import dev.matriarch.engine.sim.Simulation.Options;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** Setups given by hand, in fair weather: the plainest ones that show what was found. */
final class Given {
  private Given() {}

  static Setup setup(int members, Settings settings, long trouble, Fault... faults) {
    return new Setup(
        Collections.nCopies(members, Tags.NONE),
        settings,
        true,
        Weather.FAIR,
        List.of(faults),
        Duration.ofMillis(trouble));
  }

  static Fault fault(long at, Kind kind, int member, long lasts) {
    return new Fault(Duration.ofMillis(at), kind, member, -1, Duration.ofMillis(lasts));
  }

  static void holds(long seeds, Setup setup) {
    for (long seed = 1; seed <= seeds; seed++) {
      assertThat(Simulation.run(seed, setup, Options.standard()).breach())
          .as("seed %d, %s", seed, setup.faults())
          .isEmpty();
    }
  }
}
