package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The section {@code watchdog}.
 *
 * @param safetyMargin how long before the lease's end it fires; negative for half of ttl
 */
public record WatchdogConfig(Mode mode, String device, Duration safetyMargin) {
  public static final WatchdogConfig DEFAULT =
      new WatchdogConfig(Mode.AUTOMATIC, "/dev/watchdog", Duration.ofSeconds(5));

  /** Whether a primary needs it. */
  public enum Mode {
    OFF,
    AUTOMATIC,
    REQUIRED
  }

  public WatchdogConfig {
    requireNonNull(mode, "mode is null");
    requireNonNull(device, "device is null");
    requireNonNull(safetyMargin, "safetyMargin is null");
  }
}
