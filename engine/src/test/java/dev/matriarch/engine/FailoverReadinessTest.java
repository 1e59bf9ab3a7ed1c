package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.FailoverReadiness.Condition;
import dev.matriarch.engine.FailoverReadiness.Missing;
import dev.matriarch.engine.Synchrony.Mode;
import dev.matriarch.engine.WalPace.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each condition by name, and what a failover would cost. */
class FailoverReadinessTest {
  private static final SyncNames BOTH = new SyncNames(1, new TreeSet<>(Set.of("m2", "m3")));

  private static Scene leader() {
    return new Scene()
        .leading()
        .primary(1, 5000)
        .member("m1", MemberRole.PRIMARY, 1)
        .streamedBy(SyncNames.NONE, Map.of("m2", 4900L, "m3", 4000L));
  }

  private static FailoverReadiness of(Scene scene) {
    return FailoverReadiness.of(scene.view(), Scene.NOW, WalPace.NONE);
  }

  private static List<Condition> missing(Scene scene) {
    return of(scene).missing().stream().map(Missing::condition).toList();
  }

  @Test
  void theNearestReplicaWouldLeadAndItsLagWouldBeLost() {
    WalPace pace =
        WalPace.NONE
            .after(new Sample(new Lsn(4000), 100))
            .after(new Sample(new Lsn(4800), 110))
            .after(new Sample(new Lsn(5000), 113));
    FailoverReadiness ready = FailoverReadiness.of(leader().view(), Scene.NOW, pace);
    assertThat(ready.candidate()).hasValue("m2");
    assertThat(ready.missing()).isEmpty();
    assertThat(ready.lostBytes()).hasValue(100);
    assertThat(ready.lostTransactions()).hasValue(3);
    assertThat(ready.outage()).isEqualTo(Duration.ofSeconds(22));
  }

  @Test
  void whatIsAcknowledgedBySynchronousStandbysIsNotLost() {
    Scene scene =
        leader()
            .synchrony(Mode.QUORUM, true, 1)
            .streamedBy(BOTH, Map.of("m2", 4900L, "m3", 4000L))
            .sync("m1", 1, "m2", "m3");
    assertThat(of(scene).ready()).isTrue();
    assertThat(of(scene).lostBytes()).hasValue(0);
    assertThat(of(scene).lostTransactions()).hasValue(0);
    assertThat(missing(scene.streamedBy(BOTH, Map.of("m2", 4900L))))
        .containsExactly(Condition.STREAMING, Condition.VOTERS);
    assertThat(of(scene).ready()).isFalse();
  }

  @Test
  void otherMembersTellOfALeaderThatIsSilent() {
    Scene scene =
        new Scene()
            .standby(1, 1000)
            .shown(
                new Scene()
                    .view().state().member("m3").orElseThrow().toBuilder()
                        .replicationState("streaming")
                        .receivedPosition(new Lsn(1000))
                        .build());
    assertThat(missing(scene.leader("m2", Duration.ofSeconds(9)))).doesNotContain(Condition.LEADER);
    FailoverReadiness told = of(scene.leader("m2", Duration.ofSeconds(12)));
    assertThat(told.missing())
        .contains(
            new Missing(
                Condition.LEADER,
                "m2",
                "m2 has not renewed its lease for 12 s; after 20 s it is replaced"));
    assertThat(told.candidate()).as("it does not stand in the way").hasValue("m3");
  }

  @Test
  void conditionsOfTheClusterStandInTheWay() {
    assertThat(missing(leader().paused())).containsExactly(Condition.NOT_PAUSED);
    assertThat(missing(leader().storeFails())).containsExactly(Condition.ETCD);
    View whole = leader().view();
    View blind =
        whole.toBuilder()
            .store(
                new StoreSight(
                    whole.state().withUnreadable(new TreeSet<>(Set.of("sync", "config"))),
                    true,
                    "",
                    whole.store().sighting(),
                    whole.store().vacantSince(),
                    true))
            .build();
    assertThat(FailoverReadiness.of(blind, Scene.NOW, WalPace.NONE).missing())
        .containsExactly(
            new Missing(
                Condition.KEYS, "", "nobody is elected while etcd's keys [sync] cannot be read"));
    assertThat(of(leader().paused()).ready()).isFalse();
    assertThat(of(leader().paused()).lostBytes()).isEqualTo(OptionalLong.empty());
  }

  @Test
  void whoIsAwaitedWhileNobodyLeadsIsSaid() {
    Scene booted = new Scene().cold().vacant(Duration.ofSeconds(10)).gone("m2").gone("m3");
    assertThat(of(booted.followingNobody().status(1000).ledLast("m2")).missing())
        .filteredOn(it -> it.condition() == Condition.LEADER)
        .extracting(Missing::sentence)
        .singleElement()
        .asString()
        .startsWith("nobody leads; m1: all members were down")
        .endsWith("it waits for m2, who led last");
  }

  @Test
  void conditionsOfMembersAreNamedWithThem() {
    Scene scene = leader().streamedBy(SyncNames.NONE, Map.of("m2", 4900L));
    scene.report(PeerReport.of("m2").toBuilder().role(Role.STANDBY).disk(Disk.State.STUCK).build());
    assertThat(of(scene).missing())
        .extracting(Missing::sentence)
        .containsExactly("m2 has a disk that does not answer", "m3 does not stream");
    assertThat(of(scene).ready()).isFalse();
    assertThat(missing(leader().primary(1, 5_000_000)))
        .containsExactly(Condition.STREAMING, Condition.STREAMING);
    Scene behind =
        leader()
            .primary(1, 5_000_000)
            .streamedBy(SyncNames.NONE, Map.of("m2", 10L, "m3", 4_999_000L));
    assertThat(missing(behind)).containsExactly(Condition.LAG);
    assertThat(of(behind).candidate()).hasValue("m3");
  }

  @Test
  void aPaceThatHasForgottenDoesNotGuess() {
    WalPace pace = WalPace.NONE.after(new Sample(new Lsn(4000), 100));
    assertThat(pace.transactionsBeyond(new Lsn(3000))).isEmpty();
    assertThat(pace.transactionsBeyond(new Lsn(4000))).hasValue(0);
    assertThat(WalPace.NONE.transactionsBeyond(new Lsn(1))).isEmpty();
  }
}
