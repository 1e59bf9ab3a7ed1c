package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * A member as its key in etcd tells it (drop-in contract, section 4).
 *
 * @param name such as {@code pg-test-1}
 * @param connUrl where its server listens: {@code postgres://10.10.10.11:5432/postgres}
 * @param apiUrl its REST address, ending in {@code /patroni}
 * @param state what its server does
 * @param role what its server is
 * @param timeline its timeline; 0 when unknown
 * @param position the WAL position it had when it last wrote the key
 * @param receivedPosition what a standby has received; {@link Lsn#ZERO} otherwise
 * @param replayedPosition what a standby has replayed; {@link Lsn#ZERO} otherwise
 * @param tags its limits and preferences
 * @param version the agent's version, at least 4.0.0 for clients of the field to take it as current
 * @param replicationState how a standby gets its WAL: {@code streaming}, {@code in archive
 *     recovery}; empty otherwise
 * @param pendingRestart a changed setting waits for a restart
 */
public record Member(
    String name,
    String connUrl,
    String apiUrl,
    MemberState state,
    MemberRole role,
    int timeline,
    Lsn position,
    Lsn receivedPosition,
    Lsn replayedPosition,
    Tags tags,
    String version,
    String replicationState,
    boolean pendingRestart) {
  public Member {
    requireNonNull(name, "name is null");
    requireNonNull(connUrl, "connUrl is null");
    requireNonNull(apiUrl, "apiUrl is null");
    requireNonNull(state, "state is null");
    requireNonNull(role, "role is null");
    requireNonNull(position, "position is null");
    requireNonNull(receivedPosition, "receivedPosition is null");
    requireNonNull(replayedPosition, "replayedPosition is null");
    requireNonNull(tags, "tags is null");
    requireNonNull(version, "version is null");
    requireNonNull(replicationState, "replicationState is null");
  }

  public boolean isPrimary() {
    return role == MemberRole.PRIMARY && state.isServing();
  }

  public boolean isReplica() {
    return role == MemberRole.REPLICA && state.isServing();
  }

  /** The same member but for its WAL positions: what is worth writing at once when it changes. */
  public Member withoutPositions() {
    return new Member(
        name,
        connUrl,
        apiUrl,
        state,
        role,
        timeline,
        Lsn.ZERO,
        Lsn.ZERO,
        Lsn.ZERO,
        tags,
        version,
        replicationState,
        pendingRestart);
  }
}
