package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who may be elected without losing an acknowledged write, as the {@code sync} key holds it.
 *
 * @param revision the key's modification revision; 0 when the key does not exist
 * @param leader the leader that wrote it
 * @param quorum how many voters besides the candidate must answer an election
 * @param voters the members whose acknowledgement may release a commit
 */
public record SyncState(long revision, String leader, int quorum, SortedSet<String> voters) {
  public static final SyncState NONE =
      new SyncState(0, "", 0, Collections.unmodifiableSortedSet(new TreeSet<>()));

  public SyncState {
    requireNonNull(leader, "leader is null");
    voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
  }

  public boolean isRecorded() {
    return !leader.isEmpty();
  }

  public boolean mayLead(String member) {
    return leader.equals(member) || voters.contains(member);
  }

  /** Whether two states say the same, whichever revision they were read at. */
  public boolean saysSameAs(SyncState other) {
    return leader.equals(other.leader) && quorum == other.quorum && voters.equals(other.voters);
  }
}
