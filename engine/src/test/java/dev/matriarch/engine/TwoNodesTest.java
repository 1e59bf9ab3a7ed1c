package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.FailoverReadiness.Condition;
import dev.matriarch.engine.FailoverReadiness.Missing;
import dev.matriarch.engine.Synchrony.Mode;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A cluster of m1 and m2, as its policy has it. */
class TwoNodesTest {
  private static final Tags NOFAILOVER = Tags.NONE.toBuilder().nofailover(true).build();

  private static Settings with(TwoNodePolicy policy) {
    return Settings.DEFAULT.toBuilder().twoNodePolicy(policy).build();
  }

  /** m2 led, and is gone; m1 has its WAL as far as the status key tells. */
  private static Scene lost(TwoNodePolicy policy) {
    return new Scene()
        .settings(with(policy))
        .vacant(Duration.ofSeconds(10))
        .gone("m2")
        .gone("m3")
        .followingNobody()
        .status(1000)
        .ledLast("m2");
  }

  private static Scene leading(TwoNodePolicy policy) {
    return new Scene()
        .settings(with(policy))
        .leading()
        .gone("m3")
        .primary(1, 5000)
        .member("m1", MemberRole.PRIMARY, 1)
        .streamedBy(SyncNames.NONE, Map.of("m2", 5000L));
  }

  private static FailoverReadiness readiness(Scene scene) {
    return FailoverReadiness.of(scene.view(), Scene.NOW, WalPace.NONE);
  }

  @Test
  @Promise({"P104", "P189"})
  void keepPolicyOfAvailabilityLetsTheStandbyLead() {
    assertThat(lost(TwoNodePolicy.AVAILABILITY).by(Rule.ACQUIRE)).hasSize(1);
    assertThat(lost(TwoNodePolicy.UNDECLARED).decide().reason())
        .isEqualTo(
            "nobody is ahead of this member; of two members it is, and matriarch.two_node_policy is"
                + " not declared");
  }

  @Test
  @Promise("P109")
  void keepPolicyOfConsistencyLeavesTheKeyVacantAndSaysWhy() {
    assertThat(lost(TwoNodePolicy.CONSISTENCY).by(Rule.KEEP_POLICY)).isEmpty();
    assertThat(lost(TwoNodePolicy.CONSISTENCY).course().reason())
        .contains("matriarch.two_node_policy consistency", "failover to m1 overrules");
    assertThat(
            new Scene()
                .settings(with(TwoNodePolicy.CONSISTENCY))
                .leader("m2", Duration.ofSeconds(30))
                .gone("m3")
                .decide()
                .orders())
        .as("nor does it take the key from a leader that is silent")
        .noneMatch(order -> order.effect() instanceof Effect.ExpireLeader);
  }

  @Test
  void keepPolicyGivesWayToAnOperatorsFailover() {
    assertThat(lost(TwoNodePolicy.CONSISTENCY).asked("", "m1").by(Rule.ACQUIRE)).hasSize(1);
  }

  @Test
  void keepPolicyLetsWhoLedLastComeBack() {
    assertThat(lost(TwoNodePolicy.CONSISTENCY).ledLast("m1").by(Rule.ACQUIRE)).hasSize(1);
    Scene unnoted = lost(TwoNodePolicy.CONSISTENCY).ledLast("").member("m2", MemberRole.REPLICA, 1);
    assertThat(unnoted.course().rule()).isEqualTo(Rule.KEEP_POLICY);
    unnoted.peersAsked(Duration.ofSeconds(5)).peer("m2", Role.STANDBY, 1, 1000);
    assertThat(unnoted.led(1).by(Rule.ACQUIRE)).hasSize(1);
    Scene preferred = lost(TwoNodePolicy.CONSISTENCY).ledLast("m1");
    preferred.vacant(Duration.ofMillis(500)).followingNobody();
    PeerReport first =
        preferred.peer("m2", Role.STANDBY, 1, 1000).view().peers().reports().get("m2").toBuilder()
            .tags(Tags.NONE.toBuilder().failoverPriority(9).build())
            .build();
    preferred.report(first).report(PeerReport.of("m3"));
    assertThat(preferred.by(Rule.ACQUIRE))
        .as("m2 must not lead, so it does not go first")
        .hasSize(1);
  }

  @Test
  @Promise({"P109", "P201"})
  void keepPolicyOfConsistencyIsMetByTheRecordedSynchronousStandby() {
    Settings synchronous =
        with(TwoNodePolicy.CONSISTENCY).toBuilder()
            .synchrony(new Synchrony(Mode.QUORUM, false, 1, -1))
            .build();
    Scene scene = lost(TwoNodePolicy.CONSISTENCY).settings(synchronous);
    assertThat(scene.sync("m2", 0, "m1").by(Rule.ACQUIRE)).hasSize(1);
    assertThat(scene.sync("m2", 0).by(Rule.NOT_ELECTABLE)).as("m2 went on alone").isEmpty();
    assertThat(
            scene
                .settings(
                    with(TwoNodePolicy.AVAILABILITY).toBuilder()
                        .synchrony(new Synchrony(Mode.QUORUM, false, 1, -1))
                        .build())
                .by(Rule.NOT_ELECTABLE))
        .as("the record decides, whatever the policy")
        .isEmpty();
  }

  @Test
  void onlyThoseThatMayLeadMakeTwo() {
    assertThat(TwoNodes.areAll(lost(TwoNodePolicy.UNDECLARED).view())).isTrue();
    assertThat(
            TwoNodes.areAll(
                lost(TwoNodePolicy.UNDECLARED)
                    .member("m3", MemberRole.REPLICA, 1)
                    .memberTags("m3", NOFAILOVER)
                    .view()))
        .as("a third that may not lead")
        .isTrue();
    assertThat(
            TwoNodes.areAll(
                lost(TwoNodePolicy.UNDECLARED).member("m3", MemberRole.REPLICA, 1).view()))
        .isFalse();
    assertThat(
            TwoNodes.areAll(
                lost(TwoNodePolicy.UNDECLARED)
                    .member("m2", MemberRole.REPLICA, 1)
                    .memberTags("m2", NOFAILOVER)
                    .member("m3", MemberRole.REPLICA, 1)
                    .view()))
        .as("who led last counts, whatever its tags say by now")
        .isFalse();
    assertThat(TwoNodes.areAll(lost(TwoNodePolicy.UNDECLARED).failsafe("m1", "m2", "m3").view()))
        .as("a third whose key is gone, with its tags")
        .isTrue();
    assertThat(TwoNodes.areAll(lost(TwoNodePolicy.UNDECLARED).ledLast("").view()))
        .as("one alone")
        .isFalse();
    assertThat(TwoNodes.areAll(lost(TwoNodePolicy.UNDECLARED).tagged(NOFAILOVER).view())).isFalse();
  }

  @Test
  void aLeaderDoesNotMakeWayForOneThatWouldNotLead() {
    Scene scene =
        leading(TwoNodePolicy.CONSISTENCY)
            .server(Server.Condition.CRASHED, Role.PRIMARY, 1, 1000)
            .since(Duration.ofSeconds(60))
            .failed(Effect.StartPrimary.class, 3)
            .peer("m2", Role.STANDBY, 1, 1000);
    assertThat(scene.decide().rule()).isEqualTo(Rule.RESTART);
    assertThat(scene.settings(with(TwoNodePolicy.AVAILABILITY)).by(Rule.GIVE_UP)).hasSize(1);
  }

  @Test
  void readinessSaysWhatThePolicyMeans() {
    FailoverReadiness none = readiness(leading(TwoNodePolicy.UNDECLARED));
    assertThat(none.ready()).as("as in the field").isTrue();
    assertThat(none.missing())
        .extracting(Missing::condition)
        .containsExactly(Condition.TWO_NODE_POLICY);
    assertThat(none.missing().getFirst().sentence()).contains("may lack up to 1048576 bytes");
    FailoverReadiness barred = readiness(leading(TwoNodePolicy.CONSISTENCY));
    assertThat(barred.ready()).isFalse();
    assertThat(barred.missing())
        .extracting(Missing::condition)
        .containsExactly(Condition.TWO_NODE_POLICY);
    assertThat(readiness(leading(TwoNodePolicy.AVAILABILITY)).missing()).isEmpty();
    Settings synchronous =
        with(TwoNodePolicy.CONSISTENCY).toBuilder()
            .synchrony(new Synchrony(Mode.QUORUM, true, 1, -1))
            .build();
    Scene zeroLoss =
        leading(TwoNodePolicy.CONSISTENCY)
            .settings(synchronous)
            .streamedBy(new SyncNames(1, new TreeSet<>(Set.of("m2"))), Map.of("m2", 5000L))
            .sync("m1", 0, "m2");
    assertThat(readiness(zeroLoss).missing()).isEmpty();
    assertThat(readiness(zeroLoss).ready()).isTrue();
  }
}
