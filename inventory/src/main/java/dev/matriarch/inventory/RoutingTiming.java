package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How HAProxy finds a server.
 *
 * @param check how often it asks the agents
 * @param answer how long an agent may think about its answer. A host that is gone fails its check
 *     by {@code connect}; a busy agent must not cost a primary its sessions
 * @param connect how long a server may take to accept a connection
 * @param retries how often a connection is tried again, each at another server
 */
public record RoutingTiming(HealthCheck check, Duration answer, Duration connect, int retries) {
  private static final int RETRIES = 20;

  public RoutingTiming {
    requireNonNull(check, "check is null");
    requireNonNull(answer, "answer is null");
    requireNonNull(connect, "connect is null");
  }

  static RoutingTiming of(HealthCheck check, Duration lease, Duration retryTimeout) {
    return new RoutingTiming(
        check,
        Times.least(Times.most(lease.dividedBy(2), Duration.ofSeconds(3)), check.interval()),
        Times.within(
            retryTimeout.dividedBy(RETRIES), Duration.ofMillis(200), Duration.ofSeconds(1)),
        RETRIES);
  }

  /** How long the checks alone take to see that a server is gone, if no agent says so at once. */
  public Duration fallTime() {
    return check
        .interval()
        .plus(check.fastInterval().plus(connect).multipliedBy(check.fall() - 1L))
        .plus(connect);
  }
}
