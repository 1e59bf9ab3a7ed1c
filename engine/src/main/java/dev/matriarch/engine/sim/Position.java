package dev.matriarch.engine.sim;

import java.util.Optional;

/**
 * The end of a server's WAL: a branch and how far it goes there. With it goes all that led to it.
 */
record Position(Branch branch, long end) {
  static final Position NOWHERE = new Position(null, 0);

  boolean isSomewhere() {
    return branch != null;
  }

  int timeline() {
    return branch == null ? 0 : branch.timeline();
  }

  Position plus(long bytes) {
    return new Position(branch, end + bytes);
  }

  /** How far the history that ends here follows that branch; -1 when it was never on it. */
  private long endOn(Branch other) {
    for (Position at = this; at.isSomewhere(); at = at.branch.fork()) {
      if (at.branch == other) {
        return at.end;
      }
    }
    return -1;
  }

  /** Whether the history that ends here holds everything up to the other position. */
  boolean contains(Position other) {
    return !other.isSomewhere() || endOn(other.branch) >= other.end;
  }

  /** Whether it seems so to PostgreSQL, which compares the numbers of timelines. */
  boolean seemsToContain(Position other) {
    return passing(other.branch.timeline()).filter(at -> at.end >= other.end).isPresent();
  }

  /** The branch of that number in the history that ends here. */
  Optional<Branch> onTimeline(int timeline) {
    return passing(timeline).map(Position::branch);
  }

  private Optional<Position> passing(int timeline) {
    for (Position at = this; at.isSomewhere(); at = at.branch.fork()) {
      if (at.branch.timeline() == timeline) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /** The last position that both histories hold. */
  Position commonWith(Position other) {
    for (Position at = this; at.isSomewhere(); at = at.branch.fork()) {
      long there = other.endOn(at.branch);
      if (there >= 0) {
        return new Position(at.branch, Math.min(at.end, there));
      }
    }
    return NOWHERE;
  }

  @Override
  public String toString() {
    return isSomewhere() ? branch.timeline() + "/" + Long.toHexString(end) : "nowhere";
  }
}
