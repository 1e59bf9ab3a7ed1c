package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Synchrony.Mode;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rules of revocation, each by its name: m2 leads, m1 and m3 vote, a commit waits for one. */
class RevokingTest {
  private static final Duration SILENT = Duration.ofSeconds(3);
  private static final Duration JUST_NOW = Duration.ofMillis(20);
  private static final Revocation RECORD = new Revocation(55, "m2", 50, 40, "m3");

  private static Scene voter() {
    return new Scene().synchrony(Mode.QUORUM, true, 1).sync("m2", 1, "m1", "m3");
  }

  private static Scene revoked() {
    return voter().leader("m2", SILENT).revoked("m3", JUST_NOW);
  }

  @Test
  void revokedInErrorIsRemovedByTheLeader() {
    Scene scene = new Scene().synchrony(Mode.QUORUM, true, 1).leading().primary(1, 1000);
    assertThat(scene.revoked("m3", JUST_NOW).by(Rule.REVOKED_IN_ERROR))
        .containsExactly(new Effect.EndRevocation(55, "m1 leads, and is alive"));
  }

  @Test
  void withdrawRemovesWhatIsVoidAtOnce() {
    Scene renewed = voter().revoked("m3", JUST_NOW).leader("m3", JUST_NOW);
    assertThat(renewed.by(Rule.WITHDRAW))
        .as("the key it is bound to has changed")
        .singleElement()
        .isInstanceOf(Effect.EndRevocation.class);
    assertThat(revoked().paused().by(Rule.WITHDRAW)).hasSize(1);
  }

  @Test
  void withdrawIsItsAuthorsFirst() {
    assertThat(voter().leader("m2", SILENT).revoked("m1", SILENT).by(Rule.WITHDRAW)).hasSize(1);
    assertThat(voter().leader("m2", SILENT).revoked("m3", SILENT).decide().rule())
        .isNotEqualTo(Rule.WITHDRAW);
    assertThat(voter().leader("m2", SILENT).revoked("m3", SILENT.multipliedBy(2)).by(Rule.WITHDRAW))
        .hasSize(1);
  }

  @Test
  void promiseEndsTheReceiver() {
    assertThat(revoked().by(Rule.PROMISE)).containsExactly(new Effect.Promise(55));
  }

  @Test
  void promiseIsNotOfThoseThatAreNoVoters() {
    assertThat(revoked().sync("m2", 0, "m3").by(Rule.STREAM)).isEmpty();
  }

  @Test
  void promiseIsToldOnlyOnceItsEffectHasEnded() {
    Scene scene = revoked().promised().standby(1, 1000).followingNobody();
    assertThat(SelfPortrait.promise(scene.view())).isEqualTo(55);
    assertThat(SelfPortrait.promise(scene.running(new Effect.Promise(55)).view())).isZero();
    assertThat(SelfPortrait.promise(revoked().followingNobody().view())).isZero();
    assertThat(SelfPortrait.promise(revoked().promised().view())).as("it follows m2").isZero();
    assertThat(SelfPortrait.promise(revoked().promised().followingNobody().vacant().view()))
        .as("the record is void")
        .isZero();
  }

  @Test
  void soundOutAsksVotersAndLooksAtTheLeadersServer() {
    assertThat(voter().leader("m2", Duration.ofSeconds(2)).by(Rule.SOUND_OUT))
        .containsExactly(
            new Effect.AskPeers(new TreeSet<>(Set.of("m3"))), new Effect.ProbeServer("m2"));
    assertThat(voter().leader("m2", Duration.ofMillis(1900)).by(Rule.STREAM)).isEmpty();
  }

  @Test
  void soundOutIsForStrictQuorumModeAlone() {
    for (Scene other :
        new Scene[] {
          voter().synchrony(Mode.QUORUM, false, 1),
          voter().synchrony(Mode.PRIORITY, true, 1),
          voter().sync("m3", 1, "m1", "m3"),
          voter().sync("m2", 2, "m1", "m3"),
          voter().paused(),
          voter().storeFails(),
          voter().revocationEnded(SILENT)
        }) {
      assertThat(other.leader("m2", SILENT).by(Rule.STREAM)).isEmpty();
    }
  }

  private static Scene suspecting() {
    return voter().leader("m2", SILENT).peersAsked(Duration.ofMillis(500));
  }

  @Test
  void revokeNeedsEnoughVotersAndADeadServer() {
    Scene alone = suspecting().failedLately(Effect.ProbeServer.class);
    assertThat(alone.by(Rule.REVOKE)).as("m3 has not answered").isEmpty();
    assertThat(alone.peer("m3", Role.STANDBY, 1, 900).by(Rule.REVOKE))
        .containsExactly(new Effect.Revoke(new Revocation(0, "m2", 50, 40, "m1")));
    Scene alive = suspecting().peer("m3", Role.STANDBY, 1, 900);
    assertThat(alive.succeeded(Effect.ProbeServer.class).by(Rule.REVOKE)).isEmpty();
    assertThat(alive.failedLately(Effect.ProbeServer.class).by(Rule.REVOKE))
        .as("having answered it may be busy")
        .isEmpty();
    assertThat(alive.failedLately(Effect.ProbeServer.class, 2).by(Rule.REVOKE)).hasSize(1);
  }

  @Test
  void awaitPromisesAsksUntilThereAreEnough() {
    Scene candidate = revoked().promised().followingNobody();
    assertThat(candidate.by(Rule.AWAIT_PROMISES))
        .containsExactly(new Effect.AskPeers(new TreeSet<>(Set.of("m3"))));
    assertThat(candidate.peer("m3", Role.STANDBY, 1, 900).by(Rule.AWAIT_PROMISES))
        .as("m3 answers, but has not promised")
        .isEmpty();
  }

  @Test
  void takeOverByTheMostAdvanced() {
    SyncState next = new SyncState(40, "m1", 1, new TreeSet<>(Set.of("m2", "m3")));
    Scene candidate = revoked().promised().followingNobody();
    assertThat(candidate.promise("m3", 1000).by(Rule.TAKE_OVER))
        .containsExactly(new Effect.TakeOver(RECORD, next));
    assertThat(revoked().promised().followingNobody().promise("m3", 1001).by(Rule.TAKE_OVER))
        .as("m3 has more")
        .isEmpty();
  }

  @Test
  void keepPromiseStartsAServerThatFollowsNobody() {
    assertThat(
            revoked()
                .promised()
                .server(Condition.CRASHED, Role.STANDBY, 1, 1000)
                .by(Rule.KEEP_PROMISE))
        .containsExactly(new Effect.StartStandby(""));
    Scene limited =
        revoked()
            .tagged(Tags.NONE.toBuilder().nofailover(true).build())
            .promised()
            .followingNobody();
    assertThat(limited.by(Rule.KEEP_PROMISE)).as("nor may it lead").isEmpty();
  }

  /** Sent away before the successor serves, clients could go nowhere. */
  @Test
  void clientsStayWithARevokedLeaderUntilItsSuccessorServes() {
    Routing old =
        new Routing("m2", new TreeSet<>(Set.of("m1", "m3")), Collections.emptySortedSet(), "");
    Scene taken = voter().leader("m3", JUST_NOW).sync("m3", 1, "m1", "m2");
    View before = taken.view().toBuilder().routed(old).build();
    assertThat(SelfPortrait.routing(before, Scene.NOW)).isEqualTo(old);
    View after = taken.member("m3", MemberRole.PRIMARY, 2).view().toBuilder().routed(old).build();
    assertThat(SelfPortrait.routing(after, Scene.NOW).primary()).isEqualTo("m3");
  }
}
