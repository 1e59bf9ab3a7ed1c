package dev.matriarch.engine;

import java.time.Duration;
import java.time.Instant;

/**
 * How long the leader key lives without a renewal, and what follows from it (design, section 3).
 *
 * @param lease how long a renewal counts: {@code ttl - loop_wait}
 * @param renewal the time between renewals: a fifth of it, at least 0.4 s, at most 4 s
 * @param margin how long before the lease's end the primary is stopped
 * @param patience how long an election waits for a peer that does not answer
 */
public record LeaseTerms(Duration lease, Duration renewal, Duration margin, Duration patience) {

  private static final Duration LEAST_RENEWAL = Duration.ofMillis(400);

  public static LeaseTerms of(Duration ttl, Duration loopWait) {
    Duration lease = ttl.minus(loopWait);
    return new LeaseTerms(
        lease,
        within(part(lease, 5), LEAST_RENEWAL, Duration.ofSeconds(4)),
        within(part(lease, 40), Duration.ofMillis(150), Duration.ofMillis(500)),
        within(part(lease, 10), Duration.ofMillis(300), Duration.ofSeconds(1)));
  }

  /** The same with a primary stopped so much earlier. */
  LeaseTerms leaving(Duration reserve) {
    return reserve.isZero() ? this : new LeaseTerms(lease, renewal, margin.plus(reserve), patience);
  }

  /** The same, renewed this often if that is more often than it was, within reason. */
  LeaseTerms renewedWithin(Duration longest) {
    return new LeaseTerms(lease, within(longest, LEAST_RENEWAL, renewal), margin, patience);
  }

  /** When a primary must have stopped that sent its last successful renewal at {@code sentAt}. */
  public Instant deadline(Instant sentAt) {
    return sentAt.plus(lease).minus(margin);
  }

  /** The longest time between two signs of life of an agent's loop: a sixteenth of the lease. */
  public Duration heartbeat() {
    return part(lease, 16);
  }

  /** A part of a time of at most some years; {@link Duration} itself divides decimal fractions. */
  static Duration part(Duration whole, long parts) {
    return Duration.ofNanos(whole.toNanos() / parts);
  }

  private static Duration within(Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0) {
      return least;
    }
    return value.compareTo(most) > 0 ? most : value;
  }
}
