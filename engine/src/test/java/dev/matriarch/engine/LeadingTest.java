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

/** One test for each rule of leading, named after it: where it fires and what it orders. */
class LeadingTest {
  @Test
  void adoptGoesOnWithTheKey() {
    assertThat(new Scene().leader("m1", Duration.ofSeconds(1)).by(Rule.ADOPT))
        .containsExactly(new Effect.AdoptLeader());
  }

  @Test
  void nothingToLeadGivesTheKeyBack() {
    assertThat(new Scene().leading().nothing(Condition.EMPTY).by(Rule.NOTHING_TO_LEAD))
        .containsExactly(new Effect.ReleaseLeader(Lsn.ZERO));
  }

  @Test
  @Promise("P169")
  void giveUpLetsAReplicaLeadOnlyWhenTheServerHadItsTime() {
    Scene scene =
        new Scene()
            .leading()
            .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
            .peer("m2", Role.STANDBY, 1, 1000)
            .peer("m3", Role.STANDBY, 1, 1000);
    assertThat(scene.since(Duration.ofSeconds(1)).by(Rule.RESTART))
        .containsExactly(new Effect.StartPrimary());
    assertThat(scene.since(Duration.ofSeconds(11)).by(Rule.GIVE_UP))
        .containsExactly(new Effect.ReleaseLeader(Lsn.ZERO));
  }

  @Test
  void prepareSyncRecordsTheVotersBeforePromotion() {
    Scene scene = new Scene().leading().synchrony(Mode.QUORUM, true, 1).sync("m2", 1, "m1", "m3");
    assertThat(scene.by(Rule.PREPARE_SYNC))
        .containsExactly(
            new Effect.WriteSync(new SyncState(40, "m1", 1, new TreeSet<>(Set.of("m2", "m3")))));
    assertThat(scene.syncBase(40).by(Rule.PREPARE_SYNC))
        .as("written already, and awaited to be seen")
        .isEmpty();
  }

  @Test
  void whoLeadsAgainAfterPromotionsInVainTriesAgain() {
    Scene before =
        new Scene()
            .leading()
            .standby(1, 1000)
            .failed(Effect.Promote.class, 3)
            .peer("m2", Role.STANDBY, 1, 1000)
            .peer("m3", Role.STANDBY, 1, 1000);
    assertThat(before.by(Rule.PROMOTE)).containsExactly(new Effect.Promote());
  }

  @Test
  @Promise("P166")
  void promoteTheStandbyOfTheHolder() {
    assertThat(new Scene().leading().by(Rule.PROMOTE)).containsExactly(new Effect.Promote());
  }

  /** It had been silent for so long that another was promoted meanwhile (seed 20002535). */
  @Test
  void promoteWaitsForARenewalWhereItsTermMayHaveBeenRevoked() {
    Duration suspicion = Settings.DEFAULT.suspicion();
    assertThat(revocable(suspicion).by(Rule.PROMOTE)).isEmpty();
    assertThat(revocable(suspicion).reason()).contains("may have been revoked");
    assertThat(revocable(suspicion.minusMillis(1)).by(Rule.PROMOTE))
        .containsExactly(new Effect.Promote());
  }

  private static Scene revocable(Duration silent) {
    return new Scene().leading(silent).standby(1, 1000).synchrony(Mode.QUORUM, true, 1);
  }

  /**
   * It may have renewed its lease longer ago than the new one lasts, and has done nothing wrong.
   */
  @Test
  void aShorterLeaseCountsFromTheTimeAtWhichTheConfigurationSaysSo() {
    View before = new Scene().leading(Duration.ofSeconds(4)).primary(1, 1000).view();
    Settings shorter =
        Settings.DEFAULT.toBuilder()
            .ttl(Duration.ofSeconds(3))
            .loopWait(Duration.ofSeconds(1))
            .build();
    Event changed = new Event.SettingsChanged(shorter);
    assertThat(new Engine(Engine.course(), List.of()).decide(before, changed, Scene.NOW).rule())
        .isEqualTo(Rule.HOLD);
    View after = before.after(changed, Scene.NOW);
    assertThat(after.deadline()).contains(shorter.lease().deadline(Scene.NOW));
    View back = after.after(new Event.SettingsChanged(Settings.DEFAULT), Scene.NOW.plusSeconds(1));
    assertThat(back.deadline()).as("etcd may have the shorter one").isEqualTo(after.deadline());
  }

  @Test
  @Promise("P169")
  void restartWhereItStopped() {
    assertThat(
            new Scene()
                .leading()
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .since(Duration.ZERO)
                .by(Rule.RESTART))
        .containsExactly(new Effect.StartPrimary());
  }

  /** Without its lease it could not start its server: whoever leads instead may lack commits. */
  @Test
  @Promise("P169")
  void giveUpCountsNoTimeInWhichTheLeaseWasOver() {
    Duration outage = Duration.ofMinutes(10);
    View without =
        new Scene()
            .leading(outage)
            .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
            .since(outage)
            .peer("m2", Role.STANDBY, 1, 1000)
            .view();
    LeaseTerms terms = Settings.DEFAULT.lease();
    Event renewed = new Event.LeaseRenewed(Scene.NOW, 51, terms);
    Engine engine = new Engine(Engine.course(), List.of());
    assertThat(engine.decide(without, renewed, Scene.NOW).rule()).isEqualTo(Rule.RESTART);

    View leading =
        new Scene()
            .leading()
            .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
            .since(outage)
            .peer("m2", Role.STANDBY, 1, 1000)
            .view();
    assertThat(engine.decide(leading, renewed, Scene.NOW).rule())
        .as("a lease that went on is another matter")
        .isEqualTo(Rule.GIVE_UP);
  }

  @Test
  void unstickAServerThatStoppedAnswering() {
    assertThat(new Scene().leading().server(Condition.HUNG, Role.PRIMARY, 1, 1000).by(Rule.UNSTICK))
        .containsExactly(new Effect.StopServer(StopMode.IMMEDIATE, "it does not answer"));
  }

  @Test
  void leavingDoesNotTakeAServerForDownThatIsBeingStarted() {
    assertThat(
            new Scene()
                .leading()
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .running(new Effect.StartPrimary())
                .leaving()
                .by(Rule.LEAVING))
        .singleElement()
        .isInstanceOf(Effect.StopServer.class);
  }

  @Test
  void aRenewalThatComesLateDoesNotBringTheLeaseBack() {
    View given = new Scene().vacant().view();
    View after =
        given.after(new Event.LeaseRenewed(Scene.NOW, 51, Settings.DEFAULT.lease()), Scene.NOW);
    assertThat(after.leads(Scene.NOW)).isFalse();
    View claiming = new Scene().vacant().running(new Effect.AcquireLeader()).view();
    assertThat(
            claiming
                .after(new Event.LeaseRenewed(Scene.NOW, 51, Settings.DEFAULT.lease()), Scene.NOW)
                .leads(Scene.NOW))
        .isTrue();
  }

  @Test
  void holdWhileTheServerRuns() {
    assertThat(new Scene().leading().primary(1, 1000).by(Rule.HOLD)).isEmpty();
  }
}
