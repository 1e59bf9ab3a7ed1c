package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Synchrony.Mode;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Member m1 is the first to boot after all were down. */
class ColdStartTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static Scene booted(Duration vacant) {
    return new Scene()
        .cold()
        .vacant(vacant)
        .gone("m2")
        .gone("m3")
        .followingNobody()
        .status(1000)
        .ledLast("m2");
  }

  private static Scene booted() {
    return booted(Duration.ofSeconds(10));
  }

  private static Effect askingAll() {
    return new Effect.AskPeers(new TreeSet<>(Set.of("m2")));
  }

  @Test
  @Promise({"P107", "P165"})
  void awaitLastLeavesTheKeyToWhoLedLastForAWhile() {
    assertThat(booted().by(Rule.AWAIT_LAST)).isEmpty();
    assertThat(booted().course().reason())
        .isEqualTo(
            "all members were down: until 1970-01-01T00:17:30Z it waits for m2, who led last");
    assertThat(booted(LONG.minusMillis(1)).by(Rule.AWAIT_LAST)).isEmpty();
    assertThat(booted(LONG).by(Rule.ACQUIRE)).as("some leader is needed").hasSize(1);
  }

  @Test
  void awaitLastEndsAtOnceForWhoSawALeaderAlive() {
    View first = booted().view();
    StoreSight sight = StoreSight.UNSEEN;
    ClusterState held = held(first.state(), 50, 61);
    sight = sight.after(held, LONG, Scene.NOW).after(held, LONG, Scene.NOW);
    assertThat(sight.sawLeader()).as("a key that nobody renews is no leader").isFalse();
    assertThat(sight.after(held(first.state(), 62, 62), LONG, Scene.NOW).sawLeader()).isTrue();
    assertThat(
            new Scene()
                .vacant()
                .gone("m2")
                .gone("m3")
                .followingNobody()
                .ledLast("m2")
                .by(Rule.ACQUIRE))
        .hasSize(1);
  }

  private static ClusterState held(ClusterState from, long key, long revision) {
    return new ClusterState(
        revision,
        new Leadership.Held("m2", key),
        from.initialization(),
        from.members(),
        from.request(),
        from.sync(),
        from.history(),
        from.status(),
        from.config(),
        from.failsafe(),
        from.revocation());
  }

  @Test
  void awaitLastEndsWhenItAnswersAndTheElectionReckonsWithIt() {
    Scene back = booted().member("m2", MemberRole.REPLICA, 1).peersAsked(LONG);
    assertThat(back.by(Rule.AWAIT_LAST)).as("it is asked").containsExactly(askingAll());
    PeerReport starting =
        PeerReport.of("m2").toBuilder().role(Role.STANDBY).running(false).seesStore(true).build();
    assertThat(back.report(starting).by(Rule.AWAIT_LAST)).hasSize(1);
    back.peersAsked(Duration.ofSeconds(5)).peer("m2", Role.STANDBY, 1, 2000);
    assertThat(back.by(Rule.CATCH_UP)).as("its WAL is fetched").hasSize(1);
    Scene atOnce = booted(Duration.ofMillis(500)).member("m2", MemberRole.REPLICA, 1);
    atOnce.report(PeerReport.of("m3"));
    assertThat(atOnce.peer("m2", Role.STANDBY, 1, 2000).by(Rule.BETTER_PEER)).isEmpty();
    PeerReport wiped = PeerReport.of("m2").toBuilder().seesStore(true).build();
    assertThat(
            booted()
                .member("m2", MemberRole.UNINITIALIZED, 0)
                .report(wiped)
                .report(PeerReport.of("m3"))
                .by(Rule.ACQUIRE))
        .as("its data is lost")
        .hasSize(1);
  }

  /** Its agent alone was started anew. */
  @Test
  void awaitLastIsNotForAMemberWhoseServerWasNotDown() {
    assertThat(booted().streamed().by(Rule.ACQUIRE)).hasSize(1);
  }

  @Test
  void awaitLastIsNotForWhoLedLastNorForWhomAnOperatorChose() {
    assertThat(booted().ledLast("m1").by(Rule.ACQUIRE)).hasSize(1);
    assertThat(booted().asked("", "m1").by(Rule.ACQUIRE)).hasSize(1);
  }

  @Test
  void awaitLastGoesByWhoBeganTheNewestTimeline() {
    Scene scene = booted().standby(2, 1000).followingNobody().history(1, 900, "m3");
    assertThat(scene.course().reason()).endsWith("waits for m3, who led last");
  }

  @Test
  void awaitLastAwaitsAllWhereItIsNotKnownWhoLed() {
    Scene scene = booted().ledLast("").failsafe("m1", "m2", "m3");
    assertThat(scene.course().reason()).endsWith("it waits for m2 and m3");
    assertThat(booted().ledLast("").by(Rule.ACQUIRE)).as("nobody is known").hasSize(1);
  }

  @Test
  @Promise({"P109", "P201"})
  void inSynchronousModeTheRecordDecidesForEver() {
    Scene scene = booted(Duration.ofHours(1)).synchrony(Mode.QUORUM, false, 1).sync("m2", 0, "m3");
    assertThat(scene.course().rule()).isEqualTo(Rule.NOT_ELECTABLE);
    assertThat(scene.course().reason()).endsWith("it waits for m2, m3 as long as it takes");
    scene.sync("m2", 1, "m1", "m3").peersAsked(Duration.ofMillis(1));
    assertThat(scene.course().rule()).isEqualTo(Rule.AWAIT_ANSWERS);
    scene.peersAsked(Duration.ofSeconds(5));
    assertThat(scene.by(Rule.QUORUM_MISSING)).hasSize(1);
    assertThat(booted().synchrony(Mode.QUORUM, false, 1).sync("m2", 0, "m1").by(Rule.ACQUIRE))
        .as("it has every acknowledged commit")
        .hasSize(1);
  }

  @Test
  void whoLedLastComesBackByItself() {
    Scene scene = booted().ledLast("m1").server(Condition.CRASHED, Role.PRIMARY, 1, 1000);
    assertThat(scene.by(Rule.START_LEADERLESS)).containsExactly(new Effect.StartStandby(""));
  }
}
