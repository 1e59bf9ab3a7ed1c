package dev.matriarch.inventory;

import java.util.List;

/** What came of reading an inventory: the inventory, or everything that is wrong with it. */
public sealed interface InventoryResult {
  /** All rules hold. */
  record Valid(Inventory inventory) implements InventoryResult {}

  /** At least one rule is broken; nothing may be done with such a file. Sorted by line. */
  record Invalid(List<Problem> problems) implements InventoryResult {
    public Invalid {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("an invalid inventory has at least one problem");
      }
    }
  }
}
