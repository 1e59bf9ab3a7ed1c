package dev.matriarch.agent.script;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's programs that are waited for: one before a promotion, which it may forbid, and one
 * before the server is stopped, which it may not.
 *
 * @param launcher what a program is started by, so that it runs as the server's account
 * @param prePromote {@code postgresql.pre_promote}; empty for none
 * @param beforeStop {@code postgresql.before_stop}; empty for none
 */
public record Hooks(List<String> launcher, String prePromote, String beforeStop) {
  private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

  /** Nothing is run. */
  public static final Hooks NONE = new Hooks(List.of(), "", "");

  public Hooks {
    launcher = List.copyOf(launcher);
    requireNonNull(prePromote, "prePromote is null");
    requireNonNull(beforeStop, "beforeStop is null");
  }

  /**
   * Asks whether the server may be promoted.
   *
   * @throws DataPrograms.Failure if it says no, by its exit code, or nothing within the limit: what
   *     it was to fence off may still be there
   */
  public void beforePromotion(Duration limit) {
    if (!prePromote.isEmpty()) {
      DataPrograms.run(launcher, ShellWords.split(prePromote), List.of(), limit);
    }
  }

  /** Whatever comes of it, the server is stopped afterwards, and not later than the limit. */
  public void beforeStop(Duration limit) {
    if (beforeStop.isEmpty()) {
      return;
    }
    try {
      DataPrograms.run(launcher, ShellWords.split(beforeStop), List.of(), limit);
    } catch (DataPrograms.Failure e) {
      LOG.warn("postgresql.before_stop: {}; the server is stopped all the same", e.getMessage());
    }
  }
}
