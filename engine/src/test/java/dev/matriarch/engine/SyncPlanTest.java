package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Synchrony.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Synchronous modes to the letter, and their invariant at each step of random histories. */
class SyncPlanTest {
  private static final Tags NOSYNC = Tags.NONE.toBuilder().nosync(true).build();

  private static SyncNames names(int acknowledgements, String... names) {
    return new SyncNames(acknowledgements, new TreeSet<>(Set.of(names)));
  }

  private static Effect record(int quorum, String... voters) {
    return new Effect.WriteSync(new SyncState(40, "m1", quorum, new TreeSet<>(Set.of(voters))));
  }

  private static Scene leader(int acknowledgements, boolean strict) {
    return new Scene()
        .leading()
        .primary(1, 1000)
        .synchrony(Mode.PRIORITY, strict, acknowledgements)
        .syncBase(30);
  }

  private static Optional<Effect> next(Scene scene) {
    return SyncPlan.next(scene.view());
  }

  @Test
  void aStandbyIsAwaitedBeforeItIsRecorded() {
    Scene scene = leader(1, false).sync("m1", 0).streamedBy(SyncNames.NONE, Map.of("m2", 900L));
    assertThat(next(scene)).contains(new Effect.SetSyncNames(names(1, "m2")));
    scene.streamedBy(names(1, "m2"), Map.of("m2", 900L)).syncSince(1000);
    assertThat(next(scene)).as("it lacks what was acknowledged before").isEmpty();
    scene.streamedBy(names(1, "m2"), Map.of("m2", 1000L));
    assertThat(next(scene)).contains(record(0, "m2"));
    assertThat(next(scene.sync("m1", 0, "m2"))).isEmpty();
  }

  @Test
  void severalAreAllWaitedFor() {
    Scene scene =
        leader(2, true).sync("m1", 0).streamedBy(SyncNames.NOBODY, Map.of("m2", 900L, "m3", 900L));
    assertThat(next(scene)).contains(new Effect.SetSyncNames(names(2, "m2", "m3")));
  }

  @Test
  void oneThatLeavesIsForgottenBeforeItIsNoLongerAwaited() {
    Scene scene =
        leader(1, false).sync("m1", 0, "m2").streamedBy(names(1, "m2"), Map.of("m3", 1000L));
    assertThat(next(scene)).contains(record(0));
    assertThat(next(scene.sync("m1", 0))).contains(new Effect.SetSyncNames(names(1, "m3")));
  }

  @Test
  void aReplacementIsAwaitedBesideTheOneThatIsReplaced() {
    Tags first = Tags.NONE.toBuilder().syncPriority(5).build();
    Map<String, Long> both = Map.of("m2", 1000L, "m3", 1000L);
    Scene scene =
        leader(1, false)
            .sync("m1", 0, "m2")
            .memberTags("m3", first)
            .streamedBy(names(1, "m2"), both);
    assertThat(next(scene)).contains(new Effect.SetSyncNames(names(2, "m2", "m3")));
    assertThat(next(scene.streamedBy(names(2, "m2", "m3"), both))).contains(record(0, "m2", "m3"));
    assertThat(next(scene.sync("m1", 0, "m2", "m3"))).contains(record(0, "m3"));
    assertThat(next(scene.sync("m1", 0, "m3"))).contains(new Effect.SetSyncNames(names(1, "m3")));
    assertThat(next(scene.streamedBy(names(1, "m3"), both))).isEmpty();
  }

  @Test
  void strictlyNobodyIsAwaitedOnceTheLastAskedToBeReleased() {
    Scene gone = leader(1, true).sync("m1", 0, "m2").streamedBy(names(1, "m2"), Map.of());
    assertThat(next(gone)).as("it may come back").isEmpty();
    gone.memberTags("m2", NOSYNC);
    assertThat(next(gone)).contains(record(0));
    assertThat(next(gone.sync("m1", 0))).contains(new Effect.SetSyncNames(SyncNames.NOBODY));
    Scene lax = leader(1, false).sync("m1", 0, "m2").streamedBy(names(1, "m2"), Map.of());
    assertThat(next(lax)).contains(record(0));
    assertThat(next(lax.sync("m1", 0))).contains(new Effect.SetSyncNames(SyncNames.NONE));
  }

  @Test
  void theFirstByPriorityThenByStateThenByPosition() {
    Scene scene = leader(1, false).sync("m1", 0).member("m4", MemberRole.REPLICA, 1);
    Map<String, Long> links = new TreeMap<>(Map.of("m2", 900L, "m3", 950L, "m4", 940L));
    assertThat(chosen(scene.streamedBy(SyncNames.NONE, links))).containsExactly("m3");
    assertThat(chosen(scene.streamedBy(names(1, "m2"), links))).containsExactly("m2");
    scene.memberTags("m4", Tags.NONE.toBuilder().syncPriority(2).build());
    assertThat(chosen(scene)).containsExactly("m4");
    scene.memberTags("m4", NOSYNC);
    assertThat(chosen(scene)).containsExactly("m2");
    scene.memberTags("m4", Tags.NONE.toBuilder().syncPriority(2).nostream(true).build());
    assertThat(chosen(scene))
        .as("what lives from the archive acknowledges nothing")
        .containsExactly("m2");
  }

  @Test
  void laggardsAreLeftOutAlsoInPause() {
    Scene scene =
        leader(2, false)
            .settings(
                Settings.DEFAULT.toBuilder()
                    .synchrony(new Synchrony(Mode.PRIORITY, false, 2, 100))
                    .paused(true)
                    .build())
            .streamedBy(SyncNames.NONE, Map.of("m2", 700L, "m3", 550L));
    assertThat(chosen(scene)).as("measured at the best of them").containsExactly("m2");
    scene.streamedBy(SyncNames.NONE, Map.of("m2", 950L));
    assertThat(chosen(scene)).as("alone, at the primary").containsExactly("m2");
    scene.streamedBy(SyncNames.NONE, Map.of("m2", 850L));
    assertThat(chosen(scene)).isEmpty();
  }

  private static SortedSet<String> chosen(Scene scene) {
    return new SyncCandidates(scene.view()).chosen();
  }

  @Test
  void whoTakesOverByPriorityWaitsForAllThatHaveEverything() {
    Scene scene = new Scene().leading().synchrony(Mode.PRIORITY, true, 2).sync("m2", 0, "m1", "m3");
    assertThat(SyncPlan.beforePromotion(scene.view())).contains(record(0, "m2", "m3"));
    scene.sync("m1", 0, "m2", "m3").syncBase(30);
    assertThat(SyncPlan.beforePromotion(scene.view()))
        .contains(new Effect.SetSyncNames(names(2, "m2", "m3")));
  }

  /**
   * A primary with up to six standbys that come, go, lag, resign and change priority, while the
   * mode and the number of acknowledgements change: at each step no set of standbys that could
   * acknowledge a commit misses every set of voters that could elect one, and in priority mode,
   * once it is settled, each voter has every acknowledged commit.
   */
  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8"})
  void noStepLosesAnAcknowledgedCommit(int seed) {
    Random random = new Random(seed);
    for (int history = 0; history < 250; history++) {
      new History(random).run(60);
    }
  }

  private static final class History {
    private final Random random;
    private final SortedMap<String, Long> flushed = new TreeMap<>();
    private final SortedMap<String, Long> durable = new TreeMap<>();
    private final SortedSet<String> resigned = new TreeSet<>();
    private final List<String> told = new ArrayList<>();
    private Synchrony wish = new Synchrony(Mode.PRIORITY, true, 1, -1);
    private SyncState sync = new SyncState(40, "m1", 0, new TreeSet<>());
    private SyncNames names = SyncNames.NONE;
    private long since;
    private long end = 1000;
    private long acknowledged = 1000;

    History(Random random) {
      this.random = random;
    }

    void run(int steps) {
      for (int i = 0; i < steps; i++) {
        happen();
        Optional<Effect> next = SyncPlan.next(view());
        next.ifPresent(this::apply);
        acknowledge();
        check();
      }
      settle();
    }

    /** All standbys that are there have everything: then all ends as the contract has it. */
    private void settle() {
      flushed.replaceAll((name, at) -> end);
      durable.putAll(flushed);
      Optional<Effect> next = SyncPlan.next(view());
      for (int i = 0; next.isPresent(); i++) {
        assertThat(i).as("steps after %s", told).isLessThan(20);
        apply(next.get());
        acknowledge();
        check();
        next = SyncPlan.next(view());
      }
      if (new SyncCandidates(view()).fit().isEmpty()) {
        return;
      }
      SortedSet<String> chosen = new SyncCandidates(view()).chosen();
      assertThat(sync.voters()).isEqualTo(chosen);
      int needed = Math.min(wish.acknowledgements(), chosen.size());
      assertThat(sync.quorum()).isEqualTo(chosen.size() - needed);
    }

    private View view() {
      Scene scene = new Scene().leading().primary(1, end).syncBase(30);
      for (int i = 2; i <= 7; i++) {
        Tags tags = Tags.NONE.toBuilder().syncPriority(1 + i % 2).build();
        scene.member("m" + i, MemberRole.REPLICA, 1);
        scene.memberTags("m" + i, resigned.contains("m" + i) ? NOSYNC : tags);
      }
      scene.settings(Settings.DEFAULT.toBuilder().synchrony(wish).build());
      scene.sync("m1", sync.quorum(), sync.voters().toArray(String[]::new));
      return scene.streamedBy(names, flushed).syncSince(since).view();
    }

    private void happen() {
      String member = "m" + (2 + random.nextInt(6));
      switch (random.nextInt(10)) {
        case 0, 1 -> flushed.putIfAbsent(member, Math.max(0, end - random.nextInt(500)));
        case 2 -> flushed.remove(member);
        case 3 -> resigned.add(member);
        case 4 -> resigned.remove(member);
        case 5 ->
            wish =
                new Synchrony(
                    random.nextBoolean() ? Mode.PRIORITY : Mode.QUORUM,
                    random.nextBoolean(),
                    1 + random.nextInt(3),
                    -1);
        default -> {}
      }
      end += random.nextInt(3) * 10L;
      flushed.replaceAll(
          (name, at) -> Math.max(durable.getOrDefault(name, 0L), random.nextInt(3) > 0 ? end : at));
      durable.putAll(flushed);
    }

    private void apply(Effect effect) {
      told.add(effect.toString());
      switch (effect) {
        case Effect.WriteSync write -> sync = write.sync();
        case Effect.SetSyncNames set -> {
          names = set.names();
          since = end;
        }
        default -> throw new AssertionError(effect);
      }
    }

    /** All that enough of the awaited have flushed; without any, all there is. */
    private void acknowledge() {
      if (names.equals(SyncNames.NONE)) {
        acknowledged = end;
        return;
      }
      names.names().stream()
          .map(name -> flushed.getOrDefault(name, 0L))
          .sorted((a, b) -> Long.compare(b, a))
          .skip(names.acknowledgements() - 1L)
          .findFirst()
          .ifPresent(at -> acknowledged = Math.max(acknowledged, at));
    }

    private void check() {
      SortedSet<String> all = new TreeSet<>(names.names());
      all.addAll(sync.voters());
      if (!sync.voters().isEmpty()) {
        assertThat(names.acknowledgements() + sync.quorum())
            .as("%s, %s after %s", names, sync, told)
            .isGreaterThanOrEqualTo(all.size());
      }
      // The least advanced of those who could elect one of them: its best has all there is.
      sync.voters().stream()
          .map(name -> durable.getOrDefault(name, 0L))
          .sorted()
          .skip(sync.quorum())
          .findFirst()
          .ifPresent(
              at ->
                  assertThat(at)
                      .as("%s, %s, %s after %s", names, sync, durable, told)
                      .isGreaterThanOrEqualTo(acknowledged));
    }
  }
}
