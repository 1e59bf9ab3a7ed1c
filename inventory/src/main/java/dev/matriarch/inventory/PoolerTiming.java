package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How PgBouncer bears that its server is gone.
 *
 * @param loginRetry until it tries a server again that refused it. Neither RELOAD nor RESUME ends
 *     such a wait once it has begun, so it is short: the default of 15 s outlasts most failovers
 * @param connect how long a server may take to accept
 * @param queryWait how long a client may wait for a server before it is closed; it counts during
 *     PAUSE too, so it is far above the longest outage
 * @param userTimeout how long sent data may stay without an acknowledgement
 */
public record PoolerTiming(
    Duration loginRetry, Duration connect, Duration queryWait, Duration userTimeout) {
  private static final Duration LOGIN_RETRY = Duration.ofMillis(100);

  public PoolerTiming {
    requireNonNull(loginRetry, "loginRetry is null");
    requireNonNull(connect, "connect is null");
    requireNonNull(queryWait, "queryWait is null");
    requireNonNull(userTimeout, "userTimeout is null");
  }

  static PoolerTiming of(Duration ttl, Duration lease) {
    return new PoolerTiming(
        LOGIN_RETRY,
        Times.within(
            Duration.ofSeconds(lease.dividedBy(2).toSeconds()),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3)),
        Times.least(Times.wholeSeconds(ttl.multipliedBy(2)), Duration.ofMinutes(2)),
        lease);
  }
}
