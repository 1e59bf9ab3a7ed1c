package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The section {@code watchdog}.
 *
 * @param driver how the device is spoken to
 * @param safetyMargin how long before the lease's end it fires; negative for half of ttl
 */
public record WatchdogConfig(Mode mode, Driver driver, String device, Duration safetyMargin) {
  public static final WatchdogConfig DEFAULT =
      new WatchdogConfig(Mode.AUTOMATIC, Driver.DEFAULT, "/dev/watchdog", Duration.ofSeconds(5));

  /** Whether a primary needs it. */
  public enum Mode {
    OFF,
    AUTOMATIC,
    REQUIRED
  }

  /** What is behind the device. */
  public enum Driver {
    /** The kernel's interface. */
    DEFAULT,
    /** Bytes to a FIFO, as the field's tests want them. */
    TESTING
  }

  public WatchdogConfig {
    requireNonNull(mode, "mode is null");
    requireNonNull(driver, "driver is null");
    requireNonNull(device, "device is null");
    requireNonNull(safetyMargin, "safetyMargin is null");
  }
}
