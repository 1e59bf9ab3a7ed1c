package dev.matriarch.inventory;

/** What a cluster of two wants of its replica when the primary is lost. */
public enum TwoNodePolicy {
  /** It leads, and at most {@code pg_rpo} bytes are lost. */
  AVAILABILITY,
  /** It leads only where it is known to have every acknowledged commit. */
  CONSISTENCY;

  /** {@code auto} follows from what may be lost at all. */
  static TwoNodePolicy of(String word, Durability durability) {
    return switch (word) {
      case "availability" -> AVAILABILITY;
      case "consistency" -> CONSISTENCY;
      default -> durability.losesNothing() ? CONSISTENCY : AVAILABILITY;
    };
  }
}
