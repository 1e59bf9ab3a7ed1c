package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * This member's word to a leader without etcd: not to lead before that time. It outlives the agent,
 * for it is written down before it is given.
 *
 * @param leader to whom; empty for nobody
 * @param madeAt when it was last given
 * @param until monotonic time up to which it binds
 */
public record Promise(String leader, Instant madeAt, Instant until) {
  public static final Promise NONE = new Promise("", Instant.MIN, Instant.MIN);

  public Promise {
    requireNonNull(leader, "leader is null");
    requireNonNull(madeAt, "madeAt is null");
    requireNonNull(until, "until is null");
  }

  public boolean binds(Instant now) {
    return now.isBefore(until);
  }

  /** Given again, or to another: what was promised before still holds. */
  Promise renewed(String to, Instant now, Instant longer) {
    return new Promise(to, now, until.isAfter(longer) ? until : longer);
  }
}
