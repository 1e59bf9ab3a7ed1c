package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key that cannot be read makes nobody lead and nobody stop leading. */
class CorruptKeysTest {

  /** What is read when nothing can be read of this key, from a view that had read it before. */
  private static View corrupted(View before, String key) {
    ClusterState state = before.state();
    ClusterState blind =
        new ClusterState(
            state.revision() + 1,
            state.leadership(),
            key.equals("initialize") ? new Initialization.Absent() : state.initialization(),
            state.members(),
            Optional.empty(),
            key.equals("sync")
                ? new SyncState(state.revision() + 1, "", 0, Collections.emptySortedSet())
                : state.sync(),
            key.equals("history") ? List.of() : state.history(),
            key.equals("status") ? StatusRecord.NONE : state.status(),
            key.equals("config") ? Optional.empty() : state.config(),
            key.equals("failsafe") ? FailsafeRecord.NONE : state.failsafe(),
            key.equals("revoke") ? Revocation.NONE : state.revocation());
    Event read = new Event.StoreRead(blind.withUnreadable(new TreeSet<>(List.of(key))));
    return before.after(read, Scene.NOW);
  }

  private static List<Effect> orders(View view) {
    return new Engine()
        .decide(view, new Event.Tick(), Scene.NOW).orders().stream().map(Order::effect).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "initialize",
        "config",
        "failover",
        "sync",
        "history",
        "status",
        "failsafe",
        "revoke"
      })
  void aLeaderLeadsOn(String key) {
    View view =
        corrupted(
            new Scene().leading().primary(1, 1000).sync("m1", 1, "m2").history(1, 0, "m1").view(),
            key);

    assertThat(view.leads(Scene.NOW)).isTrue();
    assertThat(orders(view))
        .noneMatch(effect -> effect instanceof Effect.StopServer)
        .noneMatch(effect -> effect instanceof Effect.ReleaseLeader)
        .noneMatch(effect -> effect instanceof Effect.Exit);
  }

  /** What it remembers may be older than what was made unreadable (seed 40038012). */
  @ParameterizedTest
  @ValueSource(strings = {"history", "status", "sync"})
  void nobodyTakesTheVacantLeadByWhatItRemembersOfLastTerm(String key) {
    assertThat(orders(corrupted(electable(), "initialize")))
        .as("that there is a cluster stays true")
        .anyMatch(effect -> effect instanceof Effect.AcquireLeader);
    assertThat(orders(corrupted(electable(), key)))
        .noneMatch(effect -> effect instanceof Effect.AcquireLeader);
  }

  private static View electable() {
    return new Scene()
        .vacant(Duration.ofMinutes(1))
        .standby(1, 1000)
        .peersAsked(Duration.ofSeconds(1))
        .peer("m2", Role.STANDBY, 1, 1000)
        .peer("m3", Role.STANDBY, 1, 1000)
        .view();
  }

  @ParameterizedTest
  @ValueSource(strings = {"initialize", "sync", "history", "status", "revoke"})
  void whoNeverSawItWholeDoesNotTakeTheVacantLead(String key) {
    View whole = electable();
    ClusterState blind = whole.state().withUnreadable(new TreeSet<>(List.of(key)));
    Optional<Instant> since = Optional.of(Scene.NOW.minusSeconds(60));
    View blinded =
        whole.toBuilder()
            .store(
                new StoreSight(blind, true, "", Optional.empty(), since, whole.store().sawLeader()))
            .build();

    assertThat(orders(whole)).anyMatch(effect -> effect instanceof Effect.AcquireLeader);
    assertThat(orders(blinded)).noneMatch(effect -> effect instanceof Effect.AcquireLeader);
  }

  /** It lost its data, and its agent was started anew (seed 40001083). */
  @Test
  void whoCannotReadWhetherThereIsAClusterMakesNone() {
    Scene lost = new Scene().unclaimed().leading().nothing(Server.Condition.EMPTY);
    assertThat(orders(lost.view())).contains(new Effect.Bootstrap());
    assertThat(orders(blind(lost)))
        .contains(new Effect.ReleaseLeader(Lsn.ZERO))
        .doesNotContain(new Effect.Bootstrap());
  }

  /**
   * Another cluster's data came in the place of a leader's, and its agent was started anew when
   * {@code initialize} could not be read: it took up the key that named it, took writes, and
   * recorded that other cluster (seed 40057704).
   */
  @Test
  void whoCannotReadWhoseDataItHasDoesNotLeadWithIt() {
    Scene down = new Scene().leading().server(Server.Condition.CRASHED, Role.PRIMARY, 1, 1000);
    down.since(Duration.ofSeconds(1));
    assertThat(orders(corrupted(down.view(), "initialize")))
        .as("who has read it")
        .contains(new Effect.StartPrimary());
    assertThat(orders(blind(down)))
        .contains(new Effect.ReleaseLeader(Lsn.ZERO))
        .doesNotContain(new Effect.StartPrimary());
    assertThat(orders(blind(down.unrecorded(Scene.CLUSTER))))
        .as("it made this data, and has not heard that it is recorded")
        .contains(new Effect.StartPrimary());
    assertThat(orders(blind(new Scene().leading().primary(1, 1000))))
        .as("what runs has led")
        .contains(new Effect.FinishInitialize(Scene.CLUSTER));
  }

  /** Whose agent never saw {@code initialize} whole. */
  private static View blind(Scene scene) {
    View whole = scene.initialization(new Initialization.Absent()).view();
    ClusterState blind = whole.state().withUnreadable(new TreeSet<>(List.of("initialize")));
    StoreSight sight =
        new StoreSight(blind, true, "", whole.store().sighting(), Optional.empty(), false);
    return whole.toBuilder().store(sight).build();
  }

  /** The leader key, overwritten by somebody who is no member: it has no lease. */
  private static View overwritten(View before, long revision) {
    ClusterState state = before.state();
    ClusterState read =
        new ClusterState(
            revision,
            new Leadership.Unowned(revision),
            state.initialization(),
            state.members(),
            state.request(),
            state.sync(),
            state.history(),
            state.status(),
            state.config(),
            state.failsafe(),
            state.revocation());
    return before.after(
        new Event.StoreRead(read.withUnreadable(new TreeSet<>(List.of("leader")))), Scene.NOW);
  }

  @Test
  void aLeaderWhoseKeyIsOverwrittenLeadsOn() {
    View view =
        overwritten(
            new Scene().leading().primary(1, 1000).member("m1", MemberRole.PRIMARY, 1).view(), 70);

    assertThat(view.leads(Scene.NOW)).isTrue();
    assertThat(view.state().leadership()).isEqualTo(new Leadership.Held("m1", 70));
    Engine course = new Engine(Engine.course(), List.of());
    assertThat(course.decide(view, new Event.Tick(), Scene.NOW).rule()).isEqualTo(Rule.HOLD);
  }

  @Test
  void othersWaitForALeaderWhoseKeyIsOverwrittenAsForASilentOne() {
    View view = overwritten(new Scene().view(), 70);

    assertThat(view.otherLeader()).contains("m2");
    assertThat(orders(view)).noneMatch(CorruptKeysTest::isOfALeader);
    Instant over = Scene.NOW.plus(Settings.DEFAULT.lease().lease());
    assertThat(new Engine().decide(view, new Event.Tick(), over.minusMillis(1)).orders())
        .extracting(Order::effect)
        .noneMatch(CorruptKeysTest::isOfALeader);
    assertThat(new Engine().decide(view, new Event.Tick(), over).orders())
        .extracting(Order::effect)
        .contains(new Effect.ExpireLeader("m2", 70));
  }

  /** The field's controller shows no renewals, and cannot write such a key again either. */
  @Test
  void theKeyOfTheFieldsControllerIsNotWaitedForWithoutAnEnd() {
    View view = overwritten(new Scene().otherKind("m2").view(), 70);

    Instant over = Scene.NOW.plus(Settings.DEFAULT.lease().lease());
    assertThat(new Engine().decide(view, new Event.Tick(), over).orders())
        .extracting(Order::effect)
        .contains(new Effect.ExpireLeader("m2", 70));
  }

  @Test
  void aKeyThatNoMemberWroteMakesNobodyLeadWhoIsStarted() {
    View view = overwritten(new Scene().storeUnknown().view(), 70);
    view = overwritten(view, 70);

    assertThat(view.state().leadership()).isEqualTo(new Leadership.Unowned(70));
    assertThat(view.otherLeader()).isEmpty();
    assertThat(orders(view)).noneMatch(CorruptKeysTest::isOfALeader);
  }

  @Test
  void aKeyThatNoMemberWroteIsDeletedAfterALease() {
    Scene scene = new Scene().vacant(Duration.ofMinutes(1)).standby(1, 1000);
    View view = overwritten(scene.view(), 70);

    assertThat(orders(view)).noneMatch(CorruptKeysTest::isOfALeader);
    Instant over = Scene.NOW.plus(Settings.DEFAULT.lease().lease());
    Decision decision = new Engine().decide(view, new Event.Tick(), over);
    assertThat(decision.reason()).startsWith("the leader key stands without a lease");
    assertThat(decision.orders())
        .extracting(Order::effect)
        .contains(new Effect.ExpireLeader("", 70));
  }

  private static boolean isOfALeader(Effect effect) {
    return effect instanceof Effect.AcquireLeader
        || effect instanceof Effect.AdoptLeader
        || effect instanceof Effect.ExpireLeader
        || effect instanceof Effect.TakeInitialize;
  }

  @ParameterizedTest
  @ValueSource(strings = {"initialize", "history", "status", "sync"})
  void mendKeysWritesAgainWhatTheLeaderKnows(String key) {
    Scene scene = new Scene().leading().primary(1, 1000).sync("m1", 1, "m2").status(900);
    View view = corrupted(scene.view(), key);
    Effect wanted =
        switch (key) {
          case "initialize" -> new Effect.FinishInitialize(Scene.CLUSTER);
          case "history" -> new Effect.WriteHistory(1);
          case "status" -> new Effect.WriteStatus(scene.view().state().status());
          default -> new Effect.WriteSync(new SyncState(61, "m1", 1, new TreeSet<>(List.of("m2"))));
        };
    List<Clause> duty =
        Duties.CLAUSES.stream().filter(clause -> clause.rule() == Rule.MEND_KEYS).toList();

    assertThat(new Engine(Engine.course(), duty).decide(view, new Event.Tick(), Scene.NOW).orders())
        .extracting(Order::effect)
        .containsExactly(wanted);
    assertThat(scene.by(Rule.HOLD)).as("where all can be read").isEmpty();
  }

  @Test
  void mendKeysBringsADeletedConfigurationBack() {
    Scene scene = new Scene().configDeleted().leading().primary(1, 1000);
    assertThat(scene.by(Rule.MEND_KEYS))
        .containsExactly(new Effect.FinishInitialize(Scene.CLUSTER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"config", "failover", "failsafe", "revoke"})
  void mendKeysLeavesTheOthersAlone(String key) {
    View view = corrupted(new Scene().leading().primary(1, 1000).view(), key);
    List<Clause> duty =
        Duties.CLAUSES.stream().filter(clause -> clause.rule() == Rule.MEND_KEYS).toList();

    assertThat(new Engine(Engine.course(), duty).decide(view, new Event.Tick(), Scene.NOW).orders())
        .isEmpty();
  }
}
