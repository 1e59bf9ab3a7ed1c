package dev.matriarch.agent.guard;

import dev.matriarch.agent.config.MatriarchConfig.GuardConfig;
import dev.matriarch.engine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The kernel lease (design, section 3): packets to and from the instance's ports pass only while
 * the kernel's own clock says that the lease lasts. Each call takes some 25 ms and is bounded; keep
 * it off the path of renewals. Thread-safe.
 */
public final class LeaseGuard implements AutoCloseable {

  /** For an instance; {@code monotonic} is the clock of the deadlines given to {@link #arm}. */
  public LeaseGuard(String instance, GuardConfig config, InstantSource monotonic) {}

  /**
   * Whether the host allows it.
   *
   * @return empty when it does or when the mode is off; else why not. With mode {@code required}
   *     the agent must not go on then
   */
  public java.util.Optional<String> objection() {
    return java.util.Optional.empty();
  }

  /** Whether it is in use: wanted and possible. */
  public boolean isActive() {
    return false;
  }

  /**
   * Closes the ports from {@code deadline} on, unless armed again; a deadline that has passed
   * closes them now. Done when it is not active.
   */
  public Outcome arm(Instant deadline) {
    return new Outcome.Done();
  }

  /** Lets everything pass: this member is a standby. */
  public Outcome disarm() {
    return new Outcome.Done();
  }

  /** Ends its thread; what the kernel holds stays, for the agent may come back. */
  @Override
  public void close() {}

  static final Duration BUDGET = Duration.ofMillis(500);
}
