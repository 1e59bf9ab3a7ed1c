package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The drop-in contract's section 11, sentence by sentence. */
class SlotPlanTest {
  private static final Instant NOW = Scene.NOW;
  private static final SlotKind FEED = new SlotKind.Logical("app", "pgoutput");

  private static SlotRules permanent(Map<String, SlotKind> slots) {
    return new SlotRules(true, new TreeMap<>(slots), List.of(), Duration.ofMinutes(30));
  }

  private static SlotRules ignoring(SlotRules.Matcher... matchers) {
    return new SlotRules(true, new TreeMap<>(), List.of(matchers), Duration.ofMinutes(30));
  }

  private static Tags from(String member) {
    return Tags.NONE.toBuilder().replicatefrom(member).build();
  }

  private static Scene leader() {
    return new Scene().leading().primary(1, 1000);
  }

  private static SlotWork asLeader(Scene scene) {
    return SlotPlan.ofLeader(scene.view(), NOW).work();
  }

  private static SlotWork asStandby(Scene scene) {
    return SlotPlan.ofStandby(scene.view(), NOW).work();
  }

  private static ReplicationSlot idle(long end) {
    return ReplicationSlot.idle(new Lsn(end));
  }

  private static ReplicationSlot active(long end) {
    return new ReplicationSlot(SlotKind.PHYSICAL, true, new Lsn(end), false, false);
  }

  private static ReplicationSlot logical(long end) {
    return new ReplicationSlot(FEED, false, new Lsn(end), true, false);
  }

  @Test
  void namesAreLowerCaseAndHoldNothingThatASlotCannot() {
    assertThat(SlotNames.of("Pg-Test.1")).isEqualTo("pg_test_1");
    assertThat(SlotNames.of("a b/ü")).isEqualTo("au0032bu0047u0252");
    assertThat(SlotNames.of("x".repeat(80))).hasSize(63);
  }

  @Test
  void whoeverCouldLeadHasASlotForEachOtherMember() {
    assertThat(asLeader(leader()).create()).containsOnlyKeys("m2", "m3");
    assertThat(asStandby(new Scene()).create()).containsOnlyKeys("m2", "m3");
  }

  @Test
  void oneThatMayNotLeadHasSlotsOfItsOwnFollowersAlone() {
    Scene scene =
        new Scene()
            .slotRules(permanent(Map.of("archive", SlotKind.PHYSICAL)))
            .tagged(Tags.NONE.toBuilder().nofailover(true).build());
    assertThat(asStandby(scene).create()).isEmpty();
    assertThat(asStandby(scene.memberTags("m3", from("m1"))).create()).containsOnlyKeys("m3");
    assertThat(asStandby(scene.slots(Map.of("m2", idle(5), "m3", idle(5)))).drop())
        .containsExactly("m2");
  }

  @Test
  void aMemberThatDoesNotStreamHasNoSlotAnywhere() {
    Tags nostream = Tags.NONE.toBuilder().nostream(true).build();
    assertThat(asLeader(leader().memberTags("m3", nostream)).create()).containsOnlyKeys("m2");
    assertThat(asStandby(new Scene().memberTags("m3", nostream)).create()).containsOnlyKeys("m2");
  }

  @Test
  void idleSlotsOfAStandbyFollowTheStatusButNeverPastReplay() {
    Scene scene =
        new Scene()
            .slots(Map.of("m2", idle(100), "m3", idle(100)))
            .status(2000, Map.of("m2", 2000L, "m3", 700L));
    assertThat(asStandby(scene).advance())
        .containsOnly(Map.entry("m2", new Lsn(1000)), Map.entry("m3", new Lsn(700)));
    scene.slots(Map.of("m2", active(100), "m3", idle(700)));
    assertThat(asStandby(scene).isEmpty()).as("a slot in use moves by itself").isTrue();
  }

  @Test
  void theSlotOfACascadingMemberFollowsWhatThatMemberSays() {
    Scene scene =
        leader().memberTags("m3", from("m2")).slots(Map.of("m2", active(900), "m3", idle(100)));
    assertThat(asLeader(scene).advance()).containsOnly(Map.entry("m3", new Lsn(1000)));
    Scene standby =
        new Scene()
            .member("m4", MemberRole.REPLICA, 1)
            .memberTags("m4", from("m3"))
            .slots(Map.of("m2", idle(1000), "m3", idle(1000), "m4", idle(100)))
            .status(1000, Map.of("m4", 300L));
    assertThat(asStandby(standby).advance()).containsOnly(Map.entry("m4", new Lsn(1000)));
  }

  @Test
  void theSlotOfAVanishedMemberIsKeptAWhile() {
    Map<String, ReplicationSlot> slots =
        Map.of("m2", active(900), "m3", active(900), "m4", idle(500));
    assertThat(asLeader(leader().slots(slots).gone("m4", Duration.ofMinutes(29))).isEmpty())
        .isTrue();
    assertThat(asLeader(leader().slots(slots).gone("m4", Duration.ofMinutes(31))).drop())
        .containsExactly("m4");
    assertThat(asStandby(new Scene().slots(slots).status(900, Map.of(), "m4")).drop()).isEmpty();
    assertThat(asStandby(new Scene().slots(slots)).drop()).containsExactly("m4");
  }

  @Test
  void aMemberThatComesBackIsNoLongerGone() {
    View view = leader().view();
    ClusterState all = view.state();
    ClusterState fewer = without(all, "m3");
    View gone = view.after(new Event.StoreRead(fewer), NOW);
    assertThat(gone.vanishedSlots().since()).containsOnly(Map.entry("m3", NOW));
    View later = gone.after(new Event.StoreRead(fewer), NOW.plusSeconds(9));
    assertThat(later.vanishedSlots()).isEqualTo(gone.vanishedSlots());
    assertThat(later.after(new Event.StoreRead(all), NOW).vanishedSlots())
        .isEqualTo(VanishedSlots.NONE);
  }

  private static ClusterState without(ClusterState state, String member) {
    TreeMap<String, Member> fewer = new TreeMap<>(state.members());
    fewer.remove(member);
    return new ClusterState(
        state.revision(),
        state.leadership(),
        state.initialization(),
        fewer,
        state.request(),
        state.sync(),
        state.history(),
        state.status(),
        state.config(),
        state.failsafe(),
        Revocation.NONE);
  }

  @Test
  void theStatusTellsPositionsTheLeadersOwnAndWhatIsRetained() {
    Scene scene =
        leader()
            .slotRules(permanent(Map.of("feed", FEED, "m3", SlotKind.PHYSICAL)))
            .slots(Map.of("m2", active(900), "m3", active(800), "feed", logical(700)))
            .gone("m9", Duration.ofMinutes(1));
    StatusRecord status = SlotPlan.ofLeader(scene.view(), NOW).status();
    assertThat(status.position()).isEqualTo(new Lsn(1000));
    assertThat(status.slots())
        .containsOnly(
            Map.entry("feed", new Lsn(700)),
            Map.entry("m1", new Lsn(1000)),
            Map.entry("m2", new Lsn(900)),
            Map.entry("m3", new Lsn(800)));
    assertThat(status.retainedSlots()).as("m3 is permanent").containsExactly("m2", "m9");
  }

  @Test
  void permanentSlotsAreEverywhereButForOneself() {
    SlotRules rules =
        permanent(Map.of("archive", SlotKind.PHYSICAL, "feed", FEED, "m1", SlotKind.PHYSICAL));
    assertThat(asLeader(leader().slotRules(rules)).create())
        .containsOnlyKeys("archive", "feed", "m2", "m3");
    assertThat(asStandby(new Scene().slotRules(rules)).create())
        .as("a standby copies logical ones")
        .containsOnlyKeys("archive", "m2", "m3");
  }

  @Test
  void logicalSlotsAreCopiedWhereTheyCanBeKeptUseful() {
    SlotRules rules = permanent(Map.of("feed", FEED));
    Scene scene = new Scene().slotRules(rules).status(1000, Map.of("feed", 900L));
    assertThat(SlotPlan.ofStandby(scene.view(), NOW).toCopy())
        .isEqualTo(new TreeSet<>(List.of("feed")));
    Tags nostream = Tags.NONE.toBuilder().nostream(true).build();
    scene.member("m1", MemberRole.REPLICA, 1).memberTags("m1", from("m3"));
    assertThat(SlotPlan.ofStandby(scene.view(), NOW).toCopy()).hasSize(1);
    scene.memberTags("m3", nostream);
    assertThat(SlotPlan.ofStandby(scene.view(), NOW).toCopy())
        .as("the leader would not hear what must not be removed")
        .isEmpty();
    Scene unknown = new Scene().slotRules(rules);
    assertThat(SlotPlan.ofStandby(unknown.view(), NOW).toCopy()).isEmpty();
  }

  @Test
  void aStandbyClusterKeepsNoLogicalSlots() {
    Settings settings =
        Settings.DEFAULT.toBuilder()
            .slots(permanent(Map.of("feed", FEED, "archive", SlotKind.PHYSICAL)))
            .source(Optional.of(new Source("far", 5432, "")))
            .build();
    Map<String, ReplicationSlot> slots =
        Map.of("m2", idle(900), "m3", idle(900), "archive", idle(900), "feed", logical(900));
    Scene replica = new Scene().settings(settings).slots(slots).status(1000, Map.of("feed", 900L));
    assertThat(asStandby(replica).drop()).containsExactly("feed");
    assertThat(SlotPlan.ofStandby(replica.view(), NOW).toCopy()).isEmpty();
    Scene leader = new Scene().settings(settings).leading().slots(slots);
    assertThat(asLeader(leader).drop()).containsExactly("feed");
    assertThat(asLeader(leader).create()).isEmpty();
  }

  @Test
  void copiedLogicalSlotsAreAdvancedAndProved() {
    ReplicationSlot copied = new ReplicationSlot(FEED, false, new Lsn(500), false, true);
    Scene scene =
        new Scene()
            .slotRules(permanent(Map.of("feed", FEED)))
            .slots(Map.of("m2", idle(900), "m3", idle(900), "feed", copied))
            .status(1000, Map.of("feed", 900L));
    assertThat(asStandby(scene).advance()).containsOnly(Map.entry("feed", new Lsn(900)));
    assertThat(asStandby(scene).prove()).containsExactly("feed");
  }

  @Test
  void unknownSlotsAreDroppedUnlessIgnoredInUseOrPaused() {
    Map<String, ReplicationSlot> slots =
        Map.of("m2", active(900), "m3", active(900), "alien", logical(10), "used", active(10));
    assertThat(asLeader(leader().slots(slots)).drop()).containsExactly("alien");
    assertThat(asStandby(new Scene().slots(slots)).drop()).containsExactly("alien");
    assertThat(asLeader(leader().paused().slots(slots)).isEmpty()).isTrue();
    assertThat(new SlotRules.Matcher("", "logical", "", "").fits("alien", FEED)).isTrue();
    assertThat(new SlotRules.Matcher("", "", "", "").fits("alien", FEED)).isTrue();
    assertThat(new SlotRules.Matcher("", "", "app", "").fits("x", SlotKind.PHYSICAL)).isFalse();
    assertThat(new SlotRules.Matcher("alien", "", "other", "").fits("alien", FEED)).isFalse();
    SlotRules ignoring = ignoring(new SlotRules.Matcher("", "", "app", "pgoutput"));
    assertThat(asLeader(leader().slotRules(ignoring).slots(slots)).isEmpty()).isTrue();
  }

  @Test
  void aSlotOfAnotherKindIsMadeAnew() {
    Scene scene =
        leader()
            .slotRules(permanent(Map.of("feed", new SlotKind.Logical("app", "wal2json"))))
            .slots(Map.of("m2", active(9), "m3", active(9), "feed", logical(5)));
    assertThat(asLeader(scene).drop()).containsExactly("feed");
    assertThat(asLeader(scene).create()).containsOnlyKeys("feed");
  }

  @Test
  void anIdleSlotThatHoldsBackTheRemovalOfRowsIsMadeAnew() {
    ReplicationSlot holding =
        new ReplicationSlot(SlotKind.PHYSICAL, false, new Lsn(900), true, false);
    Scene standby = new Scene().slots(Map.of("m2", idle(1000), "m3", holding));
    assertThat(asStandby(standby).drop()).containsExactly("m3");
    assertThat(asStandby(standby).create()).containsOnlyKeys("m3");
    Scene leader = leader().slots(Map.of("m2", active(1000), "m3", holding));
    assertThat(asLeader(leader).isEmpty()).as("m3 should be streaming from here").isTrue();
  }
}
