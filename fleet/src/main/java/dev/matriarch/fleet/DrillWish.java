package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

/** How the lead is to move in a drill. */
public sealed interface DrillWish {

  /** The failure of the timing model whose outage is promised. */
  String failure();

  /**
   * By a switchover.
   *
   * @param candidate empty for the best one
   */
  record Planned(String candidate) implements DrillWish {
    public Planned {
      requireNonNull(candidate, "candidate is null");
    }

    @Override
    public String failure() {
      return "switchover";
    }
  }

  /** By what somebody does to the primary's host meanwhile, such as pulling its plug. */
  record ByHand() implements DrillWish {
    @Override
    public String failure() {
      return "node crash";
    }
  }
}
