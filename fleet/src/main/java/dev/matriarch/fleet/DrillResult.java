package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of a drill. */
public sealed interface DrillResult {

  /**
   * The lead moved, and a client saw how.
   *
   * @param way how the client came to the primary
   * @param acknowledged inserts
   * @param away the longest time without an acknowledged insert
   * @param mostAway what the timing model promises
   * @param lost acknowledged rows that are not there afterwards
   * @param lostBytes how far they went beyond where the new leader's timeline began
   * @param mostLostBytes what {@code pg_rpo} promises; 0 where commits wait for a replica
   * @param errors that the client was told, how often
   */
  record Measured(
      String from,
      String to,
      String way,
      int acknowledged,
      Duration away,
      Duration mostAway,
      int lost,
      long lostBytes,
      long mostLostBytes,
      Map<String, Integer> errors)
      implements DrillResult {
    public Measured {
      requireNonNull(from, "from is null");
      requireNonNull(to, "to is null");
      requireNonNull(way, "way is null");
      requireNonNull(away, "away is null");
      requireNonNull(mostAway, "mostAway is null");
      errors = new TreeMap<>(errors);
    }

    /** Writes were back in time. */
    public boolean inTime() {
      return away.compareTo(mostAway) <= 0;
    }

    /** No more was lost than may be. */
    public boolean lossKept() {
      return lostBytes <= mostLostBytes && (mostLostBytes > 0 || lost == 0);
    }
  }

  /** It was not begun, or came to no end. */
  record Refused(List<String> reasons) implements DrillResult {
    public Refused {
      reasons = List.copyOf(reasons);
    }
  }
}
