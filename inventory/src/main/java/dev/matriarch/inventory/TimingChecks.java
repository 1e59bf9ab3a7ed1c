package dev.matriarch.inventory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The lengths of a cluster's timing against each other: what has to be shorter than what, and why.
 * The first of the rules, {@code ttl >= loop_wait + 2 x retry_timeout}, is one of the inventory: it
 * refuses what breaks it.
 */
public final class TimingChecks {

  /**
   * One rule.
   *
   * @param rule in words
   * @param holds whether it does
   */
  public record Check(String rule, boolean holds) {}

  private final List<Check> checks = new ArrayList<>();

  private TimingChecks() {}

  /** Every rule, with what it compares. */
  public static List<Check> of(Timing timing, Durability durability) {
    TimingChecks all = new TimingChecks();
    all.leading(timing, timing.leading(durability));
    all.around(timing, timing.lease());
    return List.copyOf(all.checks);
  }

  private void leading(Timing timing, LeaseTiming leading) {
    Duration needed = timing.loopWait().plus(timing.retryTimeout().multipliedBy(2));
    check("loop_wait + 2 x retry_timeout", needed, "ttl", timing.ttl());
    shorter(
        "two renewals (one may be lost)",
        leading.renewal().multipliedBy(2),
        "the fence's deadline",
        leading.deadline());
    shorter("the fence's deadline", leading.deadline(), "the lease", leading.lease());
    shorter("the lease", leading.lease(), "ttl", timing.ttl());
    shorter("a heartbeat", leading.heartbeat(), "a quarter lease", leading.lease().dividedBy(4));
    shorter("the watchdog's margin", timing.safetyMargin(), "the lease", leading.lease());
    if (leading.revokes()) {
      shorter(
          "two renewals (one may be lost)",
          leading.renewal().multipliedBy(2),
          "suspicion",
          leading.suspicion());
      shorter("suspicion", leading.suspicion(), "the lease", leading.lease());
    }
  }

  private void around(Timing timing, Duration lease) {
    RoutingTiming routing = timing.routing();
    PoolerTiming pooling = timing.pooling();
    shorter("HAProxy's timeout connect", routing.connect(), "the lease", lease);
    check("HAProxy's inter", routing.check().interval(), "its timeout check", routing.answer());
    check(
        "HAProxy's fastinter",
        routing.check().fastInterval(),
        "its inter",
        routing.check().interval());
    shorter("HAProxy's checks alone (fall)", routing.fallTime(), "the lease", lease);
    shorter(
        "PgBouncer's server_login_retry", pooling.loginRetry(), "a second", Duration.ofSeconds(1));
    check("PgBouncer's server_connect_timeout", pooling.connect(), "the lease", lease);
    Duration longest = timing.ttl().plus(timing.primaryStartTimeout());
    shorter(
        "ttl + primary_start_timeout",
        longest,
        "PgBouncer's query_wait_timeout",
        pooling.queryWait());
  }

  private void check(String less, Duration one, String more, Duration other) {
    add(less, one, "<=", more, other, one.compareTo(other) <= 0);
  }

  private void shorter(String less, Duration one, String more, Duration other) {
    add(less, one, "<", more, other, one.compareTo(other) < 0);
  }

  private void add(
      String less, Duration one, String sign, String more, Duration other, boolean holds) {
    checks.add(
        new Check(
            "%s %s s %s %s %s s"
                .formatted(less, Times.seconds(one), sign, more, Times.seconds(other)),
            holds));
  }
}
