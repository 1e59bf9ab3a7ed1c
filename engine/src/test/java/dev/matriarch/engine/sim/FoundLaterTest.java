package dev.matriarch.engine.sim;

import static dev.matriarch.engine.sim.Given.fault;
import static dev.matriarch.engine.sim.Given.holds;
import static dev.matriarch.engine.sim.Given.setup;

import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.sim.Fault.Kind;
import dev.matriarch.promises.Promise;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What simulations found wrong once lost data and standby clusters were among the faults. */
class FoundLaterTest {
  /**
   * The first primary did not hear that its cluster was recorded, and lost its data: it made a
   * second cluster by an old view of etcd.
   */
  @Test
  @Promise("P109")
  void aFirstPrimaryThatLosesItsDataBeforeItHearsThatItIsRecorded() {
    Synchrony strict = new Synchrony(Synchrony.Mode.QUORUM, true, 2, -1);
    Settings settings = Choices.timed(Settings.DEFAULT.toBuilder(), 10).synchrony(strict).build();
    for (long at = 400; at <= 1_600; at += 100) {
      holds(
          10,
          setup(
              2,
              settings,
              10_500,
              fault(at, Kind.CUT_STORE_ANSWERS, 0, 9_700),
              fault(at, Kind.CUT_STORE_ANSWERS, 1, 9_700),
              fault(8_600, Kind.DATA_LOST, Fault.LEADER, 1)));
    }
  }

  /** The data had been copied from the server outside, and who did it died before it said so. */
  @Test
  @Promise({"P193", "P194"})
  void aStandbyClusterWhoseFirstCopyWasNeverRecorded() {
    Settings settings =
        Choices.timed(Settings.DEFAULT.toBuilder(), 10).source(Optional.of(Outside.SOURCE)).build();
    for (long at = 1_000; at <= 6_000; at += 100) {
      holds(2, setup(1, settings, 40_000, fault(at, Kind.AGENT_CRASH, 0, 25_000)));
    }
  }
}
