package dev.matriarch.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.sim.Fault.Kind;
import dev.matriarch.engine.sim.Simulation.Options;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A standby cluster that led itself loses its leader for good: it must have another. */
class SitesTest {
  private static final Settings FOLLOWING =
      Settings.DEFAULT.toBuilder().source(Optional.of(Outside.SOURCE)).build();

  private static Fault at(int seconds, Kind kind, int lasts) {
    return new Fault(
        Duration.ofSeconds(seconds), kind, Fault.LEADER, -1, Duration.ofSeconds(lasts));
  }

  /** Nobody is barred, no timeline is begun twice, and nobody waits for a human. */
  private static void recovers(Fault... faults) {
    Setup setup =
        new Setup(
            Collections.nCopies(3, Tags.NONE),
            FOLLOWING,
            true,
            Weather.FAIR,
            List.of(faults),
            Duration.ofSeconds(100));
    for (long seed = 1; seed <= 20; seed++) {
      Report report = Simulation.run(seed, setup, Options.standard());
      assertThat(report.breach()).as("seed %d", seed).isEmpty();
      assertThat(report.stranded()).as("seed %d left to a human", seed).isFalse();
      assertThat(report.twins()).as("seed %d ended early", seed).isFalse();
    }
  }

  @Test
  @Promise({"P193", "P198"})
  void afterItWasTriedOut() {
    recovers(at(20, Kind.TRY_OUT, 15), at(60, Kind.NODE_LOST, 1));
  }

  @Test
  @Promise({"P193", "P198"})
  void afterItWasTriedOutAndIsTriedOutAgain() {
    recovers(at(15, Kind.TRY_OUT, 10), at(45, Kind.NODE_LOST, 1), at(70, Kind.TRY_OUT, 10));
  }

  @Test
  @Promise("P193")
  void afterTheSitesChangedPlacesTwice() {
    recovers(at(20, Kind.SWAP_SITES, 20), at(65, Kind.NODE_LOST, 1));
  }

  /** Whoever leads then has what the server outside has not, and runs. */
  @Test
  @Promise({"P193", "P198"})
  void whileItGoesBack() {
    recovers(at(20, Kind.TRY_OUT, 15), at(33, Kind.NODE_LOST, 1));
    recovers(at(20, Kind.TRY_OUT, 15), at(35, Kind.NODE_LOST, 1));
    recovers(at(20, Kind.TRY_OUT, 15), at(37, Kind.NODE_LOST, 1));
  }
}
