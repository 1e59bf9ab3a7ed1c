package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * A standby as its primary sees it.
 *
 * @param member its member name
 * @param streaming it has caught up and streams
 * @param flushed how far it has flushed
 * @param synchronous commits wait for it, alone or as one of a quorum
 * @param reached how far it is as commits count it: written, flushed or replayed, as {@code
 *     synchronous_commit} has it
 */
public record StandbyLink(
    String member, boolean streaming, Lsn flushed, boolean synchronous, Lsn reached) {
  public StandbyLink {
    requireNonNull(member, "member is null");
    requireNonNull(flushed, "flushed is null");
    requireNonNull(reached, "reached is null");
  }

  /** One whose flushed WAL is what counts. */
  public StandbyLink(String member, boolean streaming, Lsn flushed, boolean synchronous) {
    this(member, streaming, flushed, synchronous, flushed);
  }
}
