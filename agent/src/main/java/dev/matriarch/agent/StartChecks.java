package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.AgentConfig;
import dev.matriarch.agent.config.MatriarchConfig;
import dev.matriarch.agent.guard.LeaseGuard;
import dev.matriarch.agent.guard.Watchdog;
import dev.matriarch.agent.rest.PeerProbe;
import dev.matriarch.engine.Member;
import dev.matriarch.etcd.ClusterStore;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.postgres.Observation;
import dev.matriarch.postgres.PostgresServer;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must not be before an agent touches anything. Each refusal is a sentence for humans. */
record StartChecks(AgentConfig config) {
  private static final Logger LOG = LoggerFactory.getLogger(StartChecks.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Another node runs under this member's name. */
  static final class NameTaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NameTaken(String name) {
      super("Can't start; there is already a node named '" + name + "' running");
    }
  }

  StartChecks {
    requireNonNull(config, "config is null");
  }

  /** A running namesake would be overwritten: its key must not be touched. */
  void refuseIfTaken(ClusterStore store, PeerProbe probe) throws InterruptedException {
    try {
      Optional<String> taken = store.snapshot().state().member(config.name()).map(Member::apiUrl);
      if (taken.isPresent() && probe.isTaken(taken.get(), PATIENCE)) {
        throw new NameTaken(config.name());
      }
    } catch (EtcdException e) {
      LOG.warn("{}", e.failure().message());
    }
  }

  /** What is no server's data, and was not left half-made by this agent, is not ours to delete. */
  void refuseAlienData(PostgresServer postgres, Marker marker) {
    if (postgres.observe(PATIENCE) instanceof Observation.Unusable alien && !marker.isSet()) {
      throw new IllegalArgumentException(
          postgres.spec().dataDir()
              + ": "
              + alien.why()
              + "; nothing was touched: move it away, or name another data_dir");
    }
  }

  /** Without a watchdog where one is required there is no primary; else it is said (P207). */
  void checkWatchdog(Watchdog watchdog) {
    Optional<String> objection = watchdog.objection();
    if (objection.isPresent() && watchdog.isRequired()) {
      throw new IllegalArgumentException(
          "watchdog.mode: required, but "
              + objection.get()
              + "; load its driver, give the account the right to write it, or choose automatic");
    }
    objection.ifPresent(why -> LOG.info("no watchdog: {}", why));
  }

  /** Without a kernel lease where one is required there is no primary; else it is said. */
  void checkGuard(LeaseGuard guard) {
    Optional<String> objection = guard.objection();
    boolean required =
        config
            .matriarch()
            .filter(section -> section.guard().mode() == MatriarchConfig.GuardMode.REQUIRED)
            .isPresent();
    if (objection.isPresent() && required) {
      throw new IllegalArgumentException(
          "matriarch.lease_guard.mode: required, but " + objection.get());
    }
    objection.ifPresent(why -> LOG.warn("no kernel lease: {}", why));
  }
}
