package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

/**
 * The facts of {@code global/pg_control} that decide what may be done with a data directory.
 *
 * @param systemIdentifier decimal, unsigned, as stored in etcd's {@code initialize}
 * @param checkpoint latest checkpoint; after a clean shutdown the end of the WAL
 * @param timeline timeline of that checkpoint
 * @param minRecoveryPoint end of what must be replayed before a standby is consistent, or zero
 * @param minRecoveryTimeline its timeline, or 0
 * @param redo where recovery from that checkpoint begins
 */
public record ControlData(
    String systemIdentifier,
    State state,
    Lsn checkpoint,
    int timeline,
    Lsn minRecoveryPoint,
    int minRecoveryTimeline,
    Lsn redo) {

  /** State of the cluster as pg_control has it; the order is that of the stored number. */
  public enum State {
    STARTING_UP,
    SHUT_DOWN,
    SHUT_DOWN_IN_RECOVERY,
    SHUTTING_DOWN,
    IN_CRASH_RECOVERY,
    IN_ARCHIVE_RECOVERY,
    IN_PRODUCTION;

    /** Stopped with a checkpoint: needs no recovery. */
    public boolean clean() {
      return this == SHUT_DOWN || this == SHUT_DOWN_IN_RECOVERY;
    }

    /** The last one to write was a primary. */
    public boolean wasPrimary() {
      return switch (this) {
        case SHUT_DOWN, SHUTTING_DOWN, IN_CRASH_RECOVERY, IN_PRODUCTION, STARTING_UP -> true;
        case SHUT_DOWN_IN_RECOVERY, IN_ARCHIVE_RECOVERY -> false;
      };
    }
  }

  public ControlData {
    requireNonNull(systemIdentifier, "systemIdentifier");
    requireNonNull(state, "state");
    requireNonNull(checkpoint, "checkpoint");
    requireNonNull(minRecoveryPoint, "minRecoveryPoint");
    requireNonNull(redo, "redo");
  }
}
