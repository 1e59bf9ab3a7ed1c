package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * One test for each rule of a paused cluster, named after it: where it fires and what it orders.
 */
class PausingTest {
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

  /** It slept through its lease, and hears of the pause first (seeds 40003695 and 40008527). */
  @Test
  void aPauseThatIsHeardOfBeforeEtcdsFirstAnswerSparesNobody() {
    View paused = new Scene().paused().primary(1, 1000).view();
    View unread = paused.toBuilder().store(StoreSight.UNSEEN).build();
    assertThat(unread.mayServeWrites(Scene.NOW)).isFalse();
    View before =
        unread.toBuilder().self(unread.self().toBuilder().startedPaused(true).build()).build();
    assertThat(before.mayServeWrites(Scene.NOW)).as("paused already when it started").isTrue();
  }

  @Test
  void whatItIsAboutToStopIsNotLeftAloneAfterwards() {
    View stopping =
        new Scene()
            .paused()
            .leading()
            .primary(1, 1000)
            .running(new Effect.StopForHandover("m2", false))
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
  }

  @Test
  void whoLedInPauseIsTakenForStoppedOnAnOperatorsWordOnly() {
    Scene failover =
        new Scene()
            .vacant(Duration.ofSeconds(20))
            .ledInPause("m2")
            .peer("m3", Role.STANDBY, 1, 1000)
            .peersAsked(Duration.ofSeconds(5))
            .running(new Effect.Follow(""));
    assertThat(failover.asked("", "m1").by(Rule.LED_IN_PAUSE))
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.ClearRequest.class,
            clear ->
                assertThat(clear.reason())
                    .startsWith("refused: m2 led when the cluster was paused")
                    .endsWith("name it as lost in a failover"));
    assertThat(failover.asked("m2", "m1").by(Rule.LED_IN_PAUSE))
        .as("a switchover goes on once m2 has answered")
        .containsExactly(new Effect.AskPeers(new TreeSet<>(Set.of("m2", "m3"))));
    assertThat(failover.failover("m1", "m3").by(Rule.LED_IN_PAUSE))
        .as("a word about another")
        .hasSize(1);
    assertThat(failover.failover("m1", "m2").by(Rule.ACQUIRE)).hasSize(1);
    assertThat(
            new Scene()
                .vacant()
                .ledInPause("m2")
                .asked("", "m1")
                .peersAsked(Duration.ofMillis(10))
                .running(new Effect.Follow(""))
                .by(Rule.LED_IN_PAUSE))
        .as("it has a moment to answer")
        .isEmpty();
  }

  @Test
  void whoLedInPauseAndIsStillPrimaryIsAskedAgainAlsoWithoutAKey() {
    assertThat(
            new Scene()
                .vacant(Duration.ofSeconds(5))
                .ledInPause("m9")
                .failover("m1", "m9")
                .peer("m9", Role.PRIMARY, 1, 1000)
                .running(new Effect.Follow(""))
                .peersAsked(Duration.ofSeconds(1))
                .by(Rule.PRIMARY_ALIVE))
        .containsExactly(new Effect.AskPeers(new TreeSet<>(Set.of("m2", "m3", "m9"))));
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
}
