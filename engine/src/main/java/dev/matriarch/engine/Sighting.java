package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * The last sign of life of a leader.
 *
 * @param leader who holds the key
 * @param revision the key's modification revision
 * @param receivedAt monotonic time at which this member learned of that revision
 * @param raisesKey each renewal of its raises the key's revision, as its own key says or said last:
 *     a leader that dies takes its member key with it
 */
public record Sighting(String leader, long revision, Instant receivedAt, boolean raisesKey) {
  public Sighting {
    requireNonNull(leader, "leader is null");
    requireNonNull(receivedAt, "receivedAt is null");
  }
}
