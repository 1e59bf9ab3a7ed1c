package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Synchrony.Mode;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One test for each rule, named after it: where it fires and what it orders. */
class RulesTest {
  private static final Tags NOFAILOVER = Tags.NONE.toBuilder().nofailover(true).build();

  private static SyncNames any(int acknowledgements, String... names) {
    return new SyncNames(acknowledgements, new TreeSet<>(Set.of(names)));
  }

  // ---- 100 fencing

  @Test
  @Promise({"P173", "P181"})
  void leaseRanOutStopsThePrimary() {
    assertThat(new Scene().leading(Duration.ofSeconds(20)).primary(1, 1000).by(Rule.LEASE_RAN_OUT))
        .containsExactly(
            new Effect.StopServer(StopMode.IMMEDIATE, "the last renewal of the lease is too old"));
  }

  @Test
  void leaseRanOutStopsAPromotionThatHangs() {
    assertThat(
            new Scene()
                .leading(Duration.ofSeconds(20))
                .running(new Effect.Promote())
                .by(Rule.LEASE_RAN_OUT))
        .singleElement()
        .isInstanceOf(Effect.StopServer.class);
  }

  @Test
  void anotherLeadsStopsThePrimary() {
    assertThat(new Scene().primary(1, 1000).by(Rule.ANOTHER_LEADS))
        .containsExactly(new Effect.StopServer(StopMode.IMMEDIATE, "m2 holds the leader key"));
  }

  @Test
  void noLeaseTakesTheKeyThatNamesIt() {
    assertThat(
            new Scene()
                .primary(1, 1000)
                .leader("m1", Duration.ofSeconds(1))
                .startedJustNow()
                .by(Rule.NO_LEASE))
        .containsExactly(new Effect.AdoptLeader());
  }

  @Test
  void noLeaseStopsAPrimaryThatOthersMayHaveSucceeded() {
    Scene found = new Scene().primary(2, 1000).vacant().startedJustNow();
    assertThat(found.by(Rule.NO_LEASE)).containsExactly(new Effect.AcquireLeader());
    assertThat(found.history(2, 900, "m2").by(Rule.NO_LEASE))
        .as("m2 has begun timeline 3")
        .singleElement()
        .isInstanceOf(Effect.StopServer.class);
  }

  @Test
  void foreignDataEndsTheAgent() {
    assertThat(new Scene().initialization(new Initialization.Done("7111")).by(Rule.FOREIGN_DATA))
        .singleElement()
        .isInstanceOfSatisfying(Effect.Exit.class, exit -> assertThat(exit.code()).isEqualTo(1));
  }

  @Test
  void leavingStopsTheServerThenReleasesTheKeyThenEnds() {
    Scene scene = new Scene().leading().primary(1, 1000).leaving();
    assertThat(scene.by(Rule.LEAVING))
        .containsExactly(new Effect.StopServer(StopMode.FAST, "the agent ends"));
    scene.server(Condition.STOPPED, Role.PRIMARY, 1, 1100);
    assertThat(scene.by(Rule.LEAVING)).containsExactly(new Effect.ReleaseLeader(new Lsn(1100)));
    assertThat(
            new Scene().server(Condition.STOPPED, Role.STANDBY, 1, 1000).leaving().by(Rule.LEAVING))
        .containsExactly(new Effect.Exit(0, "asked to end"));
  }

  @Test
  void leavingStandbyThatCommitsWaitForAsksToBeReleasedFirst() {
    Scene scene =
        new Scene().synchrony(Mode.PRIORITY, true, 1).sync("m2", 0, "m1").leaving(Duration.ZERO);
    assertThat(scene.by(Rule.LEAVING)).isEmpty();
    assertThat(SelfPortrait.of(scene.view(), Scene.NOW).tags())
        .isEqualTo(Tags.NONE.toBuilder().nosync(true).syncPriority(0).build());
    assertThat(scene.leaving(Duration.ofSeconds(11)).by(Rule.LEAVING))
        .as("it does not wait for ever")
        .hasSize(1);
    assertThat(scene.sync("m2", 0, "m3").leaving(Duration.ZERO).by(Rule.LEAVING)).hasSize(1);
  }

  // ---- 120 a disk that hangs or is full

  private static final long GIB = 1L << 30;
  private static final Disk FULL = new Disk(true, 50L << 20, 10 * GIB, 64L << 20);
  private static final Disk ROOMY = new Disk(true, 5 * GIB, 10 * GIB, 64L << 20);

  private static Scene wedged(Server.Condition condition) {
    return new Scene()
        .leading()
        .server(condition, Role.PRIMARY, 1, 1000)
        .running(new Effect.ProveCommit(), Duration.ofSeconds(10))
        .peer("m2", Role.STANDBY, 1, 1000);
  }

  @Test
  void cannotCommitStopsTheServerAtOnceThenReleasesTheKey() {
    assertThat(wedged(Condition.RUNNING).by(Rule.CANNOT_COMMIT))
        .containsExactly(
            new Effect.StopServer(
                StopMode.IMMEDIATE, "its disk has not answered for 10 s; another will lead"));
    assertThat(wedged(Condition.CRASHED).disk(new Disk(false, 0, 0, 0)).by(Rule.CANNOT_COMMIT))
        .containsExactly(new Effect.ReleaseLeader(Lsn.ZERO));
  }

  @Test
  void cannotCommitAsksFirstAndGoesOnWithoutASuccessor() {
    Scene scene = wedged(Condition.RUNNING).peersAsked(Duration.ofSeconds(5));
    assertThat(scene.by(Rule.CANNOT_COMMIT))
        .containsExactly(new Effect.AskPeers(new TreeSet<>(Set.of("m2", "m3"))));
    PeerReport stuck =
        wedged(Condition.RUNNING).view().peers().reports().get("m2").toBuilder()
            .disk(Disk.State.STUCK)
            .build();
    assertThat(wedged(Condition.RUNNING).report(stuck).decide().rule())
        .as("stopping would help nobody")
        .isNotEqualTo(Rule.CANNOT_COMMIT);
  }

  @Test
  void cannotCommitIsNotConcludedFromAProbeThatIsYoung() {
    Scene scene =
        wedged(Condition.RUNNING).running(new Effect.ProveCommit(), Duration.ofSeconds(9));
    assertThat(scene.decide().rule()).isNotEqualTo(Rule.CANNOT_COMMIT);
    assertThat(scene.decide().until())
        .as("it is asked again when the probe is overdue")
        .hasValueSatisfying(at -> assertThat(at).isBeforeOrEqualTo(Scene.NOW.plusSeconds(1)));
  }

  @Test
  void awaitDiskLeavesAServerAloneThatCannotBeRead() {
    Scene scene = new Scene().server(Condition.CRASHED, Role.PRIMARY, 1, 1000);
    assertThat(scene.disk(new Disk(false, 0, 0, 0)).by(Rule.AWAIT_DISK)).isEmpty();
    assertThat(
            new Scene()
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .running(new Effect.ProveCommit(), Duration.ofSeconds(11))
                .by(Rule.AWAIT_DISK))
        .as("it may be read, but not be written")
        .isEmpty();
  }

  @Test
  void useReserveGivesItUpOnAFullPrimaryRunningOrDown() {
    for (Condition condition : List.of(Condition.RUNNING, Condition.CRASHED)) {
      assertThat(
              new Scene()
                  .leading()
                  .server(condition, Role.PRIMARY, 1, 1000)
                  .disk(FULL)
                  .by(Rule.USE_RESERVE))
          .containsExactly(new Effect.ReleaseReserve());
    }
  }

  @Test
  void makeRoomAsksForASwitchoverToAReplicaWithRoom() {
    Disk released = new Disk(true, 110L << 20, 10 * GIB, 0);
    Scene scene = new Scene().leading().primary(1, 1000).disk(released);
    assertThat(scene.by(Rule.MAKE_ROOM))
        .containsExactly(new Effect.AskPeers(new TreeSet<>(Set.of("m2", "m3"))));
    scene.peer("m3", Role.STANDBY, 1, 1000);
    assertThat(scene.by(Rule.MAKE_ROOM)).containsExactly(new Effect.RequestMove("m3"));
    PeerReport full =
        scene.view().peers().reports().get("m3").toBuilder().disk(Disk.State.FULL).build();
    assertThat(scene.report(full).decide().rule()).isNotEqualTo(Rule.MAKE_ROOM);
  }

  @Test
  void quarantineKeepsAFormerPrimaryDownUntilItsPlaceIsKnown() {
    Scene scene = new Scene().server(Condition.CRASHED, Role.PRIMARY, 1, 1000).vacant();
    assertThat(scene.history(1, 900, "m2").by(Rule.QUARANTINE)).as("m2 led after it").isEmpty();
    assertThat(
            new Scene()
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .storeFails()
                .by(Rule.QUARANTINE))
        .as("etcd does not tell")
        .isEmpty();
    assertThat(
            new Scene()
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .storeFails()
                .succeeded(Effect.AcquireLeader.class)
                .decide()
                .rule())
        .as("one that led until now serves reads")
        .isNotEqualTo(Rule.QUARANTINE);
  }

  @Test
  void notElectableWithADiskThatHangsOrIsFull() {
    assertThat(
            new Scene()
                .vacant()
                .peersAsked(Duration.ofMillis(10))
                .running(new Effect.ProveCommit(), Duration.ofSeconds(10))
                .by(Rule.NOT_ELECTABLE))
        .isEmpty();
    Scene full = new Scene().vacant().disk(FULL).peer("m3", Role.STANDBY, 1, 900);
    assertThat(full.by(Rule.NOT_ELECTABLE)).as("m3 has room").isEmpty();
    assertThat(full.vacant(Duration.ofSeconds(60)).decide().rule())
        .as("some leader is needed")
        .isNotEqualTo(Rule.NOT_ELECTABLE);
  }

  // ---- 200 what operators ask for

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
        .containsExactly(new Effect.StopForHandover("m2"));
  }

  @Test
  void releaseToCandidateOnceItHasAllWal() {
    Scene scene =
        new Scene()
            .leading()
            .server(Condition.STOPPED, Role.PRIMARY, 1, 1100)
            .since(Duration.ofMillis(50))
            .asked("m1", "m2");
    assertThat(scene.peer("m2", Role.STANDBY, 1, 1000).by(Rule.RELEASE_TO_CANDIDATE)).isEmpty();
    assertThat(scene.peer("m2", Role.STANDBY, 1, 1100).by(Rule.RELEASE_TO_CANDIDATE))
        .containsExactly(new Effect.ReleaseLeader(new Lsn(1100)));
  }

  @Test
  void handoverAbandonedWhenTheCandidateDoesNotCatchUp() {
    assertThat(
            new Scene()
                .leading()
                .server(Condition.STOPPED, Role.PRIMARY, 1, 1100)
                .since(Duration.ofSeconds(6))
                .asked("m1", "m2")
                .peer("m2", Role.STANDBY, 1, 1000)
                .by(Rule.HANDOVER_ABANDONED))
        .containsExactly(new Effect.ClearRequest(45, "given up: m2 did not catch up"));
  }

  /** Found by simulation: else it is released to it again and again. */
  @Test
  void handoverAbandonedWhenTheCandidateDoesNotTakeTheKey() {
    Scene scene =
        new Scene()
            .leading()
            .server(Condition.STOPPED, Role.PRIMARY, 1, 1100)
            .since(Duration.ofSeconds(1))
            .asked("m1", "m2")
            .peer("m2", Role.STANDBY, 1, 1100)
            .succeeded(Effect.ReleaseLeader.class);
    assertThat(scene.by(Rule.HANDOVER_ABANDONED))
        .containsExactly(new Effect.ClearRequest(45, "given up: m2 did not take the key"));
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

  private static RestartPlan plan(RestartConditions only, Optional<Instant> at) {
    return new RestartPlan(only, Optional.empty(), at, Optional.of(Scene.NOW.minusSeconds(500)));
  }

  private static Scene restart(RestartConditions only, Instant... begun) {
    return new Scene()
        .serverStarted(Scene.NOW.minusSeconds(500))
        .restartAsked(plan(only, Optional.empty()), begun);
  }

  private static Effect.Answer no(Scene scene, String why) {
    return new Effect.Answer(scene.wish(), false, "restart conditions are not satisfied: " + why);
  }

  @Test
  void restartRefusedWhereAConditionDoesNotHold() {
    Scene pending = restart(new RestartConditions(Optional.empty(), 0, true));
    assertThat(pending.by(Rule.RESTART_REFUSED))
        .containsExactly(no(pending, "no changed setting waits for a restart"));
    assertThat(pending.pendingRestart().by(Rule.STOP_TO_RESTART)).hasSize(1);
    Scene role = restart(new RestartConditions(Optional.of(MemberRole.PRIMARY), 0, false));
    assertThat(role.by(Rule.RESTART_REFUSED))
        .containsExactly(no(role, "the server is replica, not primary"));
    Scene version = restart(new RestartConditions(Optional.empty(), 150018, false));
    assertThat(version.by(Rule.RESTART_REFUSED))
        .containsExactly(no(version, "the server's version 150018 is no lower"));
  }

  @Test
  void restartRefusedAtItsTimeWhenItIsOutOfDate() {
    Instant at = Scene.NOW.minusSeconds(1);
    Scene due =
        new Scene()
            .serverStarted(Scene.NOW.minusSeconds(500))
            .restartAsked(plan(RestartConditions.NONE, Optional.of(at)));
    assertThat(due.by(Rule.STOP_TO_RESTART)).hasSize(1);
    assertThat(due.paused().by(Rule.RESTART_REFUSED))
        .containsExactly(no(due, "nothing scheduled is done while the cluster is paused"));
    Scene again =
        new Scene()
            .serverStarted(Scene.NOW.minusSeconds(100))
            .restartAsked(plan(RestartConditions.NONE, Optional.of(at)));
    assertThat(again.by(Rule.RESTART_REFUSED))
        .containsExactly(no(again, "the server was restarted since it was scheduled"));
    Scene late =
        new Scene()
            .serverStarted(Scene.NOW.minusSeconds(500))
            .restartAsked(plan(RestartConditions.NONE, Optional.of(Scene.NOW.minusSeconds(61))));
    assertThat(late.by(Rule.RESTART_REFUSED)).hasSize(1);
  }

  @Test
  void restartDoneWhenAnotherServerRuns() {
    Scene scene = restart(RestartConditions.NONE, Scene.NOW.minusSeconds(2));
    assertThat(scene.decide().rule()).isNotEqualTo(Rule.RESTART_DONE);
    assertThat(scene.serverStarted(Scene.NOW.minusSeconds(1)).by(Rule.RESTART_DONE))
        .containsExactly(new Effect.Answer(scene.wish(), true, "restarted successfully"));
  }

  @Test
  void restartFailedIsToldAndTheServerGoesOnStarting() {
    Scene scene =
        new Scene()
            .leading()
            .server(Condition.STARTING, Role.PRIMARY, 1, 1000)
            .since(Duration.ofSeconds(4))
            .restartAsked(
                new RestartPlan(
                    RestartConditions.NONE,
                    Optional.of(Duration.ofSeconds(5)),
                    Optional.empty(),
                    Optional.empty()),
                Scene.NOW.minusSeconds(6));
    assertThat(scene.by(Rule.RESTART_FAILED))
        .containsExactly(new Effect.Answer(scene.wish(), false, "postgres is still starting"));
    Scene broken = new Scene().leading().server(Condition.CRASHED, Role.PRIMARY, 1, 1000);
    broken.restartAsked(plan(RestartConditions.NONE, Optional.empty()), Scene.NOW.minusSeconds(6));
    assertThat(broken.failed(Effect.StartPrimary.class, 3).by(Rule.RESTART_FAILED))
        .containsExactly(new Effect.Answer(broken.wish(), false, "restart failed: it failed"));
  }

  @Test
  void stopToRestartBeginsTheRestartOfALeaderAndOfAStandby() {
    Scene standby = restart(RestartConditions.NONE);
    assertThat(standby.by(Rule.STOP_TO_RESTART))
        .containsExactly(new Effect.StopServer(StopMode.FAST, "to restart it"));
    Wish.Restart begun = standby.decide().view().wishes().restart().orElseThrow();
    assertThat(begun.begunAt()).contains(Scene.NOW);
    Scene down =
        new Scene()
            .leading()
            .server(Condition.STOPPED, Role.PRIMARY, 1, 1000)
            .since(Duration.ofMillis(10))
            .restartAsked(plan(RestartConditions.NONE, Optional.empty()), Scene.NOW);
    assertThat(down.by(Rule.RESTART)).containsExactly(new Effect.StartPrimary());
    assertThat(down.paused().by(Rule.RESTART))
        .as("an operator's restart works in pause")
        .containsExactly(new Effect.StartPrimary());
  }

  @Test
  void aScheduledRestartIsRememberedByTheMembersKey() {
    View view = new Scene().storeUnknown().view();
    ClusterState known = new Scene().view().state();
    SortedMap<String, Member> members = new TreeMap<>(known.members());
    RestartPlan plan = plan(RestartConditions.NONE, Optional.of(Scene.NOW.plusSeconds(60)));
    members.put(
        "m1", known.members().get("m1").toBuilder().scheduledRestart(Optional.of(plan)).build());
    ClusterState stored =
        new ClusterState(
            61,
            known.leadership(),
            known.initialization(),
            members,
            known.request(),
            known.sync(),
            known.history(),
            known.status(),
            known.config(),
            known.failsafe(),
            known.revocation());
    View started = view.after(new Event.StoreRead(stored), Scene.NOW);
    assertThat(started.wishes().scheduled().map(Wish.Restart::plan)).contains(plan);
    assertThat(SelfPortrait.of(started, Scene.NOW).scheduledRestart()).contains(plan);
    assertThat(started.after(new Event.Withdrawn(), Scene.NOW).wishes()).isEqualTo(Wishes.NONE);
  }

  @Test
  void reinitDoneOnceTheCopyIsThere() {
    Scene scene = new Scene().reinitAsked(false).succeeded(Effect.CloneFrom.class);
    assertThat(scene.by(Rule.REINIT_DONE))
        .containsExactly(new Effect.Answer(scene.wish(), true, "reinitialized from the leader"));
  }

  @Test
  void reinitRefusedOnTheLeaderAndWithoutOne() {
    Scene leader = new Scene().leading().primary(1, 1000).reinitAsked(false);
    assertThat(leader.by(Rule.REINIT_REFUSED))
        .containsExactly(
            new Effect.Answer(leader.wish(), false, "I am the leader, can not reinitialize"));
    assertThat(new Scene().vacant().reinitAsked(true).by(Rule.REINIT_REFUSED)).hasSize(1);
    assertThat(
            new Scene()
                .reinitAsked(false)
                .failed(Effect.CloneFrom.class, 3)
                .by(Rule.REINIT_REFUSED))
        .as("a source that cannot be reached")
        .hasSize(1);
  }

  @Test
  void reinitializeCopiesTheLeaderAlsoInPause() {
    Scene scene = new Scene().reinitAsked(false);
    assertThat(scene.by(Rule.REINITIALIZE)).containsExactly(new Effect.CloneFrom("m2"));
    assertThat(scene.paused().by(Rule.REINITIALIZE)).containsExactly(new Effect.CloneFrom("m2"));
    scene.running(new Effect.Follow("m2"));
    assertThat(scene.by(Rule.REINITIALIZE)).isEmpty();
    assertThat(scene.reinitAsked(true).by(Rule.REINITIALIZE))
        .containsExactly(new Effect.CloneFrom("m2"));
  }

  @Test
  void pausedGivesBackTheKeyOfALeaderWithoutPrimary() {
    assertThat(
            new Scene()
                .leading()
                .paused()
                .server(Condition.STOPPED, Role.PRIMARY, 1, 1000)
                .by(Rule.PAUSED_GIVES_BACK))
        .containsExactly(new Effect.ReleaseLeader(Lsn.ZERO));
    assertThat(new Scene().leading().paused().by(Rule.PAUSED_GIVES_BACK)).hasSize(1);
    assertThat(new Scene().leading().paused().asked("m2", "m1").by(Rule.PROMOTE))
        .as("the candidate of a switchover is promoted")
        .hasSize(1);
  }

  @Test
  void pausedLeavesServersAsTheyAre() {
    assertThat(
            new Scene().paused().server(Condition.CRASHED, Role.STANDBY, 1, 1000).by(Rule.PAUSED))
        .isEmpty();
    assertThat(
            new Scene()
                .paused()
                .touched()
                .server(Condition.STOPPED, Role.PRIMARY, 1, 1000)
                .succeeded(Effect.ListLost.class)
                .by(Rule.REJOIN))
        .as("what a switchover stopped comes back")
        .hasSize(1);
    Scene cutOff =
        new Scene().leading(Duration.ofSeconds(40)).primary(1, 1000).paused().storeFails();
    assertThat(cutOff.by(Rule.LEASE_RAN_OUT)).as("not noted in etcd").hasSize(1);
    assertThat(cutOff.ledInPause("m1").by(Rule.IDLE)).isEmpty();
    assertThat(cutOff.view().mayServeWrites(Scene.NOW)).isTrue();
    assertThat(cutOff.leader("m3", Duration.ZERO).by(Rule.LEASE_RAN_OUT))
        .as("another leads")
        .hasSize(1);
  }

  @Test
  void whatItIsAboutToStopIsNotLeftAloneAfterwards() {
    View stopping =
        new Scene()
            .paused()
            .leading()
            .primary(1, 1000)
            .running(new Effect.StopForHandover("m2"))
            .touched()
            .view();
    View seen = stopping.after(new Event.ServerSeen(stopping.server()), Scene.NOW);
    assertThat(seen.touched()).as("it still runs, and is on its way down").isTrue();
  }

  @Test
  void ledInPauseIsAskedBeforeAnotherLeads() {
    Scene scene = new Scene().vacant().ledInPause("m2").running(new Effect.Follow(""));
    assertThat(scene.by(Rule.LED_IN_PAUSE))
        .containsExactly(new Effect.AskPeers(new TreeSet<>(Set.of("m2", "m3"))));
    scene.peersAsked(Duration.ofMillis(10));
    assertThat(scene.by(Rule.LED_IN_PAUSE)).isEmpty();
    scene.peer("m2", Role.PRIMARY, 1, 1000);
    assertThat(scene.by(Rule.LED_IN_PAUSE)).isEmpty();
    scene.report(PeerReport.of("m2").toBuilder().role(Role.PRIMARY).running(false).build());
    assertThat(scene.by(Rule.LED_IN_PAUSE)).as("hung is not stopped").isEmpty();
    assertThat(
            new Scene()
                .vacant()
                .ledInPause("m2")
                .peer("m2", Role.STANDBY, 1, 1000)
                .peer("m3", Role.STANDBY, 1, 1000)
                .running(new Effect.Follow(""))
                .by(Rule.ACQUIRE))
        .hasSize(1);
    assertThat(
            new Scene()
                .vacant()
                .ledInPause("m2")
                .asked("", "m1")
                .peer("m3", Role.STANDBY, 1, 1000)
                .running(new Effect.Follow(""))
                .by(Rule.AWAIT_ANSWERS))
        .as("an operator's failover overrules")
        .isEmpty();
  }

  @Test
  void theLeaderNotesThatItLeadsInPause() {
    Scene scene = new Scene().leading().primary(1, 1000).status(1000).published().paused();
    scene.published();
    assertThat(scene.by(Rule.RECORD_STATUS))
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.WriteStatus.class,
            write -> assertThat(write.status().pausedLeader()).isEqualTo("m1"));
  }

  // ---- 300 leading

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

  // ---- 400 electing

  @Test
  @Promise("P173")
  void expireTheKeyOfALeaderSilentForAWholeLease() {
    assertThat(new Scene().leader("m2", Duration.ofSeconds(20)).by(Rule.EXPIRE))
        .containsExactly(new Effect.ExpireLeader("m2", 50));
  }

  /** A dead leader's member key ends with a lease of its own, and may do so first. */
  @Test
  @Promise("P173")
  void expireTheKeyOfALeaderWhoseMemberKeyIsGoneAlready() {
    assertThat(new Scene().leader("m2", Duration.ofSeconds(20)).gone("m2").by(Rule.EXPIRE))
        .containsExactly(new Effect.ExpireLeader("m2", 50));
  }

  @Test
  void rememberThatTheLeadersRenewalsCouldBeSeenWhileItHoldsTheKey() {
    Instant now = Instant.EPOCH;
    ClusterState led = new Scene().leader("m2", Duration.ZERO).view().state();
    Duration lease = Settings.DEFAULT.lease().lease();
    StoreSight seen = StoreSight.UNSEEN.after(led, lease, now);
    StoreSight vanished =
        seen.after(new Scene().leader("m2", Duration.ZERO).gone("m2").view().state(), lease, now);
    StoreSight other =
        vanished.after(
            new Scene().otherKind("m2").leader("m2", Duration.ZERO).view().state(), lease, now);

    assertThat(seen.sighting()).map(Sighting::raisesKey).contains(true);
    assertThat(vanished.sighting()).isEqualTo(seen.sighting());
    assertThat(other.sighting())
        .as("its next agent is another")
        .map(Sighting::raisesKey)
        .contains(false);
  }

  @Test
  void expireNoKeyOfALeaderWhoseRenewalsCannotBeSeen() {
    Scene mixed = new Scene().otherKind("m2").leader("m2", Duration.ofMinutes(5));
    assertThat(mixed.decide().orders())
        .noneMatch(order -> order.effect() instanceof Effect.ExpireLeader);
  }

  @Test
  void suspectALeaderSilentForHalfItsLease() {
    assertThat(new Scene().leader("m2", Duration.ofSeconds(11)).by(Rule.SUSPECT)).hasSize(1);
  }

  @Test
  void letGoOfWhoLedLast() {
    assertThat(new Scene().vacant().by(Rule.LET_GO)).containsExactly(new Effect.Follow(""));
    assertThat(new Scene().vacant().running(new Effect.Follow("")).decide().rule())
        .isEqualTo(Rule.ASK_PEERS);
  }

  @Test
  @Promise("P107")
  void notElectableBeyondTheMaximumLag() {
    assertThat(
            new Scene()
                .vacant()
                .running(new Effect.Follow(""))
                .status(9_000_000)
                .by(Rule.NOT_ELECTABLE))
        .isEmpty();
    assertThat(
            new Scene()
                .vacant()
                .running(new Effect.Follow(""))
                .tagged(NOFAILOVER)
                .by(Rule.NOT_ELECTABLE))
        .isEmpty();
    assertThat(
            new Scene()
                .vacant()
                .running(new Effect.Follow(""))
                .history(1, 900, "m2")
                .by(Rule.NOT_ELECTABLE))
        .isEmpty();
    assertThat(new Scene().vacant().running(new Effect.Follow("")).paused().by(Rule.NOT_ELECTABLE))
        .isEmpty();
  }

  @Test
  void askPeersBeforeTakingTheKey() {
    assertThat(new Scene().vacant().running(new Effect.Follow("")).by(Rule.ASK_PEERS)).hasSize(1);
  }

  @Test
  void awaitAnswersForAMoment() {
    assertThat(new Scene().vacant().peer("m2", Role.STANDBY, 1, 900).by(Rule.AWAIT_ANSWERS))
        .isEmpty();
  }

  @Test
  @Promise({"P109", "P176", "P201"})
  void quorumMissingKeepsAVoterFromLeading() {
    Scene alone =
        new Scene()
            .vacant(Duration.ofSeconds(5))
            .synchrony(Mode.QUORUM, true, 1)
            .sync("m2", 1, "m1", "m3")
            .peersAsked(Duration.ofSeconds(2));
    assertThat(alone.decide().rule()).isEqualTo(Rule.QUORUM_MISSING);
    assertThat(alone.asked("m2", "m1").decide().rule())
        .as("an operator's wish does not make up for voters that are missing")
        .isEqualTo(Rule.QUORUM_MISSING);
  }

  @Test
  void primaryAliveKeepsOthersFromLeading() {
    assertThat(
            new Scene()
                .vacant()
                .peer("m2", Role.PRIMARY, 1, 1000)
                .peer("m3", Role.STANDBY, 1, 1000)
                .by(Rule.PRIMARY_ALIVE))
        .isEmpty();
  }

  @Test
  void catchUpWithAVoterThatCannotLead() {
    PeerReport cutOff =
        PeerReport.of("m3").toBuilder()
            .role(Role.STANDBY)
            .running(true)
            .timeline(1)
            .position(new Lsn(2000))
            .seesStore(false)
            .build();
    assertThat(
            new Scene()
                .vacant()
                .synchrony(Mode.QUORUM, true, 1)
                .sync("m2", 1, "m1", "m3")
                .peer("m2", Role.STANDBY, 1, 900)
                .report(cutOff)
                .by(Rule.CATCH_UP))
        .containsExactly(new Effect.Follow("m3"));
  }

  @Test
  @Promise("P165")
  void betterPeerGoesFirst() {
    Scene scene =
        new Scene().vacant().peer("m2", Role.STANDBY, 1, 900).peer("m3", Role.STANDBY, 1, 1500);
    assertThat(scene.by(Rule.BETTER_PEER)).isEmpty();
    Scene equals =
        new Scene()
            .vacant(Duration.ofSeconds(10))
            .tagged(Tags.NONE)
            .report(
                PeerReport.of("m3").toBuilder()
                    .role(Role.STANDBY)
                    .running(true)
                    .timeline(1)
                    .position(new Lsn(1000))
                    .tags(Tags.NONE.toBuilder().failoverPriority(9).build())
                    .seesStore(true)
                    .build())
            .peer("m2", Role.STANDBY, 1, 900);
    assertThat(equals.by(Rule.ACQUIRE)).as("equals only get a head start").hasSize(1);
  }

  @Test
  @Promise("P104")
  void acquireTheVacantKey() {
    assertThat(
            new Scene()
                .vacant()
                .peer("m2", Role.STANDBY, 1, 900)
                .peer("m3", Role.STANDBY, 1, 900)
                .by(Rule.ACQUIRE))
        .containsExactly(new Effect.AcquireLeader());
  }

  @Test
  void acquireByThePrimaryOfATimelineThatNobodyElseIsOn() {
    assertThat(
            new Scene()
                .vacant()
                .server(Condition.CRASHED, Role.PRIMARY, 2, 1000)
                .peer("m2", Role.STANDBY, 1, 2000)
                .peer("m3", Role.STANDBY, 1, 2000)
                .by(Rule.ACQUIRE))
        .containsExactly(new Effect.AcquireLeader());
  }

  // ---- 500 following

  @Test
  void cloneTheLeader() {
    assertThat(new Scene().nothing(Condition.EMPTY).by(Rule.CLONE))
        .containsExactly(new Effect.CloneFrom("m2"));
  }

  @Test
  void cloneOverABootstrapThatWasNeverRecorded() {
    assertThat(
            new Scene()
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .unrecorded("7111")
                .by(Rule.CLONE))
        .containsExactly(new Effect.CloneFrom("m2"));
  }

  @Test
  void cloneOverATimelineThatTheClusterDoesNotKnow() {
    assertThat(
            new Scene()
                .server(Condition.CRASHED, Role.PRIMARY, 2, 1000)
                .member("m2", MemberRole.PRIMARY, 2)
                .history(1, 900, "m2")
                .succeeded(Effect.ListLost.class)
                .by(Rule.CLONE))
        .containsExactly(new Effect.CloneFrom("m2"));
  }

  @Test
  @Promise({"P122", "P175"})
  void rejoinAsAFormerPrimary() {
    assertThat(
            new Scene()
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .member("m2", MemberRole.PRIMARY, 2)
                .history(1, 900, "m2")
                .succeeded(Effect.ListLost.class)
                .by(Rule.REJOIN))
        .containsExactly(new Effect.Rejoin("m2"));
  }

  @Test
  @Promise("P175")
  void startStandbyThatIsDown() {
    assertThat(new Scene().server(Condition.STOPPED, Role.STANDBY, 1, 1000).by(Rule.START_STANDBY))
        .containsExactly(new Effect.StartStandby("m2"));
  }

  @Test
  void stopDivergedStandby() {
    assertThat(
            new Scene()
                .member("m2", MemberRole.PRIMARY, 2)
                .history(1, 900, "m2")
                .by(Rule.STOP_DIVERGED))
        .hasSize(1);
  }

  @Test
  @Promise("P167")
  void followTheLeaderOnceItsTimelineIsRecorded() {
    Scene scene =
        new Scene().leader("m3", Duration.ofMillis(10)).member("m3", MemberRole.PRIMARY, 2);
    assertThat(scene.by(Rule.FOLLOW)).as("timeline 2 is not recorded").isEmpty();
    assertThat(scene.history(1, 1000, "m3").by(Rule.FOLLOW))
        .containsExactly(new Effect.Follow("m3"));
  }

  @Test
  void streamFromTheLeader() {
    assertThat(new Scene().by(Rule.STREAM)).isEmpty();
  }

  @Test
  @Promise("P182")
  void startLeaderlessToServeReads() {
    assertThat(
            new Scene()
                .vacant()
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .by(Rule.START_LEADERLESS))
        .containsExactly(new Effect.StartStandby(""));
  }

  @Test
  void leaderlessStandbyWaits() {
    assertThat(new Scene().vacant().storeFails().by(Rule.LEADERLESS)).isEmpty();
  }

  // ---- 600 bootstrap

  @Test
  void claimDataOfAPrimary() {
    assertThat(
            new Scene()
                .unclaimed()
                .server(Condition.STOPPED, Role.PRIMARY, 1, 1000)
                .by(Rule.CLAIM_DATA))
        .containsExactly(new Effect.TakeInitialize());
  }

  @Test
  void claimClusterWithoutData() {
    Scene scene = new Scene().unclaimed().nothing(Condition.EMPTY);
    assertThat(scene.by(Rule.CLAIM_CLUSTER)).containsExactly(new Effect.TakeInitialize());
    assertThat(scene.tagged(NOFAILOVER).decide().orders())
        .noneMatch(order -> order.effect() instanceof Effect.TakeInitialize);
  }

  @Test
  void bootstrapFailedEndsTheAgent() {
    assertThat(claimant().failed(Effect.Bootstrap.class, 3).by(Rule.BOOTSTRAP_FAILED))
        .singleElement()
        .isInstanceOf(Effect.Exit.class);
  }

  private static Scene claimant() {
    return new Scene()
        .unclaimed()
        .leading()
        .initialization(new Initialization.InProgress())
        .nothing(Condition.EMPTY);
  }

  @Test
  void bootstrapByTheClaimant() {
    assertThat(claimant().by(Rule.BOOTSTRAP)).containsExactly(new Effect.Bootstrap());
  }

  @Test
  void recordClusterOnceThePrimaryRuns() {
    assertThat(claimant().primary(1, 1000).by(Rule.RECORD_CLUSTER))
        .containsExactly(new Effect.FinishInitialize(Scene.CLUSTER));
    assertThat(claimant().primary(1, 1000).decide().view().routed().primary())
        .as("nobody is sent there before")
        .isEmpty();
  }

  @Test
  void awaitBootstrapOfAnother() {
    Scene scene = new Scene().unclaimed().nothing(Condition.EMPTY);
    scene.initialization(new Initialization.InProgress());
    assertThat(scene.by(Rule.AWAIT_BOOTSTRAP)).isEmpty();
  }

  @Test
  void awaitStoreWhileNothingIsKnown() {
    assertThat(new Scene().storeUnknown().by(Rule.AWAIT_STORE)).isEmpty();
  }

  @Test
  void idleWithNothingToDo() {
    assertThat(new Scene().vacant().nothing(Condition.EMPTY).by(Rule.IDLE)).isEmpty();
  }

  // ---- 700 and 800 duties

  @Test
  void recordHistoryWhenATimelineBegan() {
    assertThat(new Scene().leading().primary(2, 1000).by(Rule.RECORD_HISTORY))
        .containsExactly(new Effect.WriteHistory(2));
  }

  @Test
  @Promise({"P121", "P200"})
  void syncStepRecordsAVoterBeforeCommitsWaitForIt() {
    Scene scene =
        new Scene()
            .leading()
            .primary(1, 1000)
            .synchrony(Mode.QUORUM, true, 1)
            .sync("m1", 0, "m2")
            .streamedBy(any(1, "m2"), Map.of("m2", 1000L, "m3", 1000L));
    assertThat(scene.by(Rule.SYNC_STEP))
        .containsExactly(
            new Effect.WriteSync(new SyncState(40, "m1", 1, new TreeSet<>(Set.of("m2", "m3")))));
  }

  @Test
  void syncStepDoesNotRelyOnAKeyThatMayStillChange() {
    Scene lost =
        new Scene()
            .leading()
            .primary(1, 1000)
            .synchrony(Mode.QUORUM, false, 1)
            .sync("m1", 1, "m2")
            .streamedBy(any(1, "m2"), Map.of());
    assertThat(lost.by(Rule.SYNC_STEP))
        .as("this agent has not written the key: an earlier life may have")
        .containsExactly(
            new Effect.WriteSync(new SyncState(40, "m1", 1, new TreeSet<>(Set.of("m2")))));
    assertThat(lost.syncBase(30).by(Rule.SYNC_STEP))
        .containsExactly(new Effect.SetSyncNames(SyncNames.NONE));
  }

  @Test
  void publishWhatHasChanged() {
    assertThat(new Scene().member("m1", MemberRole.PRIMARY, 1).by(Rule.PUBLISH)).hasSize(1);
  }

  @Test
  void checkpointPromotedPrimary() {
    Scene scene = new Scene().leading().primary(2, 1000).history(1, 900, "m1").published();
    assertThat(scene.decide().orders()).noneMatch(o -> o.effect() instanceof Effect.Checkpoint);
    assertThat(scene.unsettled().by(Rule.CHECKPOINT_PROMOTED))
        .containsExactly(new Effect.Checkpoint());
  }

  @Test
  void recordStatusOfTheLeadersWal() {
    assertThat(new Scene().leading().primary(1, 1000).published().by(Rule.RECORD_STATUS))
        .hasSize(1);
  }

  @Test
  @Promise("P115")
  void keepSlotsForEachMember() {
    assertThat(new Scene().leading().primary(1, 1000).published().noted().by(Rule.KEEP_SLOTS))
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.KeepSlots.class,
            keep -> assertThat(keep.slots().create()).containsOnlyKeys("m2", "m3"));
  }

  @Test
  void routeClientsToTheLeader() {
    assertThat(
            new Scene()
                .slots(Map.of("m2", idle(1000), "m3", idle(1000)))
                .published()
                .by(Rule.ROUTE))
        .containsExactly(new Effect.Route(new Routing("m2", new TreeSet<>(Set.of("m1", "m3")))));
  }

  @Test
  void copySlotsThatTheLeaderHas() {
    SortedMap<String, SlotKind> feed = new TreeMap<>();
    feed.put("feed", new SlotKind.Logical("app", "pgoutput"));
    assertThat(
            new Scene()
                .slotRules(new SlotRules(true, feed, List.of(), Duration.ofMinutes(1)))
                .slots(Map.of("m2", idle(1000), "m3", idle(1000)))
                .status(1000, Map.of("feed", 900L))
                .published()
                .routed()
                .by(Rule.COPY_SLOTS))
        .containsExactly(new Effect.CopySlots("m2", "m2", new TreeSet<>(Set.of("feed"))));
  }

  private static ReplicationSlot idle(long end) {
    return ReplicationSlot.idle(new Lsn(end));
  }

  @Test
  void proveCommitIsDueAWhileAfterTheLastProof() {
    Scene scene = new Scene().published().running(new Effect.Route(Routing.NONE));
    assertThat(scene.by(Rule.PROVE_COMMIT)).containsExactly(new Effect.ProveCommit());
    assertThat(scene.succeeded(Effect.ProveCommit.class).decide().rule())
        .isNotEqualTo(Rule.PROVE_COMMIT);
  }

  @Test
  void keepReserveIsMadeWhereThereIsRoom() {
    Scene scene =
        new Scene().succeeded(Effect.ProveCommit.class).running(new Effect.Route(Routing.NONE));
    scene.disk(new Disk(true, 5 * GIB, 10 * GIB, 0)).published();
    assertThat(scene.by(Rule.KEEP_RESERVE)).containsExactly(new Effect.KeepReserve(64L << 20));
    assertThat(scene.disk(ROOMY).decide().rule()).isNotEqualTo(Rule.KEEP_RESERVE);
    assertThat(scene.disk(new Disk(true, 300L << 20, 10 * GIB, 0)).decide().rule())
        .as("too little to spare")
        .isNotEqualTo(Rule.KEEP_RESERVE);
  }
}
