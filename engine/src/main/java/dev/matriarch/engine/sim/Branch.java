package dev.matriarch.engine.sim;

import static java.util.Objects.requireNonNull;

/**
 * A timeline as one server made it. Two servers may give two timelines the same number; here they
 * remain two, which is how the simulator knows what PostgreSQL itself would not notice.
 */
final class Branch {
  private final int timeline;
  private final Position fork;
  private final String maker;

  private Branch(int timeline, Position fork, String maker) {
    this.timeline = timeline;
    this.fork = fork;
    this.maker = requireNonNull(maker, "maker is null");
  }

  /** The first timeline of a new cluster. */
  static Branch first(String maker) {
    return new Branch(1, Position.NOWHERE, maker);
  }

  /** The timeline that a promotion at this position begins. */
  static Branch from(Position fork, String maker) {
    return from(fork, maker, 0);
  }

  /** The same, with a number greater than that one. */
  static Branch from(Position fork, String maker, int beyond) {
    return new Branch(Math.max(fork.branch().timeline(), beyond) + 1, fork, maker);
  }

  int timeline() {
    return timeline;
  }

  /** Where it left the timeline before it; {@link Position#NOWHERE} for the first. */
  Position fork() {
    return fork;
  }

  String maker() {
    return maker;
  }

  boolean isFirst() {
    return !fork.isSomewhere();
  }
}
