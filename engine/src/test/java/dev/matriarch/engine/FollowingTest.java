package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One test for each rule of following, named after it: where it fires and what it orders. */
class FollowingTest {
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
    Scene diverged = new Scene().member("m2", MemberRole.PRIMARY, 2).history(1, 900, "m2");
    assertThat(diverged.by(Rule.STOP_DIVERGED)).hasSize(1);
    Duration half = Settings.DEFAULT.lease().lease().dividedBy(2);
    assertThat(diverged.leader("m2", half).decide().rule())
        .as("a leader that may be gone rewinds nobody")
        .isNotEqualTo(Rule.STOP_DIVERGED);
  }

  @Test
  void followTheLeaderWhereTheDeclaredUpstreamIsLeftBehind() {
    Scene cascading =
        new Scene()
            .tagged(Tags.NONE.toBuilder().replicatefrom("m3").build())
            .standby(2, 1000)
            .history(1, 900, "m2")
            .member("m2", MemberRole.PRIMARY, 2);
    assertThat(cascading.member("m3", MemberRole.REPLICA, 2).by(Rule.FOLLOW))
        .containsExactly(new Effect.Follow("m3"));
    assertThat(cascading.member("m3", MemberRole.REPLICA, 1).by(Rule.STREAM)).isEmpty();
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
}
