package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Effect.FromSource.Way;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.promises.Promise;
import java.time.Duration;
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
    Scene follows = standby();
    follows.upstreamAddress("10.0.0.9:5432");
    assertThat(follows.by(Rule.FOLLOW_SOURCE)).isEmpty();
    assertThat(SelfPortrait.of(follows.view(), Scene.NOW).role())
        .isEqualTo(MemberRole.STANDBY_LEADER);
  }

  @Test
  void followSourceSaysWhenNothingComes() {
    Scene dry = standby();
    dry.upstreamAddress("10.0.0.9:5432");
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
        .history(1, 900, "m2");
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
    assertThat(
            new Scene()
                .settings(STANDBY)
                .member("m2", MemberRole.STANDBY_LEADER, 1)
                .by(Rule.STREAM))
        .as("the cluster never led itself")
        .isEmpty();
  }

  /** No history here tells where a timeline from outside parted from the one before. */
  @Test
  void stopDivergedFindsWhoIsLeftBehindOnATimelineOfOutside() {
    Scene replica = new Scene().settings(STANDBY).member("m2", MemberRole.STANDBY_LEADER, 7);
    assertThat(replica.standby(6, 1000).by(Rule.STOP_DIVERGED)).hasSize(1);
    replica.server(Condition.STOPPED, Role.STANDBY, 6, 1000);
    assertThat(replica.by(Rule.START_STANDBY)).as("it was down for another reason").hasSize(1);
    replica.succeeded(Effect.ListLost.class).succeeded(Effect.StopServer.class);
    assertThat(replica.by(Rule.REJOIN)).containsExactly(new Effect.Rejoin("m2"));
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
