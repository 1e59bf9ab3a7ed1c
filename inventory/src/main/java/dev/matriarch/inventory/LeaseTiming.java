package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a lead is held and passes on. The engine works by the same lengths ({@code LeaseTerms}); a
 * test of the command's room proves it, as neither room may use the other.
 *
 * @param lease how long a renewal counts
 * @param renewal from one renewal to the next
 * @param fence when a primary without a renewal has stopped, before the lease's end
 * @param patience how long an election waits for a peer that does not answer
 * @param heartbeat the longest time between two signs of life of an agent's loop
 * @param suspicion how long a leader may be silent before its term is revoked; used only where
 *     {@code revokes}
 * @param revokes a silent leader's term is revoked instead of waited for
 */
public record LeaseTiming(
    Duration lease,
    Duration renewal,
    Duration fence,
    Duration patience,
    Duration heartbeat,
    Duration suspicion,
    boolean revokes) {
  private static final Duration LEAST_RENEWAL = Duration.ofMillis(400);

  public LeaseTiming {
    requireNonNull(lease, "lease is null");
    requireNonNull(renewal, "renewal is null");
    requireNonNull(fence, "fence is null");
    requireNonNull(patience, "patience is null");
    requireNonNull(heartbeat, "heartbeat is null");
    requireNonNull(suspicion, "suspicion is null");
  }

  static LeaseTiming of(Duration ttl, Duration loopWait, boolean revokes) {
    Duration lease = ttl.minus(loopWait);
    Duration suspicion = Times.least(ttl.dividedBy(10), Duration.ofSeconds(1));
    Duration usual = Times.within(lease.dividedBy(5), LEAST_RENEWAL, Duration.ofSeconds(4));
    return new LeaseTiming(
        lease,
        revokes ? Times.within(suspicion.dividedBy(3), LEAST_RENEWAL, usual) : usual,
        Times.within(lease.dividedBy(40), Duration.ofMillis(150), Duration.ofMillis(500)),
        Times.within(lease.dividedBy(10), Duration.ofMillis(300), Duration.ofSeconds(1)),
        lease.dividedBy(16),
        suspicion,
        revokes);
  }

  /** From sending a renewal until a primary that gets no answer has stopped. */
  public Duration deadline() {
    return lease.minus(fence);
  }

  /** How long a leader may be silent before another is elected. */
  public Duration silence() {
    return revokes ? suspicion : lease;
  }
}
