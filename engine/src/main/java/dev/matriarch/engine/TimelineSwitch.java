package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One line of the cluster's history: a timeline ended here and the next began.
 *
 * @param timeline the timeline that ended
 * @param end where it ended
 * @param reason what PostgreSQL's history file says of it
 * @param at wall time of the new timeline's first checkpoint or of the entry
 * @param newLeader who leads the timeline that follows
 */
public record TimelineSwitch(int timeline, Lsn end, String reason, Instant at, String newLeader) {
  public TimelineSwitch {
    requireNonNull(end, "end is null");
    requireNonNull(reason, "reason is null");
    requireNonNull(at, "at is null");
    requireNonNull(newLeader, "newLeader is null");
  }
}
