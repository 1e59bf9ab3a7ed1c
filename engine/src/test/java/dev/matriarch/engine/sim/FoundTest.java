package dev.matriarch.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.sim.Fault.Kind;
import dev.matriarch.engine.sim.Simulation.Options;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What simulations found wrong once, each as the plainest setup that shows it. */
class FoundTest {
  private static final Duration AT = Duration.ofSeconds(20);

  private static Setup three(Settings settings, Fault... faults) {
    return three(settings, true, faults);
  }

  private static Setup three(Settings settings, boolean guarded, Fault... faults) {
    return new Setup(
        Collections.nCopies(3, Tags.NONE),
        settings,
        guarded,
        Weather.FAIR,
        List.of(faults),
        Duration.ofSeconds(80));
  }

  private static void holds(long seeds, Setup setup) {
    for (long seed = 1; seed <= seeds; seed++) {
      assertThat(Simulation.run(seed, setup, Options.standard()).breach())
          .as("seed %d", seed)
          .isEmpty();
    }
  }

  /** The leader that is cut off still goes by the old, longer lease; candidates must too. */
  @Test
  @Promise("P181")
  void aLeaseShortenedWhileTheLeaderIsCutOff() {
    int tenSeconds = Choices.TTLS.indexOf(10);
    holds(
        20,
        three(
            Settings.DEFAULT,
            new Fault(AT, Kind.ISOLATE, Fault.LEADER, -1, Duration.ofSeconds(50)),
            new Fault(AT.plusMillis(500), Kind.CHANGE_TTL, 0, tenSeconds, Duration.ZERO)));
  }

  /**
   * etcd lets the key go by the old, shorter lease until the leader has renewed it as longer. It is
   * cut off in the moment between: it has heard of the new configuration, and etcd of nothing.
   * Where the kernel closes the ports no client sees that the leader goes on, so it does not here.
   */
  @Test
  @Promise("P181")
  void aLeaseLengthenedJustBeforeTheLeaderIsCutOff() {
    int sixtySeconds = Choices.TTLS.indexOf(60);
    for (int micros = 0; micros < 1_000; micros += 50) {
      Duration cut = AT.plusNanos(micros * 1_000L);
      holds(
          3,
          three(
              Choices.timed(Settings.DEFAULT.toBuilder(), 5).build(),
              false,
              new Fault(AT, Kind.CHANGE_TTL, 0, sixtySeconds, Duration.ZERO),
              new Fault(cut, Kind.ISOLATE, Fault.LEADER, -1, Duration.ofSeconds(50))));
    }
  }

  /**
   * A recovery that takes longer than {@code primary_start_timeout} was ended, and begun again, and
   * ended, while the lease went on.
   */
  @Test
  @Promise("P169")
  void aRecoveryThatTakesTooLongEndsInAFailover() {
    Weather slow =
        new Weather(
            Weather.FAIR.latency(),
            0,
            0,
            1,
            Duration.ofMinutes(10),
            Weather.FAIR.writes(),
            0,
            Weather.FAIR.jitter(),
            Weather.FAIR.flush(),
            0);
    Setup setup =
        new Setup(
            Collections.nCopies(3, Tags.NONE),
            Settings.DEFAULT,
            true,
            slow,
            List.of(new Fault(AT, Kind.SERVER_KILL, Fault.LEADER, -1, Duration.ZERO)),
            Duration.ofSeconds(80));
    int failedOver = 0;
    for (long seed = 1; seed <= 20; seed++) {
      Report report = Simulation.run(seed, setup, Options.standard());
      assertThat(report.breach()).isEmpty();
      failedOver += report.promotions();
    }
    assertThat(failedOver).as("but for recoveries that happen to be short").isBetween(15, 20);
  }

  /**
   * A voter that had promised the leader to wait took over all the same, gave the key back for its
   * promise's sake, and was from then on recorded as the one that has every commit, while the old
   * leader went on.
   */
  @Test
  @Promise({"P109", "P201"})
  void aRevocationByOneThatPromisedToWait() {
    Synchrony strict = new Synchrony(Synchrony.Mode.QUORUM, true, 1, -1);
    Settings settings =
        Choices.timed(Settings.DEFAULT.toBuilder(), 5).synchrony(strict).failsafe(true).build();
    Duration at = Duration.ofSeconds(40);
    for (int member = 0; member < 4; member++) {
      Setup setup =
          new Setup(
              Collections.nCopies(4, Tags.NONE),
              settings,
              true,
              Weather.FAIR,
              List.of(
                  new Fault(at, Kind.CUT_ONE_WAY, member, Fault.LEADER, Duration.ofMillis(3_900)),
                  new Fault(at, Kind.CUT_STORE, Fault.LEADER, -1, Duration.ofMillis(3_900))),
              Duration.ofSeconds(80));
      holds(60, setup);
    }
  }

  /**
   * A leader that had been replaced by revocation, and saw it, still went by its lease: it started
   * its server as primary when the key was next vacant.
   */
  @Test
  @Promise({"P109", "P173"})
  void aRevokedLeaderWhoseLeaseStillRuns() {
    Synchrony strict = new Synchrony(Synchrony.Mode.QUORUM, true, 1, -1);
    Settings settings = Choices.timed(Settings.DEFAULT.toBuilder(), 10).synchrony(strict).build();
    Setup setup =
        new Setup(
            Collections.nCopies(3, Tags.NONE),
            settings,
            true,
            Weather.FAIR,
            List.of(
                new Fault(AT, Kind.SWITCHOVER, 0, -1, Duration.ofSeconds(1)),
                new Fault(AT.plusMillis(80), Kind.MUTE, Fault.LEADER, -1, Duration.ofSeconds(9)),
                new Fault(AT.plusSeconds(4), Kind.LEAVE, Fault.LEADER, -1, Duration.ofSeconds(1))),
            Duration.ofSeconds(60));
    holds(25, setup);
  }
}
