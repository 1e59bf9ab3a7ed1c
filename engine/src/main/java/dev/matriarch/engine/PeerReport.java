package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * A peer's answer about itself.
 *
 * @param member who answers
 * @param role what its server is
 * @param running its server answers queries
 * @param timeline its timeline
 * @param position the end of its WAL: received or replayed, whichever is further
 * @param tags its limits
 * @param seesStore it can reach etcd: it could act on winning
 */
public record PeerReport(
    String member,
    Role role,
    boolean running,
    int timeline,
    Lsn position,
    Tags tags,
    boolean seesStore) {
  public PeerReport {
    requireNonNull(member, "member is null");
    requireNonNull(role, "role is null");
    requireNonNull(position, "position is null");
    requireNonNull(tags, "tags is null");
  }
}
