package dev.matriarch.engine.sim;

import static dev.matriarch.engine.sim.Given.fault;
import static dev.matriarch.engine.sim.Given.holds;
import static dev.matriarch.engine.sim.Given.setup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Rule;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Undoing;
import dev.matriarch.engine.sim.Fault.Kind;
import dev.matriarch.engine.sim.Simulation.Options;
import dev.matriarch.promises.Promise;
import java.time.Duration;
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

  /**
   * A member was cut off from etcd when the leader of a standby cluster was lost, and another
   * followed the server outside to its new timeline. It still waited for WAL from who was gone,
   * passed for diverged, and was left to an operator where nothing may be undone (seeds 40015764
   * and 40021094).
   */
  @Test
  @Promise({"P193", "P194"})
  void aMemberThatHearsLateWhoLeadsAStandbyCluster() {
    Settings settings =
        Choices.timed(Settings.DEFAULT.toBuilder(), 10)
            .source(Optional.of(Outside.SOURCE))
            .undoing(new Undoing(false, false, false))
            .build();
    for (int member = 0; member < 3; member++) {
      holds(
          3,
          setup(
              3,
              settings,
              90_000,
              fault(20_000, Kind.SWAP_SITES, 0, 6_000),
              fault(26_500, Kind.NODE_LOST, Fault.LEADER, 1),
              fault(26_600, Kind.CUT_STORE, member, 50_000)));
    }
  }

  /**
   * The leader of a standby cluster that was to lead itself was cut off before its new timeline was
   * recorded; another began and recorded one of that number; and the server outside went on from
   * the first. A member on the second streamed from the leader, which followed outside (seed
   * 40043780). Which timeline it is no number tells, so that ends a run as two of one number do
   * that meet without a leader between them.
   */
  @Test
  void theServerOutsideGoesOnFromATimelineThatWasNeverRecorded() {
    Settings settings =
        Choices.timed(Settings.DEFAULT.toBuilder(), 30)
            .source(Optional.of(Outside.SOURCE))
            .failsafe(true)
            .build();
    for (int member = 0; member < 3; member++) {
      holds(
          5,
          setup(
              3,
              settings,
              40_500,
              fault(20_000, Kind.MUTE, Fault.LEADER, 29_500),
              fault(24_600, Kind.SWAP_SITES, 0, 16_000),
              fault(27_500, Kind.MUTE, member, 13_800)));
    }
  }

  /**
   * Another cluster's data came in the place of the leader's, and junk into the key that tells
   * whose is right, and the leader's agent was started anew: it took writes into that data, and
   * recorded it (seed 40057704).
   */
  @Test
  @Promise("P104")
  void foreignDataWhereJunkHidesWhoseIsRight() {
    int initialize = 1;
    Fault junk =
        new Fault(Duration.ofSeconds(28), Kind.JUNK_KEY, -1, initialize, Duration.ofMillis(1));
    for (long seed = 1; seed <= 10; seed++) {
      Fault foreign = fault(21_000, Kind.FOREIGN_DATA, Fault.LEADER, 15_000);
      Report report =
          Simulation.run(
              seed, setup(2, Settings.DEFAULT, 60_000, foreign, junk), Options.standard());
      assertThat(report.breach()).isEmpty();
      assertThat(report.stranded()).as("seed %d left to a human", seed).isFalse();
    }
  }

  /**
   * A promotion hung with its disk, its agent died, and another led before it ended: a second
   * timeline of that number, which acknowledges nothing and is copied anew (seeds 40028692 and
   * 40083658).
   */
  @Test
  @Promise({"P104", "P171"})
  void aPromotionThatEndsWhenAnotherHasLed() {
    Settings settings = Choices.timed(Settings.DEFAULT.toBuilder(), 10).build();
    for (int seconds = 2; seconds <= 20; seconds++) {
      Fault hang =
          new Fault(
              Duration.ofSeconds(25),
              Kind.DISK_HANG,
              Fault.LEADER,
              -1,
              Duration.ofSeconds(seconds),
              Optional.of(Rule.PROMOTE));
      Fault crash =
          new Fault(
              Duration.ofSeconds(25),
              Kind.AGENT_CRASH,
              Fault.LEADER,
              -1,
              Duration.ofSeconds(9),
              Optional.of(Rule.PROMOTE));
      holds(
          3,
          setup(
              3,
              settings,
              70_000,
              hang,
              crash,
              fault(26_000, Kind.NODE_CRASH, Fault.LEADER, 30_000)));
    }
  }
}
