package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/** What became of a {@link MoveWish}. */
public sealed interface MoveResult {

  /**
   * Another member leads.
   *
   * @param from who led before; empty: nobody
   * @param took from asking until the new leader told that it is primary
   * @param complete all other members stream from it
   */
  record Moved(String from, String to, int timeline, Duration took, boolean complete)
      implements MoveResult {
    public Moved {
      requireNonNull(from, "from is null");
      requireNonNull(to, "to is null");
      requireNonNull(took, "took is null");
    }
  }

  /** Nothing was done. */
  record Refused(List<String> reasons) implements MoveResult {
    public Refused {
      reasons = List.copyOf(reasons);
    }
  }

  /** It was asked for, but did not come to its end in time. */
  record Unfinished(String what) implements MoveResult {
    public Unfinished {
      requireNonNull(what, "what is null");
    }
  }
}
