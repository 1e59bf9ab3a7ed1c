package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * A replication slot as a server has it.
 *
 * @param active somebody streams through it
 * @param position what its consumer has confirmed (logical), or from where WAL is kept (physical);
 *     {@link Lsn#ZERO} when it keeps none
 * @param holdsXmin it holds back the removal of dead rows
 * @param unproven a copied logical slot: the leader may have removed rows that it needs to decode
 */
public record ReplicationSlot(
    SlotKind kind, boolean active, Lsn position, boolean holdsXmin, boolean unproven) {
  public ReplicationSlot {
    requireNonNull(kind, "kind is null");
    requireNonNull(position, "position is null");
  }

  /** An idle physical slot. */
  public static ReplicationSlot idle(Lsn position) {
    return new ReplicationSlot(SlotKind.PHYSICAL, false, position, false, false);
  }

  public boolean isLogical() {
    return kind instanceof SlotKind.Logical;
  }
}
