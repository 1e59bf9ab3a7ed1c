package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A wish to move the leadership, as the {@code failover} key holds it.
 *
 * @param revision the key's modification revision, to clear just this wish
 * @param leader the leader it moves away from: a switchover; empty for a manual failover
 * @param candidate the member to move to; empty for the best one
 * @param scheduledAt wall time of a scheduled switchover
 * @param longestPause how long clients may be let wait for it
 * @param lost who led in a pause and runs no more, on the operator's word; empty where nobody gave
 *     it
 */
public record MoveRequest(
    long revision,
    String leader,
    String candidate,
    Optional<Instant> scheduledAt,
    Duration longestPause,
    String lost) {
  /** Unless the operator says otherwise. */
  public static final Duration PAUSE = Duration.ofSeconds(3);

  public MoveRequest {
    requireNonNull(leader, "leader is null");
    requireNonNull(candidate, "candidate is null");
    requireNonNull(scheduledAt, "scheduledAt is null");
    requireNonNull(longestPause, "longestPause is null");
    requireNonNull(lost, "lost is null");
  }

  /** With the usual pause. */
  public MoveRequest(
      long revision, String leader, String candidate, Optional<Instant> scheduledAt) {
    this(revision, leader, candidate, scheduledAt, PAUSE, "");
  }

  /** The same, to be written in the place of what has this revision. */
  public MoveRequest replacing(long other) {
    return new MoveRequest(other, leader, candidate, scheduledAt, longestPause, lost);
  }

  /** The same to that member. */
  public MoveRequest to(String other) {
    return new MoveRequest(revision, leader, other, scheduledAt, longestPause, lost);
  }

  /** The same, with the operator's word that this member runs no more. */
  public MoveRequest withLost(String member) {
    return new MoveRequest(revision, leader, candidate, scheduledAt, longestPause, member);
  }

  public boolean isSwitchover() {
    return !leader.isEmpty();
  }
}
