package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The one timing model of a cluster, derived from {@code pg_rto} (P124-P130, P204, C1-C4).
 *
 * @param plan the plan's name, or the number of seconds that {@code pg_rto} gave
 * @param ttl the leader key is gone at most this long after the leader stopped
 * @param loopWait between two rounds of an agent
 * @param retryTimeout for etcd and PostgreSQL calls before giving up
 * @param primaryStartTimeout for a crashed primary to come back before another is elected
 * @param primaryStopTimeout for a primary to stop, in synchronous mode
 * @param safetyMargin between the last moment of a lease and the fence
 */
public record Timing(
    String plan,
    Duration ttl,
    Duration loopWait,
    Duration retryTimeout,
    Duration primaryStartTimeout,
    Duration primaryStopTimeout,
    Duration safetyMargin,
    HealthCheck healthCheck) {
  static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  public Timing {
    requireNonNull(plan, "plan is null");
    requireNonNull(ttl, "ttl is null");
    requireNonNull(loopWait, "loopWait is null");
    requireNonNull(retryTimeout, "retryTimeout is null");
    requireNonNull(primaryStartTimeout, "primaryStartTimeout is null");
    requireNonNull(primaryStopTimeout, "primaryStopTimeout is null");
    requireNonNull(safetyMargin, "safetyMargin is null");
    requireNonNull(healthCheck, "healthCheck is null");
    if (!holds(ttl, loopWait, retryTimeout)) {
      throw new IllegalArgumentException(
          "ttl %s < loop_wait %s + 2 x retry_timeout %s".formatted(ttl, loopWait, retryTimeout));
    }
  }

  /** The rule that keeps a leader from losing its key by mere slowness (P130). */
  public static boolean holds(Duration ttl, Duration loopWait, Duration retryTimeout) {
    return ttl.compareTo(loopWait.plus(retryTimeout.multipliedBy(2))) >= 0;
  }

  /** The model for {@code pg_rto} given in seconds, at least 3. */
  public static Timing ofSeconds(int rto) {
    if (rto < 3) {
      throw new IllegalArgumentException("pg_rto " + rto + " is less than 3 seconds");
    }
    int loop = rto / 3;
    int retry = (rto - loop) / 2;
    int margin = Math.clamp(rto / 6, 1, 5);
    return new Timing(
        Integer.toString(rto),
        Duration.ofSeconds(rto),
        Duration.ofSeconds(loop),
        Duration.ofSeconds(retry),
        Duration.ofSeconds(loop),
        STOP_TIMEOUT,
        Duration.ofSeconds(margin),
        healthCheckFor(rto));
  }

  /** How long the leader key lives without renewal: {@code ttl - loop_wait}. */
  public Duration lease() {
    return ttl.minus(loopWait);
  }

  /** How the lead is held and passes on. */
  public LeaseTiming leading(Durability durability) {
    return LeaseTiming.of(ttl, loopWait, durability.revokes());
  }

  /** How HAProxy finds a server. */
  public RoutingTiming routing() {
    return RoutingTiming.of(healthCheck, lease(), retryTimeout);
  }

  /** How PgBouncer bears that its server is gone. */
  public PoolerTiming pooling() {
    return PoolerTiming.of(ttl, lease());
  }

  /** How replication notices that its other side is gone. */
  public StreamTiming streaming() {
    return StreamTiming.of(lease());
  }

  // The seeds give 3s/1s/5s/3/3 for 30 s and 1s/500ms/2/2 for 15 s (C4, P152, P196).
  private static HealthCheck healthCheckFor(int rto) {
    if (rto >= 30) {
      return new HealthCheck(
          Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(5), 3, 3);
    }
    if (rto >= 20) {
      return new HealthCheck(
          Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(3), 3, 3);
    }
    Duration interval = rto >= 10 ? Duration.ofSeconds(1) : Duration.ofMillis(100L * rto);
    return new HealthCheck(interval, interval.dividedBy(2), interval, 2, 2);
  }
}
