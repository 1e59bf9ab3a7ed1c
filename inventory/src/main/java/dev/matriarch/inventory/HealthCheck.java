package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How often HAProxy asks a member's agent.
 *
 * @param interval while the state is steady
 * @param fastInterval while it is changing
 * @param downInterval while the member is down
 * @param rise answers in a row that bring a member back
 * @param fall failures in a row that take it out
 */
public record HealthCheck(
    Duration interval, Duration fastInterval, Duration downInterval, int rise, int fall) {
  public HealthCheck {
    requireNonNull(interval, "interval is null");
    requireNonNull(fastInterval, "fastInterval is null");
    requireNonNull(downInterval, "downInterval is null");
  }
}
