package dev.matriarch.agent.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.script.Callback.Kind;
import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.FailsafeRecord;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Lease;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.RestartConditions;
import dev.matriarch.engine.RestartPlan;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Self;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Source;
import dev.matriarch.engine.View;
import dev.matriarch.engine.Wish;
import dev.matriarch.engine.Wishes;
import dev.matriarch.engine.Work;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What callbacks are told, in the order of the drop-in contract's section 8. */
class CallbackTaleTest {
  private static final Instant NOW = Instant.EPOCH.plusSeconds(1000);
  private static final Self SELF = Self.of("a", "postgres://a", "http://a", Instant.EPOCH);

  private final CallbackTale tale = new CallbackTale();
  private View view = View.atStart(SELF, Settings.DEFAULT);

  private static ClusterState state(boolean recorded) {
    return new ClusterState(
        1,
        new Leadership.Vacant(),
        recorded ? new Initialization.Done("7") : new Initialization.InProgress(),
        new TreeMap<>(),
        Optional.empty(),
        dev.matriarch.engine.SyncState.NONE,
        java.util.List.of(),
        dev.matriarch.engine.StatusRecord.NONE,
        Optional.empty(),
        FailsafeRecord.NONE,
        dev.matriarch.engine.Revocation.NONE);
  }

  private CallbackTaleTest known() {
    view = view.after(new Event.StoreRead(state(true)), NOW);
    return this;
  }

  private Optional<Callback> sees(Condition condition, Role role, boolean leads, Effect... doing) {
    Map<dev.matriarch.engine.Lane, Order> running = new java.util.HashMap<>();
    for (Effect effect : doing) {
      running.put(effect.lane(), new Order(1, effect, NOW));
    }
    view =
        view.toBuilder()
            .server(Server.absent(condition).toBuilder().role(role).build())
            .lease(leads ? new Lease.Held(NOW, 1, Settings.DEFAULT.lease()) : new Lease.None())
            .work(new Work(5, running, Map.of(), Map.of()))
            .build();
    return tale.next(view, NOW);
  }

  private static Optional<Callback> told(Kind kind, String role) {
    return Optional.of(new Callback(kind, role));
  }

  @Test
  void aBootstrapIsSilentAndEndsInAStart() {
    assertThat(sees(Condition.EMPTY, Role.NONE, true)).isEmpty();
    view = view.after(new Event.StoreRead(state(false)), NOW);
    assertThat(sees(Condition.RUNNING, Role.PRIMARY, true)).isEmpty();
    view = view.toBuilder().store(dev.matriarch.engine.StoreSight.UNSEEN).build();
    known();
    assertThat(sees(Condition.RUNNING, Role.PRIMARY, true))
        .isEqualTo(told(Kind.ON_START, "primary"));
    assertThat(sees(Condition.RUNNING, Role.PRIMARY, true)).isEmpty();
  }

  @Test
  void aRoleThatChangesHidesTheStartThatChangedIt() {
    known();
    assertThat(sees(Condition.RUNNING, Role.PRIMARY, true)).as("it was found running").isEmpty();
    Effect stop = new Effect.StopForHandover("b", false);
    assertThat(sees(Condition.STOPPING, Role.PRIMARY, true, stop)).isEmpty();
    assertThat(sees(Condition.STOPPED, Role.PRIMARY, true))
        .isEqualTo(told(Kind.ON_STOP, "primary"));
    assertThat(sees(Condition.STOPPED, Role.PRIMARY, false)).isEmpty();
    assertThat(sees(Condition.RUNNING, Role.STANDBY, false))
        .isEqualTo(told(Kind.ON_ROLE_CHANGE, "replica"));
    assertThat(sees(Condition.RUNNING, Role.STANDBY, true, new Effect.Promote()))
        .as("on the way")
        .isEmpty();
    assertThat(sees(Condition.RUNNING, Role.PRIMARY, true))
        .isEqualTo(told(Kind.ON_ROLE_CHANGE, "primary"));
  }

  @Test
  void aLeaderWhoseStartFailedIsDemoted() {
    known();
    sees(Condition.RUNNING, Role.PRIMARY, true);
    assertThat(sees(Condition.CRASHED, Role.PRIMARY, true)).as("it may come back").isEmpty();
    assertThat(sees(Condition.CRASHED, Role.PRIMARY, false))
        .isEqualTo(told(Kind.ON_ROLE_CHANGE, "demoted"));
    assertThat(sees(Condition.RUNNING, Role.STANDBY, false))
        .isEqualTo(told(Kind.ON_ROLE_CHANGE, "replica"));
  }

  @Test
  void theLeaderOfAStandbyClusterHasAWordOfItsOwn() {
    view =
        View.atStart(
            SELF,
            Settings.DEFAULT.toBuilder().source(Optional.of(new Source("h", 5432, ""))).build());
    known();
    sees(Condition.EMPTY, Role.NONE, false);
    assertThat(sees(Condition.RUNNING, Role.STANDBY, false))
        .isEqualTo(told(Kind.ON_START, "replica"));
    assertThat(sees(Condition.RUNNING, Role.STANDBY, true))
        .isEqualTo(told(Kind.ON_ROLE_CHANGE, "standby_leader"));
  }

  private void restart(Optional<Instant> begun) {
    RestartPlan plan =
        new RestartPlan(
            RestartConditions.NONE, Optional.empty(), Optional.empty(), Optional.empty());
    view =
        view.toBuilder()
            .wishes(
                new Wishes(
                    Optional.of(new Wish.Restart(1, plan, begun, NOW)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()))
            .build();
  }

  @Test
  void aRestartIsToldOnceInsteadOfItsStopAndStart() {
    known();
    sees(Condition.RUNNING, Role.STANDBY, false);
    restart(Optional.of(NOW));
    Effect stop = new Effect.StopServer(Effect.StopMode.FAST, "to restart it");
    assertThat(sees(Condition.RUNNING, Role.STANDBY, false, stop)).isEmpty();
    assertThat(sees(Condition.STOPPED, Role.STANDBY, false)).isEmpty();
    assertThat(sees(Condition.STARTING, Role.STANDBY, false)).isEmpty();
    assertThat(sees(Condition.RUNNING, Role.STANDBY, false))
        .isEqualTo(told(Kind.ON_RESTART, "replica"));
    assertThat(sees(Condition.RUNNING, Role.STANDBY, false)).isEmpty();
    view = view.toBuilder().wishes(Wishes.NONE).build();
    sees(Condition.RUNNING, Role.STANDBY, false);
    sees(Condition.CRASHED, Role.STANDBY, false);
    assertThat(sees(Condition.RUNNING, Role.STANDBY, false))
        .as("the next start is one by itself")
        .isEqualTo(told(Kind.ON_START, "replica"));
  }

  @Test
  void aRestartThatChangesTheRoleIsARoleChange() {
    known();
    sees(Condition.RUNNING, Role.PRIMARY, true);
    restart(Optional.of(NOW));
    sees(Condition.STOPPED, Role.PRIMARY, true, new Effect.StartPrimary());
    assertThat(sees(Condition.RUNNING, Role.STANDBY, false))
        .isEqualTo(told(Kind.ON_ROLE_CHANGE, "replica"));
  }
}
