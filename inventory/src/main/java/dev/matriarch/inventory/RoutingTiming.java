package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How HAProxy finds a server.
 *
 * @param check how often it asks the agents
 * @param fall failures in a row that take a server out, in effect: at least those of {@code check},
 *     and as many as pass while an agent that died is started anew, where the lease leaves time for
 *     them. Its server goes on meanwhile, and so do its clients
 * @param answer how long an agent may think about its answer. A host that is gone fails its check
 *     by {@code connect}; a busy agent, or a frozen one that is about to be replaced, must not cost
 *     a primary its sessions
 * @param connect how long a server may take to accept a connection
 * @param retries how often a connection is tried again, each at another server
 */
public record RoutingTiming(
    HealthCheck check, int fall, Duration answer, Duration connect, int retries) {
  private static final int RETRIES = 20;

  /** From an agent's death until its successor answers checks: twice what was measured. */
  private static final Duration RESTART = Duration.ofSeconds(3);

  /**
   * The same on a slow host whose processors are busy; as much of it as {@link #DETECTION} lets.
   */
  private static final Duration BUSY_RESTART = Duration.ofSeconds(8);

  /** The longest that checks alone should take (P155). */
  private static final Duration DETECTION = Duration.ofSeconds(9);

  public RoutingTiming {
    requireNonNull(check, "check is null");
    requireNonNull(answer, "answer is null");
    requireNonNull(connect, "connect is null");
  }

  static RoutingTiming of(HealthCheck check, Duration lease, Duration retryTimeout) {
    Duration connect =
        Times.within(
            retryTimeout.dividedBy(RETRIES), Duration.ofMillis(200), Duration.ofSeconds(1));
    return new RoutingTiming(
        check, fall(check, lease, connect), answer(check, lease), connect, RETRIES);
  }

  private static int fall(HealthCheck check, Duration lease, Duration connect) {
    int fall = bearing(RESTART, check.fall(), check, lease, connect);
    return bearing(BUSY_RESTART, fall, check, Times.most(lease, DETECTION), connect);
  }

  private static int bearing(
      Duration restart, int least, HealthCheck check, Duration most, Duration connect) {
    int fall = least;
    while (check.fastInterval().multipliedBy(fall - 1L).compareTo(restart) < 0
        && fallTime(check, fall + 1, connect).compareTo(most) < 0) {
      fall++;
    }
    return fall;
  }

  /** The supervisor replaces a frozen agent after a quarter of the lease. */
  private static Duration answer(HealthCheck check, Duration lease) {
    Duration frozen = lease.dividedBy(4).plusSeconds(1);
    Duration most = Times.least(Duration.ofSeconds(3), frozen);
    return Times.least(Times.most(lease.dividedBy(2), most), check.interval());
  }

  /** How long the checks alone take to see that a server is gone, if no agent says so at once. */
  public Duration fallTime() {
    return fallTime(check, fall, connect);
  }

  /** How long the checks alone take to see that a server serves, if its agent answers at once. */
  public Duration riseTime() {
    return check.downInterval().plus(check.fastInterval().multipliedBy(check.rise() - 1L));
  }

  /**
   * After a switchover, for how long the host of the former primary goes on taking new clients for
   * the next one where HAProxy has its checks alone: by then these have found it. Whole seconds.
   */
  public Duration overlap() {
    return Duration.ofSeconds(riseTime().plus(answer).plusMillis(999).toSeconds());
  }

  private static Duration fallTime(HealthCheck check, int fall, Duration connect) {
    return check
        .interval()
        .plus(check.fastInterval().plus(connect).multipliedBy(fall - 1L))
        .plus(connect);
  }
}
