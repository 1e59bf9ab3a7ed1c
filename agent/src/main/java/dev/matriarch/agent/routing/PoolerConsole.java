package dev.matriarch.agent.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.MatriarchConfig.PoolerConfig;
import dev.matriarch.engine.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The local PgBouncer's admin console, over its Unix socket. Thread-safe: each order has a
 * connection of its own, since one whose PAUSE was undone is never answered again (PgBouncer 1.18).
 */
public final class PoolerConsole implements AutoCloseable {
  private static final Duration UNDO = Duration.ofSeconds(1);

  private final PoolerConfig config;

  public PoolerConsole(PoolerConfig config) {
    this.config = requireNonNull(config, "config is null");
  }

  /**
   * Lets clients wait: returns when no transaction is open any more. When the budget is over, it is
   * undone and clients go on.
   */
  public Outcome pause(Duration budget) {
    if (!budget.isPositive()) {
      return new Outcome.Failed("PgBouncer: no time is left for PAUSE");
    }
    Outcome paused = order("PAUSE", budget);
    if (paused instanceof Outcome.Done || says(paused, "already suspended/paused")) {
      return new Outcome.Done();
    }
    // It may be waiting still, or have happened after we gave up: clients must not be left waiting.
    return switch (resume(UNDO)) {
      case Outcome.Done done -> paused;
      case Outcome.Refused refused -> stuck(paused, refused.reason());
      case Outcome.Failed failed -> stuck(paused, failed.reason());
      case Outcome.Unknown unknown -> stuck(paused, unknown.reason());
    };
  }

  private static Outcome stuck(Outcome paused, String reason) {
    return new Outcome.Unknown(
        "clients may be held: PAUSE ended with " + paused + ", and RESUME: " + reason);
  }

  /** Lets clients go on; nothing to do when they are not held. */
  public Outcome resume(Duration budget) {
    Outcome resumed = order("RESUME", budget);
    return says(resumed, "not paused") ? new Outcome.Done() : resumed;
  }

  /** Replaces each server connection once its transaction ends. */
  public Outcome reconnect(Duration budget) {
    return order("RECONNECT", budget);
  }

  /** Reads its files again. */
  public Outcome reload(Duration budget) {
    return order("RELOAD", budget);
  }

  private static boolean says(Outcome outcome, String words) {
    return outcome instanceof Outcome.Failed failed && failed.reason().contains(words);
  }

  private Outcome order(String command, Duration budget) {
    if (!budget.isPositive()) {
      return new Outcome.Failed("PgBouncer: no time is left for " + command);
    }
    // The JDBC driver cannot be used: on servers that call themselves older than 12, as PgBouncer
    // does, it begins with a SET that the console refuses.
    ProcessBuilder builder =
        new ProcessBuilder(
                "psql",
                "-XwqAt",
                "-h",
                config.socketDir().toString(),
                "-p",
                Integer.toString(config.port()),
                "-U",
                config.admin().username(),
                "-d",
                "pgbouncer",
                "-c",
                command)
            .redirectErrorStream(true);
    if (!config.admin().password().isEmpty()) {
      builder.environment().put("PGPASSWORD", config.admin().password());
    }
    try {
      Process psql = builder.start();
      psql.getOutputStream().close();
      if (!psql.waitFor(budget.toMillis(), TimeUnit.MILLISECONDS)) {
        psql.destroyForcibly();
        return new Outcome.Failed(
            "PgBouncer: " + command + ": no answer after " + budget.toMillis() + " ms");
      }
      String said = new String(psql.getInputStream().readAllBytes(), UTF_8).strip();
      return psql.exitValue() == 0
          ? new Outcome.Done()
          : new Outcome.Failed("PgBouncer: " + command + ": " + said);
    } catch (IOException e) {
      return new Outcome.Failed("PgBouncer: " + command + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Unknown("PgBouncer: " + command + ": interrupted");
    }
  }

  @Override
  public void close() {}
}
