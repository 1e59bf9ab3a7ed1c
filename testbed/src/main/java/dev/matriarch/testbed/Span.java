package dev.matriarch.testbed;

import java.time.Duration;
import java.util.Collection;

/**
 * An interval between two readings of one {@link Ticker}.
 *
 * @param from nanoseconds
 * @param to nanoseconds, not before {@code from}
 */
public record Span(long from, long to) {
  /** Validates. */
  public Span {
    if (to - from < 0) {
      throw new IllegalArgumentException("a span cannot end before it begins");
    }
  }

  /** Its length. */
  public Duration length() {
    return Duration.ofNanos(to - from);
  }

  /**
   * The longest part of this span without any of {@code moments}, its two ends counting as such.
   */
  public Span longestWithout(Collection<Long> moments) {
    long[] inside =
        moments.stream()
            .mapToLong(Long::longValue)
            .filter(moment -> moment - from >= 0 && to - moment >= 0)
            .sorted()
            .toArray();
    Span longest = new Span(from, from);
    long before = from;
    for (long moment : inside) {
      longest = longer(longest, new Span(before, moment));
      before = moment;
    }
    return longer(longest, new Span(before, to));
  }

  private static Span longer(Span one, Span other) {
    return other.length().compareTo(one.length()) > 0 ? other : one;
  }
}
