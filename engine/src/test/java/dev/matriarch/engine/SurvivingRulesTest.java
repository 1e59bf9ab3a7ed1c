package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Effect.AnswerFailsafe.Reply;
import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One test for each rule of going on without etcd, named after it. */
class SurvivingRulesTest {
  private static final Duration LEASE = Settings.DEFAULT.lease().lease();
  private static final Duration NEED = Settings.DEFAULT.failsafeAfter();
  private static final Duration LONG = LEASE.multipliedBy(10);

  private static Scene withoutEtcd(Duration renewedAgo) {
    return new Scene().leading(renewedAgo).primary(1, 1000).storeFails().failsafe("m1", "m2", "m3");
  }

  private static SortedMap<String, String> addresses(String... names) {
    SortedMap<String, String> all = new TreeMap<>();
    for (String name : names) {
      all.put(name, "http://" + name);
    }
    return all;
  }

  private static Event asks(String leader) {
    return new Event.FailsafeAsked(
        new FailsafeCall(5, leader, LEASE, Collections.emptySortedMap()));
  }

  private static Reply reply(Scene scene, String leader) {
    return ((Effect.AnswerFailsafe) scene.by(Rule.ANSWER_FAILSAFE, asks(leader)).getFirst())
        .reply();
  }

  @Test
  @Promise({"P172", "P180"})
  void askFailsafeOnceRenewalsFail() {
    assertThat(withoutEtcd(NEED).by(Rule.ASK_FAILSAFE))
        .containsExactly(new Effect.AskFailsafe(addresses("m2", "m3"), LEASE));
    assertThat(withoutEtcd(NEED.minusMillis(1)).decide().orders())
        .noneMatch(order -> order.effect() instanceof Effect.AskFailsafe);
  }

  @Test
  void askFailsafeOnlyWhereTheKeyIsSurelyTheLastAndNamesThisMember() {
    Scene unsure = withoutEtcd(NEED);
    unsure.survival(Failsafe.atStart(dev.matriarch.engine.Promise.NONE).writing(30));
    Scene unnamed = withoutEtcd(NEED).failsafe("m2", "m3");
    Scene off = withoutEtcd(NEED).settings(Settings.DEFAULT);
    for (Scene scene : java.util.List.of(unsure, unnamed, off)) {
      assertThat(scene.decide().orders())
          .noneMatch(order -> order.effect() instanceof Effect.AskFailsafe);
    }
  }

  @Test
  @Promise({"P172", "P180"})
  void askFailsafeMovesTheDeadlineByWhatAllAccepted() {
    Scene scene = withoutEtcd(LONG).spared(Duration.ofSeconds(2));
    assertThat(scene.view().leads(Scene.NOW)).isTrue();
    assertThat(scene.view().isFailsafeActive(Scene.NOW)).isTrue();
    assertThat(scene.view().deadline())
        .contains(Settings.DEFAULT.lease().deadline(Scene.NOW.minusSeconds(2)));
    assertThat(withoutEtcd(LONG).spared(LEASE).by(Rule.LEASE_RAN_OUT))
        .singleElement()
        .isInstanceOf(Effect.StopServer.class);
  }

  @Test
  void askFailsafeBringsNoLeadBackThatHasEnded() {
    Event late =
        new Event.FailsafeRound(Scene.NOW.minusSeconds(1), Scene.NOW.plus(LEASE), true, "");
    assertThat(withoutEtcd(LONG).decide(late).view().leads(Scene.NOW)).isFalse();
    View gaveUp = withoutEtcd(NEED).view().toBuilder().lease(new Lease.GivenUp(50)).build();
    assertThat(new Engine().decide(gaveUp, late, Scene.NOW).view().leads(Scene.NOW)).isFalse();
  }

  @Test
  @Promise({"P172", "P181"})
  void failsafeRefusedStopsThePrimary() {
    assertThat(withoutEtcd(NEED).refusedBy("m2").by(Rule.FAILSAFE_REFUSED))
        .containsExactly(new Effect.StopServer(StopMode.IMMEDIATE, "etcd is lost, and m2 says no"));
    assertThat(
            withoutEtcd(NEED)
                .server(Condition.CRASHED, Role.PRIMARY, 1, 1000)
                .refusedBy("m2")
                .by(Rule.FAILSAFE_REFUSED))
        .as("and is not started again")
        .containsExactly(new Effect.ReleaseLeader(Lsn.ZERO));
    assertThat(withoutEtcd(Duration.ofSeconds(1)).refusedBy("m2").decide().rule())
        .as("renewals have come back since")
        .isNotEqualTo(Rule.FAILSAFE_REFUSED);
  }

  @Test
  void reclaimTakesTheKeyThatWentWithEtcd() {
    Scene scene =
        new Scene()
            .primary(1, 1000)
            .vacant()
            .failsafe("m1", "m2", "m3")
            .spared(Duration.ofSeconds(2));
    assertThat(scene.by(Rule.RECLAIM))
        .containsExactly(new Effect.AcquireLeader(30, SyncState.NONE));
  }

  @Test
  void honourPromiseGivesBackAKeyThatWasClaimedBefore() {
    Scene late = new Scene().leading().standby(1, 1000).promised("m2", Duration.ofSeconds(5));
    assertThat(late.by(Rule.HONOUR_PROMISE)).containsExactly(new Effect.ReleaseLeader(Lsn.ZERO));
    assertThat(
            new Scene()
                .leader("m1", Duration.ofSeconds(1))
                .promised("m2", Duration.ofSeconds(5))
                .by(Rule.HONOUR_PROMISE))
        .as("a key of an earlier life is not adopted")
        .isEmpty();
    assertThat(late.promised("m2", Duration.ZERO).by(Rule.PROMOTE))
        .containsExactly(new Effect.Promote());
  }

  @Test
  @Promise({"P180", "P181"})
  void countAliveLeavesTheKeyToTheLeaderThatWasPromisedTime() {
    Scene bound = new Scene().vacant().peersAsked(Duration.ofMillis(10)).promised("m2", NEED);
    assertThat(bound.by(Rule.COUNT_ALIVE)).isEmpty();
    Scene silent = new Scene().leader("m2", LEASE).promised("m2", NEED);
    assertThat(silent.decide().rule()).as("nor is its key deleted").isNotEqualTo(Rule.EXPIRE);
  }

  @Test
  void countAliveEndsWhenTheLeaderSaysThatItDoesNotLeadAnyMore() {
    Scene bound = new Scene().vacant().promised("m2", NEED);
    bound.report(
        PeerReport.of("m2").toBuilder()
            .role(Role.PRIMARY)
            .timeline(1)
            .position(new Lsn(1000))
            .seesStore(true)
            .mayWrite(false)
            .build());
    bound.peer("m3", Role.STANDBY, 1, 900);
    assertThat(bound.by(Rule.ACQUIRE)).containsExactly(new Effect.AcquireLeader());
  }

  @Test
  @Promise("P172")
  void answerFailsafePromisesToWait() {
    Scene replica = new Scene().storeFails().failsafe("m1", "m2", "m3");
    assertThat(replica.by(Rule.ANSWER_FAILSAFE, asks("m2")))
        .containsExactly(
            new Effect.AnswerFailsafe(
                new FailsafeCall(5, "m2", LEASE, Collections.emptySortedMap()),
                Reply.ACCEPTED,
                "m2 is alive",
                Scene.NOW.plus(LEASE)));
    View after = replica.decide(asks("m2")).view();
    assertThat(after.failsafe().promise().binds(Scene.NOW.plus(LEASE).minusMillis(1))).isTrue();
    assertThat(after.isFailsafeActive(Scene.NOW)).isTrue();
  }

  @Test
  void answerFailsafeRefusesWhereSomebodyElseMayLead() {
    Scene primary = new Scene().leading().primary(1, 1000).failsafe("m1", "m2", "m3");
    assertThat(reply(primary, "m2")).isEqualTo(Reply.REFUSED);
    Scene succeeded = new Scene().storeFails().failsafe("m1", "m2", "m3").history(1, 900, "m3");
    assertThat(reply(succeeded, "m2"))
        .as("m3 led after it (seed 22003000)")
        .isEqualTo(Reply.REFUSED);
    assertThat(reply(succeeded, "m3")).isEqualTo(Reply.ACCEPTED);
    Scene follower = new Scene().leader("m3", Duration.ofSeconds(1)).failsafe("m1", "m2", "m3");
    assertThat(reply(follower, "m2")).as("m3 leads").isEqualTo(Reply.REFUSED);
    Scene claiming = new Scene().failsafe("m1", "m2").running(new Effect.ExpireLeader("m2", 50));
    assertThat(reply(claiming, "m2")).as("a claim is on its way").isEqualTo(Reply.REFUSED);
    Scene revoking = new Scene().failsafe("m1", "m2").leader("m2", Duration.ofSeconds(1));
    revoking.running(new Effect.Revoke(new Revocation(0, "m2", 50, 20, "m1")));
    assertThat(reply(revoking, "m2")).as("no claim yet").isEqualTo(Reply.ACCEPTED);
    assertThat(reply(new Scene(), "m2")).isEqualTo(Reply.OFF);
  }

  @Test
  void recordFailsafeNamesAllMembers() {
    Scene scene = new Scene().leading().primary(1, 1000).published().failsafe("m1", "m2");
    assertThat(scene.by(Rule.RECORD_FAILSAFE))
        .containsExactly(new Effect.WriteFailsafe(30, addresses("m1", "m2", "m3")));
    Scene off = new Scene().leading().primary(1, 1000).published().failsafe("m1", "m2", "m3");
    off.settings(Settings.DEFAULT);
    assertThat(off.by(Rule.RECORD_FAILSAFE))
        .as("nobody may go on without etcd")
        .containsExactly(new Effect.WriteFailsafe(30, addresses()));
  }

  /** Their keys may have ended because etcd takes no writes; this member needs their consent. */
  @Test
  void nobodyIsForgottenWhileRenewalsFail() {
    Scene full =
        new Scene().leading(NEED).primary(1, 1000).published().failsafe("m1", "m2", "m3", "m4");
    assertThat(Surviving.record(full.view(), Scene.NOW)).isEqualTo(Verdict.PASS);
    assertThat(full.by(Rule.ASK_FAILSAFE))
        .containsExactly(new Effect.AskFailsafe(addresses("m2", "m3", "m4"), LEASE));
  }

  @Test
  void notElectableWhoCouldNotBeAsked() {
    Scene unnamed = new Scene().vacant().failsafe("m2", "m3").peer("m3", Role.STANDBY, 1, 900);
    unnamed.peersAsked(Duration.ofMillis(10));
    assertThat(unnamed.by(Rule.NOT_ELECTABLE)).isEmpty();
    assertThat(Candidates.ownObjection(unnamed.view()))
        .contains("the failsafe key does not name it: a leader without etcd may go on");
  }

  /** A leader without etcd may have gone on until then, with commits. */
  @Test
  @Promise({"P109", "P172"})
  void askPeersAgainOnceThePromiseIsOver() {
    Scene scene =
        new Scene()
            .vacant(Duration.ofSeconds(10))
            .followingNobody()
            .peersAsked(Duration.ofSeconds(5))
            .peer("m2", Role.STANDBY, 1, 1000)
            .peer("m3", Role.STANDBY, 1, 900);
    assertThat(scene.promised("m2", Duration.ofSeconds(-6)).by(Rule.ACQUIRE)).hasSize(1);
    assertThat(scene.promised("m2", Duration.ofSeconds(-1)).by(Rule.ASK_PEERS)).hasSize(1);
  }

  @Test
  @Promise({"P109", "P172"})
  void askPeersAgainOnceTheLeaderReleasedThePromise() {
    Scene scene =
        new Scene()
            .vacant(Duration.ofSeconds(10))
            .followingNobody()
            .promised("m2", Duration.ofSeconds(3))
            .peersAsked(Duration.ZERO)
            .peer("m3", Role.STANDBY, 1, 900);
    PeerReport ended =
        scene.peer("m2", Role.STANDBY, 1, 1000).view().peers().reports().get("m2").toBuilder()
            .mayWrite(false)
            .build();
    View before = scene.view();
    Decision decision =
        new Engine(Engine.course(), List.of())
            .decide(before, new Event.PeerAnswered(ended), Scene.NOW.plusMillis(5));
    assertThat(decision.rule()).isEqualTo(Rule.ASK_PEERS);
  }
}
