package dev.matriarch.engine.sim;

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
    for (Position at = this; at.isSomewhere(); at = at.branch.fork()) {
      if (at.branch.timeline() == other.branch.timeline()) {
        return at.end >= other.end;
      }
    }
    return false;
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
