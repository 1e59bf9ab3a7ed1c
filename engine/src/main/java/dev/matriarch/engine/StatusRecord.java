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
 */
public record StatusRecord(Lsn position, SortedMap<String, Lsn> slots, List<String> retainedSlots) {
  public static final StatusRecord NONE =
      new StatusRecord(Lsn.ZERO, Collections.emptySortedMap(), List.of());

  public StatusRecord {
    requireNonNull(position, "position is null");
    slots = Collections.unmodifiableSortedMap(new TreeMap<>(slots));
    retainedSlots = List.copyOf(retainedSlots);
  }
}
