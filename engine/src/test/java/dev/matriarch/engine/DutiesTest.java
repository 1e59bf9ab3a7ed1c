package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Synchrony.Mode;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * One test for each rule of the duties beside the course, named after it: where it fires and what
 * it orders.
 */
class DutiesTest {
  private static SyncNames any(int acknowledgements, String... names) {
    return new SyncNames(acknowledgements, new TreeSet<>(Set.of(names)));
  }

  private static final long GIB = 1L << 30;
  private static final Disk ROOMY = new Disk(true, 5 * GIB, 10 * GIB, 64L << 20);

  @Test
  void recordHistoryWhenATimelineBegan() {
    assertThat(new Scene().leading().primary(2, 1000).by(Rule.RECORD_HISTORY))
        .containsExactly(new Effect.WriteHistory(2));
  }

  @Test
  @Promise({"P121", "P200"})
  void syncStepRecordsAVoterBeforeCommitsWaitForIt() {
    Scene scene =
        new Scene()
            .leading()
            .primary(1, 1000)
            .synchrony(Mode.QUORUM, true, 1)
            .sync("m1", 0, "m2")
            .streamedBy(any(1, "m2"), Map.of("m2", 1000L, "m3", 1000L));
    assertThat(scene.by(Rule.SYNC_STEP))
        .containsExactly(
            new Effect.WriteSync(new SyncState(40, "m1", 1, new TreeSet<>(Set.of("m2", "m3")))));
  }

  @Test
  void syncStepDoesNotRelyOnAKeyThatMayStillChange() {
    Scene lost =
        new Scene()
            .leading()
            .primary(1, 1000)
            .synchrony(Mode.QUORUM, false, 1)
            .sync("m1", 1, "m2")
            .streamedBy(any(1, "m2"), Map.of());
    assertThat(lost.by(Rule.SYNC_STEP))
        .as("this agent has not written the key: an earlier life may have")
        .containsExactly(
            new Effect.WriteSync(new SyncState(40, "m1", 1, new TreeSet<>(Set.of("m2")))));
    assertThat(lost.syncBase(30).by(Rule.SYNC_STEP))
        .containsExactly(new Effect.SetSyncNames(SyncNames.NONE));
  }

  @Test
  void publishWhatHasChanged() {
    assertThat(new Scene().member("m1", MemberRole.PRIMARY, 1).by(Rule.PUBLISH)).hasSize(1);
  }

  /** etcd's watch tells of it only some milliseconds after etcd has taken it. */
  @Test
  void whatWasPublishedIsNotPublishedAgainBeforeItIsSeen() {
    Scene scene = new Scene().member("m1", MemberRole.PRIMARY, 1);
    Decision first = scene.decide();
    assertThat(first.rule()).isEqualTo(Rule.PUBLISH);
    long order = first.orders().getFirst().id();
    Event taken = new Event.Ended(order, new Outcome.Done());
    assertThat(new Engine().decide(first.view(), taken, Scene.NOW).rule())
        .isNotEqualTo(Rule.PUBLISH);
    Event failed = new Event.Ended(order, new Outcome.Failed("etcd is full"));
    View after = new Engine().decide(first.view(), failed, Scene.NOW).view();
    assertThat(after.state().member("m1")).isEqualTo(first.view().state().member("m1"));
  }

  /** Each write in a switchover costs all members time that clients wait for. */
  @Test
  @Promise("P111")
  void publishNothingThatNobodyActsUponWhileClientsWait() {
    Pooler held = Pooler.seen(true, "", true);
    Scene stopping =
        new Scene()
            .leading()
            .primary(1, 1000)
            .pooler(held)
            .asked("m1", "m2")
            .running(new Effect.StopForHandover("m2", true))
            .published()
            .server(Server.Condition.STOPPING, Role.PRIMARY, 1, 1000);
    assertThat(stopping.by(Rule.PUBLISH)).as("it was long ago that it wrote").hasSize(1);
    Scene lately = stopping.succeeded(Effect.PublishMember.class, Duration.ofSeconds(1));
    assertThat(lately.decide().rule()).isNotEqualTo(Rule.PUBLISH);
    assertThat(lately.pooler(Pooler.ABSENT).by(Rule.PUBLISH)).as("nobody waits here").hasSize(1);
  }

  @Test
  void checkpointPromotedPrimary() {
    Scene scene = new Scene().leading().primary(2, 1000).history(1, 900, "m1").published();
    assertThat(scene.decide().orders()).noneMatch(o -> o.effect() instanceof Effect.Checkpoint);
    assertThat(scene.unsettled().by(Rule.CHECKPOINT_PROMOTED))
        .containsExactly(new Effect.Checkpoint());
    Scene unknown = new Scene().leading().primary(2, 1000).history(1, 900, "m1").unsettled();
    assertThat(unknown.decide().orders())
        .as("who waits for writes hears of it first")
        .noneMatch(order -> order.effect() instanceof Effect.Checkpoint)
        .anyMatch(order -> order.effect() instanceof Effect.PublishMember);
  }

  @Test
  void recordStatusOfTheLeadersWal() {
    assertThat(new Scene().leading().primary(1, 1000).published().by(Rule.RECORD_STATUS))
        .hasSize(1);
  }

  @Test
  @Promise("P115")
  void keepSlotsForEachMember() {
    assertThat(new Scene().leading().primary(1, 1000).published().noted().by(Rule.KEEP_SLOTS))
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.KeepSlots.class,
            keep -> assertThat(keep.slots().create()).containsOnlyKeys("m2", "m3"));
  }

  @Test
  void routeClientsToTheLeader() {
    assertThat(
            new Scene()
                .slots(Map.of("m2", idle(1000), "m3", idle(1000)))
                .published()
                .by(Rule.ROUTE))
        .containsExactly(
            new Effect.Route(
                new Routing(
                    "m2", new TreeSet<>(Set.of("m1", "m3")), Collections.emptySortedSet(), "")));
  }

  @Test
  void copySlotsThatTheLeaderHas() {
    SortedMap<String, SlotKind> feed = new TreeMap<>();
    feed.put("feed", new SlotKind.Logical("app", "pgoutput"));
    assertThat(
            new Scene()
                .slotRules(new SlotRules(true, feed, List.of(), Duration.ofMinutes(1)))
                .slots(Map.of("m2", idle(1000), "m3", idle(1000)))
                .status(1000, Map.of("feed", 900L))
                .published()
                .routed()
                .by(Rule.COPY_SLOTS))
        .containsExactly(new Effect.CopySlots("m2", "m2", new TreeSet<>(Set.of("feed"))));
  }

  private static ReplicationSlot idle(long end) {
    return ReplicationSlot.idle(new Lsn(end));
  }

  @Test
  void proveCommitIsDueAWhileAfterTheLastProof() {
    Scene scene = new Scene().published().running(new Effect.Route(Routing.NONE));
    assertThat(scene.by(Rule.PROVE_COMMIT)).containsExactly(new Effect.ProveCommit());
    assertThat(scene.succeeded(Effect.ProveCommit.class).decide().rule())
        .isNotEqualTo(Rule.PROVE_COMMIT);
  }

  @Test
  void keepReserveIsMadeWhereThereIsRoom() {
    Scene scene =
        new Scene().succeeded(Effect.ProveCommit.class).running(new Effect.Route(Routing.NONE));
    scene.disk(new Disk(true, 5 * GIB, 10 * GIB, 0)).published();
    assertThat(scene.by(Rule.KEEP_RESERVE)).containsExactly(new Effect.KeepReserve(64L << 20));
    assertThat(scene.disk(ROOMY).decide().rule()).isNotEqualTo(Rule.KEEP_RESERVE);
    assertThat(scene.disk(new Disk(true, 300L << 20, 10 * GIB, 0)).decide().rule())
        .as("too little to spare")
        .isNotEqualTo(Rule.KEEP_RESERVE);
  }
}
