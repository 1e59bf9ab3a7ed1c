package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A decision that today's code makes otherwise.
 *
 * @param then as it was recorded
 * @param today what the same inputs lead to, taken down in the same way
 */
public record Difference(Entry then, Entry today) {
  public Difference {
    requireNonNull(then, "then is null");
    requireNonNull(today, "today is null");
  }

  /** What differs, a line for each side of each part; none when both are the same. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    compare("rule", rule(then), rule(today), lines);
    compare("orders", orders(then), orders(today), lines);
    compare("until", time(then.until()), time(today.until()), lines);
    return lines;
  }

  private static void compare(String what, String then, String today, List<String> lines) {
    if (!then.equals(today)) {
      lines.add("- " + what + " " + then);
      lines.add("+ " + what + " " + today);
    }
  }

  private static String rule(Entry entry) {
    return entry.number() + " " + entry.rule() + ": " + entry.reason();
  }

  private static String orders(Entry entry) {
    return entry.ordered().isEmpty() ? "nothing" : entry.ordered().toString();
  }

  private static String time(Optional<Instant> time) {
    return time.map(Instant::toString).orElse("never");
  }
}
