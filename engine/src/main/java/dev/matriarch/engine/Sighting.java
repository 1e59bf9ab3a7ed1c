package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/**
 * The last sign of life of a leader.
 *
 * @param leader who holds the key
 * @param revision the key's modification revision
 * @param receivedAt monotonic time at which this member learned of that revision
 * @param lease the longest lease that the leader may go by: where the configuration was changed
 *     under it, it may not know yet
 * @param declared the lease that the leader's own key tells of; zero when it tells of none
 * @param raisesKey each renewal raises the key's revision, as the leader's own key says or said
 *     last: a leader that dies takes its member key with it
 */
public record Sighting(
    String leader,
    long revision,
    Instant receivedAt,
    Duration lease,
    Duration declared,
    boolean raisesKey) {
  public Sighting {
    requireNonNull(leader, "leader is null");
    requireNonNull(receivedAt, "receivedAt is null");
    requireNonNull(lease, "lease is null");
    requireNonNull(declared, "declared is null");
  }

  /** A leader of whom nothing was known before. */
  static Sighting first(
      String leader, long revision, Instant receivedAt, Duration configured, Duration declared) {
    return new Sighting(
        leader, revision, receivedAt, longer(configured, declared), declared, false);
  }

  /** A later sign of life of the same leader. */
  Sighting renewed(long newer, Instant now) {
    return revision == newer ? this : new Sighting(leader, newer, now, lease, declared, raisesKey);
  }

  /** The configuration is another: it counts at once if it is longer. */
  Sighting whenLeaseIs(Duration configured) {
    return new Sighting(
        leader, revision, receivedAt, longer(lease, configured), declared, raisesKey);
  }

  /** The leader said anew what it goes by: whatever it may have gone by before is over. */
  Sighting declaring(Duration news, Duration configured) {
    return news.equals(declared)
        ? this
        : new Sighting(
            leader,
            revision,
            receivedAt,
            news.isZero() ? lease : longer(news, configured),
            news,
            raisesKey);
  }

  /** The leader's renewals can be seen, or not. */
  Sighting raising(boolean visible) {
    return new Sighting(leader, revision, receivedAt, lease, declared, visible);
  }

  /** When to ask the peers, should the leader stay silent. */
  Instant halfway() {
    return receivedAt.plus(LeaseTerms.part(lease, 2));
  }

  /** When the leader's lease may pass on. */
  Instant expiry() {
    return receivedAt.plus(lease);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
