package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Effect.FromSource.Way;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One test for each rule of a standby cluster, named after it, and where others differ there. */
class StandingRulesTest {
  private static final Source SOURCE = new Source("10.0.0.9", 5432, "dr");
  private static final Settings STANDBY =
      Settings.DEFAULT.toBuilder().source(Optional.of(SOURCE)).build();

  private static Scene standby() {
    return new Scene().settings(STANDBY).leading().standby(1, 1000);
  }

  private static Effect from(Way way) {
    return new Effect.FromSource(SOURCE, way);
  }

  @Test
  @Promise({"P193", "P194"})
  void retireShutsThePrimaryDownAndKeepsTheKey() {
    assertThat(standby().primary(1, 1000).by(Rule.RETIRE)).containsExactly(from(Way.RETIRE));
  }

  @Test
  void passStandbyLeadGivesTheKeyToTheOneAskedFor() {
    assertThat(standby().asked("m1", "m3").by(Rule.PASS_STANDBY_LEAD))
        .containsExactly(new Effect.ReleaseLeader(Lsn.ZERO));
  }

  @Test
  void requestRefusedWhereNobodyCouldTakeTheLeadOfAStandbyCluster() {
    assertThat(standby().asked("m1", "").by(Rule.REQUEST_REFUSED)).hasSize(1);
    assertThat(standby().asked("m1", "m9").by(Rule.REQUEST_REFUSED)).hasSize(1);
    assertThat(standby().asked("m1", "m3").decide().rule()).isEqualTo(Rule.PASS_STANDBY_LEAD);
  }

  /** Found by simulation: it was given back for promotions that had failed before. */
  @Test
  void promotionsThatFailedOnceDoNotEndTheLeadOfAStandbyCluster() {
    assertThat(
            standby()
                .failed(Effect.Promote.class, 3)
                .peer("m2", Role.STANDBY, 1, 1000)
                .decide()
                .rule())
        .isEqualTo(Rule.FOLLOW_SOURCE);
  }

  @Test
  @Promise({"P193", "P194"})
  void followSourcePointsTheLeaderOutside() {
    assertThat(standby().by(Rule.FOLLOW_SOURCE)).containsExactly(from(Way.FOLLOW));
    Scene follows = standby().streaming();
    follows.upstreamAddress("10.0.0.9:5432");
    assertThat(follows.by(Rule.FOLLOW_SOURCE)).isEmpty();
    assertThat(SelfPortrait.of(follows.view(), Scene.NOW).role())
        .isEqualTo(MemberRole.STANDBY_LEADER);
  }

  @Test
  void followSourceSaysWhenNothingComes() {
    Scene dry = dry().failedLately(Effect.CompareSource.class);
    assertThat(dry.course().reason())
        .isEqualTo("leading a standby cluster of 10.0.0.9:5432, which sends no WAL");
    assertThat(dry.since(Duration.ofSeconds(1)).course().reason())
        .as("it may only be connecting")
        .isEqualTo("leading a standby cluster of 10.0.0.9:5432");
  }

  @Test
  void followSourceStartsWhatIsDown() {
    assertThat(
            standby()
                .server(Condition.STOPPED, Role.STANDBY, 1, 1000)
                .since(Duration.ofSeconds(1))
                .by(Rule.FOLLOW_SOURCE))
        .containsExactly(from(Way.START));
  }

  @Test
  @Promise("P198")
  void followSourceListsWhatIsGivenUpBeforeItIsUndone() {
    Scene led =
        standby().server(Condition.STOPPED, Role.PRIMARY, 1, 1000).since(Duration.ofSeconds(1));
    assertThat(led.by(Rule.FOLLOW_SOURCE))
        .as("it may have gone another way")
        .containsExactly(new Effect.ListGivenUp(SOURCE));
    assertThat(led.failedLately(Effect.ListGivenUp.class).by(Rule.FOLLOW_SOURCE))
        .as("a list keeps nobody away")
        .containsExactly(from(Way.REJOIN));
    assertThat(led.succeeded(Effect.ListGivenUp.class).by(Rule.FOLLOW_SOURCE))
        .containsExactly(from(Way.REJOIN));
    Scene unstartable =
        standby()
            .server(Condition.STOPPED, Role.STANDBY, 1, 1000)
            .succeeded(Effect.ListGivenUp.class)
            .failed(Effect.FromSource.class, 1)
            .since(Duration.ofMillis(1));
    assertThat(unstartable.by(Rule.FOLLOW_SOURCE))
        .as("it went down since, and does not start as it is")
        .containsExactly(new Effect.ListGivenUp(SOURCE));
  }

  @Test
  void promoteEndsAStandbyCluster() {
    assertThat(standby().settings(Settings.DEFAULT).by(Rule.PROMOTE))
        .containsExactly(new Effect.Promote());
  }

  @Test
  void bootstrapOfAStandbyClusterCopiesTheSource() {
    Scene claimant =
        standby().nothing(Condition.EMPTY).initialization(new Initialization.InProgress());
    assertThat(claimant.by(Rule.BOOTSTRAP)).containsExactly(from(Way.CLONE));
    assertThat(standby().initialization(new Initialization.InProgress()).by(Rule.RECORD_CLUSTER))
        .containsExactly(new Effect.FinishInitialize(Scene.CLUSTER));
  }

  @Test
  void keepSlotsServesTheMembersThatStreamFromAStandbyLeader() {
    Scene leader = standby().published();
    leader.upstreamAddress("10.0.0.9:5432");
    assertThat(SlotPlan.ofLeader(leader.view(), Scene.NOW).work().isEmpty()).isFalse();
  }

  @Test
  void followWorksUnderAStandbyLeader() {
    Scene replica = new Scene().settings(STANDBY).member("m2", MemberRole.STANDBY_LEADER, 7);
    replica.since(Duration.ofSeconds(20));
    assertThat(replica.standby(6, 1000).by(Rule.STREAM)).as("m2 is followed").isEmpty();
    assertThat(replica.standby(9, 1000).by(Rule.STOP_DIVERGED))
        .as("the cluster led itself for a while, and gave that up")
        .hasSize(1);
  }

  /** The cluster led itself on timeline 2, and its leader is back on timeline 1. */
  private static Scene gaveUpTimelineTwo() {
    return new Scene()
        .settings(STANDBY)
        .member("m2", MemberRole.STANDBY_LEADER, 1)
        .history(1, 900, "m2")
        .gaveUp(2);
  }

  /** Found on real hosts: nobody could lead any more. */
  @Test
  @Promise({"P193", "P198"})
  void acquireInAStandbyClusterWhateverItBeganItself() {
    Scene heir = lostLeader().settings(STANDBY);
    assertThat(heir.by(Rule.ACQUIRE)).hasSize(1);
    assertThat(heir.status(9_000_000).by(Rule.ACQUIRE))
        .as("nor counts how far it was itself")
        .hasSize(1);
    assertThat(heir.settings(Settings.DEFAULT).course().rule())
        .as("where it counts")
        .isEqualTo(Rule.NOT_ELECTABLE);
    assertThat(heir.status(1000).gaveUp(2).by(Rule.ACQUIRE))
        .as("it was given up, and the cluster leads itself again")
        .hasSize(1);
  }

  /** It has gone back to timeline 1, and m2, which began timeline 2, is gone. */
  private static Scene lostLeader() {
    return new Scene()
        .vacant()
        .gone("m2")
        .gone("m3")
        .standby(1, 1000)
        .followingNobody()
        .history(1, 900, "m2");
  }

  /** Found by simulation: timeline 2 was begun a second time. */
  @Test
  @Promise("P198")
  void promoteBeginsATimelineBeyondAllThatWereGivenUp() {
    assertThat(standby().settings(Settings.DEFAULT).history(1, 900, "m2").by(Rule.PROMOTE))
        .containsExactly(new Effect.Promote(2));
    assertThat(
            standby()
                .settings(Settings.DEFAULT)
                .standby(2, 1000)
                .history(1, 900, "m2")
                .by(Rule.PROMOTE))
        .as("its own files tell of all")
        .containsExactly(new Effect.Promote());
    assertThat(
            standby()
                .settings(Settings.DEFAULT)
                .standby(4, 1000)
                .member("m3", MemberRole.REPLICA, 5)
                .by(Rule.PROMOTE))
        .as("m3 received one from outside that is newer")
        .containsExactly(new Effect.Promote(5));
  }

  @Test
  void recordStatusTellsWhatWasGivenUp() {
    Scene leader = standby().history(1, 900, "m1").streaming();
    leader.upstreamAddress("10.0.0.9:5432");
    assertThat(givenUpBy(leader)).as("timeline 1 comes from the source").isEqualTo(2);
    Scene dry = standby().history(1, 900, "m1");
    assertThat(givenUpBy(dry)).as("nobody knows yet what the source is on").isZero();
    assertThat(givenUpBy(dry.gaveUp(2))).as("it is still so").isEqualTo(2);
    assertThat(givenUpBy(leader.standby(3, 1000).streaming().gaveUp(2)))
        .as("the source's is newer")
        .isZero();
  }

  private static int givenUpBy(Scene scene) {
    return Standing.givenUp(scene.view(), Scene.NOW);
  }

  /** Undone before that is noted, it would be on nobody's disk, and bar everybody. */
  @Test
  void stopDivergedWaitsUntilItIsNotedWhatWasGivenUp() {
    Scene replica = gaveUpTimelineTwo();
    assertThat(replica.gaveUp(0).course().reason())
        .isEqualTo("for m2 to serve and to record its timeline");
    assertThat(replica.gaveUp(2).by(Rule.STOP_DIVERGED)).hasSize(1);
  }

  private static Scene dry() {
    Scene dry = standby();
    dry.upstreamAddress("10.0.0.9:5432");
    return dry;
  }

  @Test
  @Promise("P193")
  void compareSourceWhenNothingComes() {
    assertThat(dry().by(Rule.COMPARE_SOURCE)).containsExactly(new Effect.CompareSource(SOURCE, 1));
    assertThat(dry().since(Duration.ofSeconds(1)).course().rule())
        .as("it may only be connecting")
        .isEqualTo(Rule.FOLLOW_SOURCE);
    Scene fed = standby().streaming();
    fed.upstreamAddress("10.0.0.9:5432");
    assertThat(fed.course().rule()).isEqualTo(Rule.FOLLOW_SOURCE);
    assertThat(dry().failedLately(Effect.CompareSource.class).course().rule())
        .as("the source is down")
        .isEqualTo(Rule.FOLLOW_SOURCE);
    assertThat(dry().succeeded(Effect.CompareSource.class).course().rule())
        .as("the histories are one")
        .isEqualTo(Rule.FOLLOW_SOURCE);
  }

  @Test
  @Promise({"P193", "P198"})
  void leaveOwnWayStopsTheServerToTakeItBack() {
    Scene strayed = dry().refusedLately(Effect.CompareSource.class);
    assertThat(strayed.by(Rule.LEAVE_OWN_WAY))
        .containsExactly(
            new Effect.StopServer(
                Effect.StopMode.FAST, "to be taken back to its source's history"));
    assertThat(strayed.succeeded(Effect.ListGivenUp.class).course().reason())
        .as("once a minute where that does not help")
        .endsWith("sends no WAL: no; it was taken back a moment ago, which did not help");
  }

  @Test
  void leaveOwnWayNotWhereNothingMayBeDone() {
    Undoing nothing = new Undoing(false, false, false);
    Scene kept = dry().settings(STANDBY.toBuilder().undoing(nothing).build());
    kept.refusedLately(Effect.CompareSource.class);
    assertThat(kept.course().rule()).isEqualTo(Rule.FOLLOW_SOURCE);
    assertThat(kept.course().reason())
        .endsWith(
            "its data is kept; to let it be rewound: matriarch config set --set"
                + " postgresql.use_pg_rewind=true");
    assertThat(FailoverReadiness.of(kept.view(), Scene.NOW, WalPace.NONE).missing())
        .extracting(FailoverReadiness.Missing::condition)
        .contains(FailoverReadiness.Condition.SOURCE);
  }

  /** Found by simulation: two passed the lead to and fro, and neither was taken back. */
  @Test
  void giveUpNotWhileItIsTakenBack() {
    Settings hasty = STANDBY.toBuilder().primaryStartTimeout(Duration.ZERO).build();
    Scene down =
        standby()
            .settings(hasty)
            .server(Condition.STOPPED, Role.STANDBY, 1, 1000)
            .peer("m2", Role.STANDBY, 1, 1000);
    assertThat(down.course().rule()).isEqualTo(Rule.GIVE_UP);
    down.refusedLately(Effect.CompareSource.class).succeeded(Effect.StopServer.class);
    assertThat(down.course().rule()).isEqualTo(Rule.FOLLOW_SOURCE);
    assertThat(down.failed(Effect.FromSource.class, 3).course().rule()).isEqualTo(Rule.GIVE_UP);
  }

  @Test
  void followSourceTakesBackWhoWentAnotherWay() {
    Scene stopped =
        standby()
            .server(Condition.STOPPED, Role.STANDBY, 1, 1000)
            .since(Duration.ofMillis(12))
            .refusedLately(Effect.CompareSource.class)
            .succeeded(Effect.StopServer.class);
    assertThat(stopped.by(Rule.FOLLOW_SOURCE)).containsExactly(new Effect.ListGivenUp(SOURCE));
    assertThat(stopped.succeeded(Effect.ListGivenUp.class).by(Rule.FOLLOW_SOURCE))
        .containsExactly(from(Way.REJOIN));
    assertThat(stopped.failed(Effect.FromSource.class, 2).by(Rule.FOLLOW_SOURCE))
        .as("the source cannot be reached")
        .containsExactly(from(Way.REJOIN));
    assertThat(stopped.refused(Effect.FromSource.class, 2).by(Rule.FOLLOW_SOURCE))
        .as("it cannot be rewound")
        .containsExactly(from(Way.CLONE));
    Undoing careful = new Undoing(true, false, false);
    assertThat(
            stopped.settings(STANDBY.toBuilder().undoing(careful).build()).by(Rule.FOLLOW_SOURCE))
        .as("and may not be thrown away")
        .containsExactly(from(Way.REJOIN));
  }

  @Test
  void stopDivergedFindsWhoFollowedATimelineThatWasGivenUp() {
    assertThat(gaveUpTimelineTwo().by(Rule.STOP_DIVERGED))
        .as("it tells timeline 1, its last restartpoint's, and receives nothing")
        .hasSize(1);
    assertThat(gaveUpTimelineTwo().since(Duration.ofSeconds(1)).by(Rule.STREAM))
        .as("it may only be connecting")
        .isEmpty();
    assertThat(gaveUpTimelineTwo().succeeded(Effect.Rejoin.class).by(Rule.STREAM))
        .as("it was brought back; something else is wrong")
        .isEmpty();
    assertThat(gaveUpTimelineTwo().succeeded(Effect.Rejoin.class).streamed().by(Rule.STOP_DIVERGED))
        .as("it received WAL after it was brought back")
        .hasSize(1);
    Scene again = gaveUpTimelineTwo().since(Duration.ofSeconds(20));
    assertThat(again.succeeded(Effect.Rejoin.class, Duration.ofSeconds(60)).by(Rule.STOP_DIVERGED))
        .as("it was started again since, for another reason")
        .hasSize(1);
    assertThat(
            new Scene()
                .settings(STANDBY)
                .member("m2", MemberRole.STANDBY_LEADER, 1)
                .by(Rule.STREAM))
        .as("the cluster never led itself")
        .isEmpty();
  }

  /** It gave the key back, and nobody was to take it. */
  @Test
  @Promise("P193")
  void pausedGivesBackNotTheLeadOfAStandbyCluster() {
    Scene paused = standby().settings(STANDBY.toBuilder().paused(true).build()).streaming();
    paused.upstreamAddress("10.0.0.9:5432");
    assertThat(paused.course().rule()).isEqualTo(Rule.FOLLOW_SOURCE);
    assertThat(paused.settings(Settings.DEFAULT.toBuilder().paused(true).build()).course().rule())
        .isEqualTo(Rule.PAUSED_GIVES_BACK);
  }

  /** No history here tells where a timeline from outside parted from the one before. */
  @Test
  void stopDivergedFindsWhoIsLeftBehindOnATimelineOfOutside() {
    Scene replica = new Scene().settings(STANDBY).member("m2", MemberRole.STANDBY_LEADER, 7);
    assertThat(replica.standby(6, 1000).by(Rule.STOP_DIVERGED)).hasSize(1);
    assertThat(replica.followingNobody().by(Rule.FOLLOW))
        .as("it may be that it only was not told whom to follow (seed 9205113)")
        .containsExactly(new Effect.Follow("m2"));
    replica.server(Condition.STOPPED, Role.STANDBY, 6, 1000);
    assertThat(replica.by(Rule.START_STANDBY)).as("it was down for another reason").hasSize(1);
    replica.succeeded(Effect.ListLost.class).succeeded(Effect.StopServer.class);
    assertThat(replica.by(Rule.REJOIN)).containsExactly(new Effect.Rejoin("m2"));
  }

  /**
   * It was cut off from etcd, or its disk hung, while its leader was lost and another followed the
   * server outside to a new timeline: that it receives nothing from who is gone says nothing (seeds
   * 40015764 and 40021094).
   */
  @Test
  @Promise({"P193", "P194"})
  void followComesBeforeTheQuestionWhetherItIsLeftBehind() {
    for (Undoing undoing : List.of(Undoing.DEFAULT, new Undoing(false, false, false))) {
      Scene replica =
          new Scene()
              .settings(STANDBY.toBuilder().undoing(undoing).build())
              .member("m2", MemberRole.STANDBY_LEADER, 7)
              .standby(6, 1000);
      assertThat(replica.following("m3").by(Rule.FOLLOW))
          .as("%s", undoing)
          .containsExactly(new Effect.Follow("m2"));
      assertThat(replica.following("m2").course().rule())
          .isEqualTo(undoing.isForbidden() ? Rule.KEEP_DIVERGED : Rule.STOP_DIVERGED);
    }
  }

  /** It may be connecting yet to whom it was pointed to a moment ago. */
  @Test
  void stopDivergedNotAtOnceWhoIsPointedToItsLeaderAtLast() {
    Scene replica = new Scene().settings(STANDBY).member("m2", MemberRole.STANDBY_LEADER, 7);
    Event pointed = new Event.ServerSeen(replica.standby(6, 1000).view().server());
    assertThat(courseAfter(replica, pointed)).as("all the while").isEqualTo(Rule.STOP_DIVERGED);
    assertThat(courseAfter(replica.following("m3"), pointed)).isEqualTo(Rule.STREAM);
  }

  private static Rule courseAfter(Scene scene, Event event) {
    View after = scene.view().after(event, Scene.NOW);
    return new Engine(Engine.course(), List.of()).decide(after, new Event.Tick(), Scene.NOW).rule();
  }

  @Test
  void rejoinOfWhoMayHaveFollowedATimelineThatWasGivenUp() {
    assertThat(
            gaveUpTimelineTwo()
                .server(Condition.STOPPED, Role.STANDBY, 1, 1000)
                .succeeded(Effect.ListLost.class)
                .by(Rule.REJOIN))
        .containsExactly(new Effect.Rejoin("m2"));
  }
}
