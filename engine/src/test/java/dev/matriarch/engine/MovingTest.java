package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * One test for each rule of a switchover or failover that was asked for, named after it: where it
 * fires and what it orders.
 */
class MovingTest {
  @Test
  void requestDoneIsCleared() {
    assertThat(new Scene().leading().primary(1, 1000).asked("m2", "m1").by(Rule.REQUEST_DONE))
        .containsExactly(new Effect.ClearRequest(45, "done: m1 leads"));
  }

  @Test
  void lookBeforeMoveAsksThePeers() {
    assertThat(new Scene().leading().primary(1, 1000).asked("m1", "m2").by(Rule.LOOK_BEFORE_MOVE))
        .containsExactly(new Effect.AskPeers(new TreeSet<>(Set.of("m2", "m3"))));
    assertThat(new Scene().asked("m2", "m1").by(Rule.LOOK_BEFORE_MOVE))
        .as("the candidate looks too")
        .hasSize(1);
  }

  @Test
  void requestRefusedForALaggard() {
    assertThat(
            new Scene()
                .leading()
                .primary(1, 9_000_000)
                .asked("m1", "m2")
                .peer("m2", Role.STANDBY, 1, 1000)
                .peer("m3", Role.STANDBY, 1, 9_000_000)
                .by(Rule.REQUEST_REFUSED))
        .containsExactly(new Effect.ClearRequest(45, "refused: m2 lacks 8999000 bytes of WAL"));
  }

  @Test
  void requestRefusedNamesWhatIsAmissWithEachReplica() {
    assertThat(
            new Scene()
                .leading()
                .primary(1, 9_000_000)
                .asked("m1", "")
                .peer("m2", Role.STANDBY, 1, 1000)
                .by(Rule.REQUEST_REFUSED))
        .containsExactly(
            new Effect.ClearRequest(
                45,
                "refused: no replica could take over: m2 lacks 8999000 bytes of WAL; m3 does not"
                    + " answer"));
  }

  @Test
  void nobodyIsRefusedOnAnOldAnswer() {
    Scene scene =
        new Scene()
            .leading()
            .primary(1, 9_000_000)
            .asked("m1", "m2")
            .peer("m2", Role.STANDBY, 1, 1000)
            .peer("m3", Role.STANDBY, 1, 9_000_000)
            .peersAsked(Duration.ofSeconds(3));
    assertThat(scene.by(Rule.LOOK_BEFORE_MOVE)).hasSize(1);
    assertThat(scene.peer("m2", Role.STANDBY, 1, 8_999_000).by(Rule.HAND_OVER))
        .as("what speaks for it may be as old")
        .hasSize(1);
  }

  /** Found end to end: its agent had just been started anew. */
  @Test
  void aCandidateThatWasSilentBeforeIsAwaited() {
    Scene scene =
        new Scene()
            .leading()
            .primary(1, 1000)
            .asked("m1", "m2")
            .silent("m2")
            .peersAsked(Duration.ZERO)
            .peer("m3", Role.STANDBY, 1, 1000);
    assertThat(scene.by(Rule.REQUEST_REFUSED))
        .containsExactly(new Effect.ClearRequest(45, "refused: m2 does not answer"));
    Effect asking = new Effect.AskPeers(new TreeSet<>(Set.of("m2", "m3")));
    assertThat(scene.running(asking).by(Rule.LOOK_BEFORE_MOVE)).isEmpty();
  }

  /** Until its timeline is recorded; a log once told that it refused itself. */
  @Test
  void whoHasTakenOverDoesNotJudgeItself() {
    Scene scene = new Scene().leading().primary(2, 1000).asked("m2", "m1");
    assertThat(scene.by(Rule.HOLD)).isEmpty();
  }

  @Test
  void handoverAbandonedWhenClientsHaveWaitedForAsLongAsTheyMay() {
    Scene scene = shutDown(Duration.ofSeconds(4)).peer("m2", Role.STANDBY, 1, 1000);
    assertThat(scene.by(Rule.HANDOVER_ABANDONED))
        .as("that is 3 s unless another time was asked for")
        .containsExactly(new Effect.ClearRequest(45, "given up: m2 did not catch up"));
  }

  @Test
  void aCandidateThatIsFedFromHereMaySayItsOldTimeline() {
    Scene late =
        new Scene()
            .leading()
            .primary(2, 1000)
            .history(1, 900, "m1")
            .asked("m1", "m2")
            .peer("m2", Role.STANDBY, 1, 1000)
            .peer("m3", Role.STANDBY, 2, 1000);
    assertThat(late.by(Rule.REQUEST_REFUSED))
        .containsExactly(new Effect.ClearRequest(45, "refused: m2 is on timeline 1, not 2"));
    assertThat(late.streamedBy(SyncNames.NONE, Map.of("m2", 1000L)).by(Rule.HAND_OVER)).hasSize(1);
  }

  @Test
  void aCandidateIsNotRefusedForWhatItHasReceivedSinceItAnswered() {
    Scene answered =
        new Scene()
            .leading()
            .primary(1, 9_000_000)
            .asked("m1", "m2")
            .peer("m2", Role.STANDBY, 1, 1000)
            .peer("m3", Role.STANDBY, 1, 1000);
    assertThat(answered.by(Rule.REQUEST_REFUSED)).hasSize(1);
    assertThat(answered.streamedBy(SyncNames.NONE, Map.of("m2", 8_999_000L)).by(Rule.HAND_OVER))
        .hasSize(1);
  }

  @Test
  void aSynchronousCandidateIsWaitedForWhateverItLacks() {
    assertThat(
            new Scene()
                .leading()
                .primary(1, 9_000_000)
                .synchrony(Synchrony.Mode.QUORUM, false, 1)
                .sync("m1", 0, "m2", "m3")
                .asked("m1", "m2")
                .peer("m2", Role.STANDBY, 1, 1000)
                .peer("m3", Role.STANDBY, 1, 1000)
                .by(Rule.HAND_OVER))
        .hasSize(1);
  }

  @Test
  @Promise("P165")
  void nameCandidateChoosesTheMostAdvanced() {
    assertThat(
            new Scene()
                .leading()
                .primary(1, 1000)
                .asked("m1", "")
                .peer("m2", Role.STANDBY, 1, 900)
                .peer("m3", Role.STANDBY, 1, 950)
                .by(Rule.NAME_CANDIDATE))
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.NameCandidate.class, name -> assertThat(name.candidate()).isEqualTo("m3"));
  }

  @Test
  void handOverStopsThePrimaryForTheCandidate() {
    assertThat(
            new Scene()
                .leading()
                .primary(1, 1000)
                .asked("m1", "m2")
                .peer("m2", Role.STANDBY, 1, 1000)
                .peer("m3", Role.STANDBY, 1, 1000)
                .by(Rule.HAND_OVER))
        .containsExactly(new Effect.StopForHandover("m2", false));
  }

  /** A leader that is shut down for m2, since so long. */
  private static Scene shutDown(Duration since) {
    return new Scene()
        .leading()
        .server(Condition.STOPPED, Role.PRIMARY, 1, 1100)
        .since(since)
        .asked("m1", "m2");
  }

  @Test
  void releaseToCandidateOnceItHasAllWal() {
    Scene scene = shutDown(Duration.ofMillis(50));
    assertThat(scene.peer("m2", Role.STANDBY, 1, 1000).by(Rule.RELEASE_TO_CANDIDATE)).isEmpty();
    assertThat(scene.peer("m2", Role.STANDBY, 1, 1100).by(Rule.RELEASE_TO_CANDIDATE))
        .containsExactly(new Effect.ReleaseLeader(new Lsn(1100), "m2"));
    assertThat(scene.peer("m2", Role.STANDBY, 2, 1100).by(Rule.RELEASE_TO_CANDIDATE))
        .as("on another timeline it has not what this one has: it has to be elected")
        .containsExactly(new Effect.ReleaseLeader(new Lsn(1100)));
  }

  /** Then it has the key at once, and need not write it. */
  @Test
  void releaseToCandidateOnTheLeaseThatItGotAhead() {
    PeerReport ready =
        PeerReport.of("m2").toBuilder()
            .role(Role.STANDBY)
            .running(true)
            .timeline(1)
            .position(new Lsn(1100))
            .seesStore(true)
            .mayWrite(false)
            .leaseAhead(4711)
            .build();
    Scene scene = shutDown(Duration.ofMillis(50)).report(ready);
    assertThat(scene.by(Rule.RELEASE_TO_CANDIDATE))
        .containsExactly(new Effect.ReleaseLeader(new Lsn(1100), "m2", 4711));
    assertThat(scene.synchrony(Synchrony.Mode.QUORUM, true, 1).by(Rule.RELEASE_TO_CANDIDATE))
        .as("where terms are revoked, they are told apart by who wrote the key")
        .containsExactly(new Effect.ReleaseLeader(new Lsn(1100), "m2"));
  }

  /** The field's controller takes no key that another wrote. */
  @Test
  void releaseToCandidateOfTheFieldsLeavesTheKeyVacant() {
    assertThat(
            shutDown(Duration.ofMillis(50))
                .otherKind("m2")
                .peer("m2", Role.STANDBY, 1, 1100)
                .by(Rule.RELEASE_TO_CANDIDATE))
        .containsExactly(new Effect.ReleaseLeader(new Lsn(1100)));
  }

  @Test
  void handoverAbandonedWhenTheCandidateDoesNotCatchUp() {
    assertThat(
            shutDown(Duration.ofSeconds(6))
                .peer("m2", Role.STANDBY, 1, 1000)
                .by(Rule.HANDOVER_ABANDONED))
        .containsExactly(new Effect.ClearRequest(45, "given up: m2 did not catch up"));
  }

  /** Found by simulation: else it is released to it again and again. */
  @Test
  void handoverAbandonedWhenTheCandidateDoesNotTakeTheKey() {
    Scene scene =
        shutDown(Duration.ofSeconds(1))
            .peer("m2", Role.STANDBY, 1, 1100)
            .succeeded(Effect.ReleaseLeader.class);
    assertThat(scene.by(Rule.HANDOVER_ABANDONED))
        .containsExactly(new Effect.ClearRequest(45, "given up: m2 did not take the key"));
  }

  @Test
  void handoverAbandonedWhenTheCandidateCouldNotWinAnElection() {
    Scene scene =
        shutDown(Duration.ofMillis(50))
            .server(Condition.STOPPED, Role.PRIMARY, 2, 1100)
            .since(Duration.ofMillis(50));
    assertThat(scene.peer("m2", Role.STANDBY, 1, 1100).by(Rule.HANDOVER_ABANDONED))
        .containsExactly(new Effect.ClearRequest(45, "given up: m2 says that it is on timeline 1"));
  }

  @Test
  void giveWayToTheCandidate() {
    assertThat(new Scene().vacant().asked("m2", "m3").by(Rule.GIVE_WAY)).isEmpty();
  }

  @Test
  void aScheduledSwitchoverWaitsForItsTime() {
    Scene early =
        new Scene().leading().primary(1, 1000).scheduled("m1", "m2", Scene.NOW.plusSeconds(1));
    assertThat(early.decide().rule()).isEqualTo(Rule.PUBLISH);
    assertThat(early.by(Rule.HOLD)).isEmpty();
    Scene due = new Scene().leading().primary(1, 1000).scheduled("m1", "m2", Scene.NOW);
    assertThat(due.by(Rule.LOOK_BEFORE_MOVE)).hasSize(1);
    assertThat(due.peer("m2", Role.STANDBY, 1, 1000).by(Rule.HAND_OVER)).hasSize(1);
    assertThat(due.paused().by(Rule.REQUEST_REFUSED))
        .containsExactly(
            new Effect.ClearRequest(
                45, "refused: nothing scheduled is done while the cluster is paused"));
    assertThat(
            new Scene()
                .leading()
                .primary(1, 1000)
                .scheduled("m1", "m2", Scene.NOW.minusSeconds(90))
                .peer("m2", Role.STANDBY, 1, 1000)
                .by(Rule.REQUEST_REFUSED))
        .as("nobody wants a switchover from yesterday")
        .hasSize(1);
  }
}
