package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * A wish to move the leadership, as the {@code failover} key holds it.
 *
 * @param revision the key's modification revision, to clear just this wish
 * @param leader the leader it moves away from: a switchover; empty for a manual failover
 * @param candidate the member to move to; empty for the best one
 * @param scheduledAt wall time of a scheduled switchover
 */
public record MoveRequest(
    long revision, String leader, String candidate, Optional<Instant> scheduledAt) {
  public MoveRequest {
    requireNonNull(leader, "leader is null");
    requireNonNull(candidate, "candidate is null");
    requireNonNull(scheduledAt, "scheduledAt is null");
  }

  public boolean isSwitchover() {
    return !leader.isEmpty();
  }
}
