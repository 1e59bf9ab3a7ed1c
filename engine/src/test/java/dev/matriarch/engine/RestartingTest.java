package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Server.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * One test for each rule of restarts and copies that were asked for, named after it: where it fires
 * and what it orders.
 */
class RestartingTest {
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
  void restartRefusedAlsoOfAServerThatIsDown() {
    RestartConditions primary = new RestartConditions(Optional.of(MemberRole.PRIMARY), 0, false);
    Scene down = new Scene().server(Condition.STOPPED, Role.STANDBY, 1, 1000).paused();
    down.restartAsked(
        new RestartPlan(primary, Optional.empty(), Optional.empty(), Optional.empty()), Scene.NOW);
    assertThat(down.by(Rule.RESTART_REFUSED))
        .containsExactly(no(down, "the server is replica, not primary"));
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
        .containsExactly(new Effect.Answer(scene.wish(), true, "reinitialized"));
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
}
