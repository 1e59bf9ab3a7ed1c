package dev.matriarch.testbed;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What became of the numbers a client wrote.
 *
 * @param acknowledged how many were acknowledged
 * @param lost acknowledged, but not there
 * @param doubled there more than once
 * @param unacknowledged there, though the client never heard so; allowed
 */
public record Verdict(
    int acknowledged,
    SortedSet<Long> lost,
    SortedSet<Long> doubled,
    SortedSet<Long> unacknowledged) {
  /** Freezes. */
  public Verdict {
    lost = Collections.unmodifiableSortedSet(new TreeSet<>(lost));
    doubled = Collections.unmodifiableSortedSet(new TreeSet<>(doubled));
    unacknowledged = Collections.unmodifiableSortedSet(new TreeSet<>(unacknowledged));
  }

  /** Every acknowledged number is there exactly once. */
  public boolean clean() {
    return lost.isEmpty() && doubled.isEmpty();
  }
}
