package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Synchrony.Mode;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The leader's server has crashed: is it quicker to recover, or to let another lead? */
class RecoveringTest {
  private static final long GIB = 1L << 30;
  private static final Effect ASK = new Effect.AskPeers(new TreeSet<>(Set.of("m2", "m3")));

  /** With a lease of 20 s a failover takes 2 s; a gigabyte is replayed in 16 s. */
  private static Scene crashed(long bytes) {
    return new Scene()
        .synchrony(Mode.QUORUM, false, 1)
        .leading()
        .sync("m1", 1, "m2", "m3")
        .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
        .since(Duration.ofMillis(20))
        .redo(1000, 1000 + bytes);
  }

  private static Scene answered(Scene scene) {
    return scene.peer("m2", Role.STANDBY, 1, 1000 + GIB).peer("m3", Role.STANDBY, 1, GIB);
  }

  @Test
  @Promise({"P106", "P169", "P201"})
  void spareRecoveryAsksAndThenLetsAnotherLeadAtOnce() {
    assertThat(crashed(GIB).by(Rule.SPARE_RECOVERY)).containsExactly(ASK);
    Scene scene = answered(crashed(GIB));
    assertThat(scene.by(Rule.SPARE_RECOVERY)).containsExactly(new Effect.ReleaseLeader(Lsn.ZERO));
    assertThat(scene.course().reason())
        .isEqualTo(
            "it would recover for 16.5 s (1073741824 bytes of WAL), a failover takes 2.0 s, and a"
                + " standby has every acknowledged commit");
  }

  @Test
  void spareRecoveryWaitsAMomentForTheAnswers() {
    Scene scene = crashed(GIB).peersAsked(Duration.ofMillis(10));
    assertThat(scene.by(Rule.SPARE_RECOVERY)).isEmpty();
    assertThat(scene.peer("m2", Role.STANDBY, 1, GIB).by(Rule.SPARE_RECOVERY))
        .as("m3 may be needed for the quorum")
        .isEmpty();
    PeerReport away = PeerReport.of("m3");
    assertThat(scene.report(away).by(Rule.RESTART)).containsExactly(new Effect.StartPrimary());
  }

  @Test
  @Promise("P169")
  void aShortRecoveryIsBegunWithoutAsking() {
    assertThat(crashed(90L << 20).by(Rule.RESTART)).containsExactly(new Effect.StartPrimary());
    assertThat(answered(crashed(90L << 20)).by(Rule.RESTART)).hasSize(1);
    Scene unseen = crashed(0).status(1000 + GIB);
    assertThat(unseen.by(Rule.SPARE_RECOVERY))
        .as("the status key tells of more WAL than this agent saw")
        .containsExactly(ASK);
  }

  @Test
  void spareRecoveryStopsARecoveryThatIsUnderWay() {
    Scene scene = answered(crashed(GIB)).server(Condition.STARTING, Role.PRIMARY, 1, 1000);
    scene.redo(1000, 1000 + GIB / 2).since(Duration.ofSeconds(5));
    assertThat(scene.by(Rule.SPARE_RECOVERY))
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.StopServer.class, stop -> assertThat(stop.mode()).isEqualTo(StopMode.IMMEDIATE));
    assertThat(scene.since(Duration.ofSeconds(7)).by(Rule.HOLD)).as("it is nearly done").isEmpty();
  }

  @Test
  @Promise({"P107", "P169"})
  void withoutARecordOfTheStandbysARecoveryLosesLess() {
    Scene async = answered(crashed(GIB)).settings(Settings.DEFAULT);
    Scene unrecorded = answered(crashed(GIB)).sync("", 0);
    Scene anothers = answered(crashed(GIB)).sync("m2", 1, "m1", "m3");
    for (Scene scene : List.of(async, unrecorded, anothers)) {
      assertThat(scene.by(Rule.RESTART)).hasSize(1);
    }
  }

  @Test
  void nothingIsSparedInPauseOrWithoutEtcd() {
    Settings paused = answered(crashed(GIB)).view().settings().toBuilder().paused(true).build();
    assertThat(answered(crashed(GIB)).settings(paused).touched().by(Rule.RESTART)).hasSize(1);
    assertThat(answered(crashed(GIB)).storeFails().by(Rule.RESTART)).hasSize(1);
  }

  @Test
  void aTimeoutOfNothingGivesUpAsBefore() {
    Settings none =
        crashed(0).view().settings().toBuilder().primaryStartTimeout(Duration.ZERO).build();
    assertThat(answered(crashed(0)).settings(none).by(Rule.GIVE_UP))
        .containsExactly(new Effect.ReleaseLeader(Lsn.ZERO));
  }

  @Test
  void aFasterServerRecoversInPlace() {
    Settings fast = crashed(0).view().settings().toBuilder().recoveryRate(GIB).build();
    assertThat(crashed(GIB).settings(fast).by(Rule.RESTART)).hasSize(1);
  }
}
