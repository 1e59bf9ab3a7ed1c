package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.DynamicConfig;
import dev.matriarch.engine.ConfigRecord;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.View;
import dev.matriarch.postgres.Applied;
import dev.matriarch.postgres.Observation;
import dev.matriarch.postgres.PostgresException;
import dev.matriarch.postgres.PostgresServer;
import dev.matriarch.postgres.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes each new dynamic configuration to the engine, the lease and the server. */
final class Reconfiguration implements Consumer<ConfigRecord> {
  private static final Logger LOG = LoggerFactory.getLogger(Reconfiguration.class);
  private static final Duration SETTLING = Duration.ofSeconds(30);

  private volatile ServerParts parts;
  private volatile Optional<Told> last = Optional.empty();
  private final PostgresServer postgres;
  private final LeaseHands lease;
  private final UnaryOperator<dev.matriarch.engine.Settings> guarded;
  private final ReentrantLock turn;
  private final Inbox inbox;
  private final Supplier<View> view;
  private final Runnable reloaded;

  /** A configuration, read and as it stands in etcd. */
  private record Told(DynamicConfig dynamic, String json) {}

  /**
   * @param guarded what the guards make of the settings
   * @param turn held while the server is given orders
   * @param reloaded told when the server has read its files again
   */
  Reconfiguration(
      ServerParts parts,
      PostgresServer postgres,
      LeaseHands lease,
      UnaryOperator<dev.matriarch.engine.Settings> guarded,
      ReentrantLock turn,
      Inbox inbox,
      Supplier<View> view,
      Runnable reloaded) {
    this.parts = requireNonNull(parts, "parts is null");
    this.postgres = requireNonNull(postgres, "postgres is null");
    this.lease = requireNonNull(lease, "lease is null");
    this.guarded = requireNonNull(guarded, "guarded is null");
    this.turn = requireNonNull(turn, "turn is null");
    this.inbox = requireNonNull(inbox, "inbox is null");
    this.view = requireNonNull(view, "view is null");
    this.reloaded = requireNonNull(reloaded, "reloaded is null");
  }

  @Override
  public void accept(ConfigRecord record) {
    DynamicConfig dynamic;
    try {
      dynamic = DynamicConfig.parse(record.json());
    } catch (IllegalArgumentException e) {
      LOG.error("the dynamic configuration is ignored: {}", e.getMessage());
      return;
    }
    last = Optional.of(new Told(dynamic, record.json()));
    dynamic.notes().forEach(note -> LOG.warn("dynamic configuration: {}", note));
    dev.matriarch.engine.Settings wanted = guarded.apply(dynamic.settings());
    inbox.put(new Event.SettingsChanged(wanted));
    begin(dynamic, record.json(), false);
  }

  /** The configuration that etcd told last; empty when it told none yet. */
  Optional<String> json() {
    return last.map(Told::json);
  }

  /**
   * The member's own file was read again. The server reads its files too, whatever they say: it may
   * be a certificate that has changed.
   */
  void reload(ServerParts changed) {
    parts = changed;
    last.ifPresent(
        told -> {
          inbox.put(new Event.SettingsChanged(guarded.apply(told.dynamic().settings())));
          begin(told.dynamic(), told.json(), true);
        });
  }

  /**
   * What PostgreSQL has against a configuration, together with what this member's file says. Its
   * lines of pg_hba are judged when they change, also where this member's file has its own: others
   * may go by them.
   */
  Optional<String> objection(DynamicConfig dynamic) {
    boolean sameAccess =
        last.filter(told -> told.dynamic().hba().equals(dynamic.hba())).isPresent();
    List<String> judged = sameAccess ? List.of() : dynamic.hba();
    return postgres.objection(parts.settings(dynamic).withHba(judged));
  }

  /** Not on the caller's thread: it waits for etcd and PostgreSQL. */
  private void begin(DynamicConfig dynamic, String json, boolean anyway) {
    dev.matriarch.engine.Settings wanted = guarded.apply(dynamic.settings());
    Thread.ofVirtual()
        .name("settings")
        .start(() -> apply(parts.settings(dynamic), wanted, json, anyway));
  }

  private synchronized void apply(
      Settings settings, dev.matriarch.engine.Settings engines, String json, boolean anyway) {
    try {
      lease.retune(engines.lease());
      turn.lockInterruptibly();
      try {
        apply(settings, anyway);
        respell(engines.synchrony().mode());
        if (isOurs()) {
          postgres.keepDynamicConfig(json);
        }
      } finally {
        turn.unlock();
      }
    } catch (PostgresException e) {
      LOG.error("the settings were not taken: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Data of another cluster is left as it is. Waits a moment for etcd to say which one ours is. */
  private boolean isOurs() {
    for (int i = 0; i < 100 && !view.get().store().known(); i++) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    if (!(view.get().state().initialization() instanceof Initialization.Done cluster)) {
      return false;
    }
    postgres.requireSystem(cluster.systemIdentifier());
    return true;
  }

  /** The names stay; another mode spells them in another way. */
  private void respell(Synchrony.Mode mode) {
    if (!(postgres.observe(SETTLING) instanceof Observation.Running running)) {
      return;
    }
    String now = running.synchronousStandbyNames();
    String wanted = StandbyNames.format(StandbyNames.parse(now), mode);
    if (mode != Synchrony.Mode.OFF && !running.inRecovery() && !wanted.equals(now)) {
      postgres.setSynchronousStandbyNames(wanted, SETTLING);
    }
  }

  private void apply(Settings settings, boolean anyway) {
    if (settings.equals(postgres.settings()) && !anyway) {
      return;
    }
    Applied applied = postgres.apply(settings, SETTLING);
    if (view.get().server().isRunning()) {
      reloaded.run();
    }
    applied.dropped().forEach(LOG::warn);
    if (!applied.pendingRestart().isEmpty()) {
      LOG.info("these settings wait for a restart: {}", applied.pendingRestart());
    }
  }
}
