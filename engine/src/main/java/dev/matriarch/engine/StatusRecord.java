package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The {@code status} key: how far the leader's WAL was when it last wrote it.
 *
 * @param position the leader's WAL position ({@code optime})
 * @param slots positions of its replication slots by name
 * @param retainedSlots slots of members that vanished and are still kept
 * @param pausedLeader who led when the cluster was paused and may go on without a lease; empty when
 *     it is not paused ({@link Pausing})
 * @param leader who wrote it, and so led last; empty when the field's controller did
 * @param givenUp the newest timeline that this cluster began itself and left again for those of the
 *     server outside that it follows; 0 for none
 * @param followed the newest timeline that came from a server outside; 0 for none
 */
public record StatusRecord(
    Lsn position,
    SortedMap<String, Lsn> slots,
    List<String> retainedSlots,
    String pausedLeader,
    String leader,
    int givenUp,
    int followed) {
  public static final StatusRecord NONE =
      new StatusRecord(Lsn.ZERO, Collections.emptySortedMap(), List.of());

  public StatusRecord {
    requireNonNull(position, "position is null");
    slots = Collections.unmodifiableSortedMap(new TreeMap<>(slots));
    retainedSlots = List.copyOf(retainedSlots);
    requireNonNull(pausedLeader, "pausedLeader is null");
    requireNonNull(leader, "leader is null");
  }

  /** Of a cluster that is not paused, by nobody known. */
  public StatusRecord(Lsn position, SortedMap<String, Lsn> slots, List<String> retainedSlots) {
    this(position, slots, retainedSlots, "", "", 0, 0);
  }

  /** The same but for the position. */
  public StatusRecord at(Lsn now) {
    return new StatusRecord(now, slots, retainedSlots, pausedLeader, leader, givenUp, followed);
  }

  StatusRecord ledInPauseBy(String name) {
    return new StatusRecord(position, slots, retainedSlots, name, leader, givenUp, followed);
  }

  StatusRecord by(String name) {
    return new StatusRecord(position, slots, retainedSlots, pausedLeader, name, givenUp, followed);
  }

  StatusRecord givingUp(int own) {
    return new StatusRecord(position, slots, retainedSlots, pausedLeader, leader, own, followed);
  }

  StatusRecord following(int outside) {
    return new StatusRecord(position, slots, retainedSlots, pausedLeader, leader, givenUp, outside);
  }
}
