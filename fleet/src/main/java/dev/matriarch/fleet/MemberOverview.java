package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

/**
 * A member as etcd tells of it.
 *
 * @param host address of its server, with the port where the address alone is ambiguous
 * @param apiUrl its agent's
 * @param state such as {@code running} or {@code streaming}
 * @param timeline 0 when unknown
 * @param lag how far it is behind
 * @param follows the member it streams from; empty: the leader, or nobody for the leader itself
 * @param pendingRestart a changed setting waits for a restart
 */
public record MemberOverview(
    String name,
    String host,
    String apiUrl,
    MemberLabel label,
    String state,
    int timeline,
    Lag lag,
    String follows,
    boolean pendingRestart) {
  public MemberOverview {
    requireNonNull(name, "name is null");
    requireNonNull(host, "host is null");
    requireNonNull(apiUrl, "apiUrl is null");
    requireNonNull(label, "label is null");
    requireNonNull(state, "state is null");
    requireNonNull(lag, "lag is null");
    requireNonNull(follows, "follows is null");
  }

  /** How far a member is behind the leader. */
  public sealed interface Lag {

    /** It leads. */
    record None() implements Lag {}

    /** No position of it, or of the leader, is known. */
    record Unknown() implements Lag {}

    /** So many bytes of WAL not received or not replayed, whichever it has more of. */
    record Behind(long bytes) implements Lag {

      /** Whole mebibytes, rounded, as the field's tools tell it. */
      public long mebibytes() {
        return Math.round(bytes / (1024.0 * 1024.0));
      }
    }
  }

  /** Whether it does what its label says: it runs, or streams, or receives WAL in either way. */
  public boolean isWell() {
    return switch (label) {
      case LEADER -> state.equals("running");
      case STANDBY_LEADER -> state.equals("streaming") || state.equals("in archive recovery");
      case SYNC_STANDBY, QUORUM_STANDBY, REPLICA -> state.equals("streaming");
    };
  }
}
