package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
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
            key.equals("sync") ? SyncState.NONE : state.sync(),
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

  @ParameterizedTest
  @ValueSource(strings = {"initialize", "sync", "history", "status", "revoke"})
  void whoNeverSawItWholeDoesNotTakeTheVacantLead(String key) {
    View whole =
        new Scene()
            .vacant(Duration.ofMinutes(1))
            .standby(1, 1000)
            .peersAsked(Duration.ofSeconds(1))
            .peer("m2", Role.STANDBY, 1, 1000)
            .peer("m3", Role.STANDBY, 1, 1000)
            .view();
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
}
