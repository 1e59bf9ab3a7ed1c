package dev.matriarch.engine;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The slots of members whose keys are gone, and since when. A member that comes back finds its WAL
 * kept ({@link SlotRules#memberTtl}).
 */
public record VanishedSlots(SortedMap<String, Instant> since) {
  public static final VanishedSlots NONE = new VanishedSlots(Collections.emptySortedMap());

  public VanishedSlots {
    since = Collections.unmodifiableSortedMap(new TreeMap<>(since));
  }

  /** After the cluster was seen to be {@code now} instead of {@code before}. */
  VanishedSlots after(ClusterState before, ClusterState now, Instant at) {
    boolean same =
        before.members().keySet().equals(now.members().keySet())
            && before.status().retainedSlots().equals(now.status().retainedSlots());
    if (same) {
      return this;
    }
    SortedSet<String> present = slotsOf(now);
    SortedMap<String, Instant> gone = new TreeMap<>(since);
    slotsOf(before).forEach(slot -> gone.putIfAbsent(slot, at));
    // What another leader kept, this member may have to keep from now on.
    now.status().retainedSlots().forEach(slot -> gone.putIfAbsent(slot, at));
    gone.keySet().removeAll(present);
    return new VanishedSlots(gone);
  }

  private static SortedSet<String> slotsOf(ClusterState state) {
    SortedSet<String> slots = new TreeSet<>();
    state.members().keySet().forEach(member -> slots.add(SlotNames.of(member)));
    return slots;
  }
}
