package dev.matriarch.testbed.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How figures are written. Stateless. */
final class Figures {
  private static final double MILLIS = 1_000.0;

  private Figures() {}

  /** One time: milliseconds below a second, seconds above. */
  static String of(Duration time) {
    return time.toMillis() < MILLIS
        ? time.toMillis() + " ms"
        : String.format(Locale.ROOT, "%.1f s", time.toMillis() / MILLIS);
  }

  /** The median, and the least and the most where they differ. */
  static String spread(List<Duration> times) {
    List<Duration> ascending = times.stream().sorted().toList();
    return ascending.isEmpty()
        ? "-"
        : ascending.size() == 1
            ? of(ascending.getFirst())
            : "%s [%s..%s]"
                .formatted(
                    of(median(ascending)), of(ascending.getFirst()), of(ascending.getLast()));
  }

  /** The same of counts. */
  static String counts(List<Integer> numbers) {
    List<Integer> ascending = numbers.stream().sorted().toList();
    return ascending.isEmpty()
        ? "-"
        : ascending.getFirst().equals(ascending.getLast())
            ? ascending.getFirst().toString()
            : "%d [%d..%d]"
                .formatted(
                    ascending.get(ascending.size() / 2), ascending.getFirst(), ascending.getLast());
  }

  /** The peer's median in ours: above 1 where ours is shorter. */
  static String ratio(List<Duration> ours, List<Duration> theirs) {
    if (ours.isEmpty() || theirs.isEmpty()) {
      return "-";
    }
    double own = median(ours.stream().sorted().toList()).toMillis();
    double other = median(theirs.stream().sorted().toList()).toMillis();
    return own == 0 ? "-" : String.format(Locale.ROOT, "%.1f", other / own);
  }

  private static Duration median(List<Duration> ascending) {
    int half = ascending.size() / 2;
    return ascending.size() % 2 == 1
        ? ascending.get(half)
        : ascending.get(half - 1).plus(ascending.get(half)).dividedBy(2);
  }
}
