package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Synchrony.Mode;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One test for each rule of electing, named after it: where it fires and what it orders. */
class ElectingTest {
  private static final Tags NOFAILOVER = Tags.NONE.toBuilder().nofailover(true).build();

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
  @Promise("P91")
  void ofEqualsTheLowerNumberGoesFirst() {
    assertThat(
            Stream.of("pg-b-1", "pg-a-10", "pg-a-2", "pg-a-01", "pg-a-1", "pg-a", "9")
                .sorted(MemberNames.IN_ORDER))
        .containsExactly("9", "pg-a", "pg-a-01", "pg-a-1", "pg-a-2", "pg-a-10", "pg-b-1");
    Scene equals =
        new Scene().vacant().peer("m10", Role.STANDBY, 1, 900).peer("m2", Role.STANDBY, 1, 900);
    assertThat(firstOf(equals)).isEqualTo("m2");
    assertThat(firstOf(equals.peer("m11", Role.STANDBY, 1, 901)))
        .as("whoever has more goes first, whatever its number")
        .isEqualTo("m11");
  }

  private static String firstOf(Scene scene) {
    return scene.view().peers().reports().values().stream()
        .max(Candidates.BY_PRECEDENCE)
        .orElseThrow()
        .member();
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
}
