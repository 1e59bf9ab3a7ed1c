package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * A standby as its primary sees it.
 *
 * @param member its member name
 * @param streaming it has caught up and streams
 * @param flushed how far it has flushed
 * @param synchronous commits wait for it, alone or as one of a quorum
 */
public record StandbyLink(String member, boolean streaming, Lsn flushed, boolean synchronous) {
  public StandbyLink {
    requireNonNull(member, "member is null");
    requireNonNull(flushed, "flushed is null");
  }
}
