package dev.matriarch.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is to be done to a server's slots, in this order.
 *
 * @param drop slots to drop, if nobody streams through them
 * @param create slots to create
 * @param advance idle slots to move forward, and how far
 * @param prove copied logical slots of which the leader is to be asked whether they can be relied
 *     on
 */
public record SlotWork(
    SortedSet<String> drop,
    SortedMap<String, SlotKind> create,
    SortedMap<String, Lsn> advance,
    SortedSet<String> prove) {
  public SlotWork {
    drop = Collections.unmodifiableSortedSet(new TreeSet<>(drop));
    create = Collections.unmodifiableSortedMap(new TreeMap<>(create));
    advance = Collections.unmodifiableSortedMap(new TreeMap<>(advance));
    prove = Collections.unmodifiableSortedSet(new TreeSet<>(prove));
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (!drop.isEmpty()) {
      parts.add("drop " + drop);
    }
    if (!create.isEmpty()) {
      parts.add("create " + create.keySet());
    }
    if (!advance.isEmpty()) {
      parts.add("advance " + advance);
    }
    if (!prove.isEmpty()) {
      parts.add("prove " + prove);
    }
    return String.join(", ", parts);
  }

  boolean isEmpty() {
    return !changesSlots() && advance.isEmpty() && prove.isEmpty();
  }

  /** Makes or drops slots: not to be put off. */
  boolean changesSlots() {
    return !drop.isEmpty() || !create.isEmpty();
  }
}
