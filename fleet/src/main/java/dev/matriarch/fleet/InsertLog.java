package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Lsn;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a client saw that inserted numbered rows.
 *
 * @param acknowledged by time
 * @param errors how often it was told what
 */
record InsertLog(List<Insert> acknowledged, Map<String, Integer> errors) {
  InsertLog {
    acknowledged = acknowledged.stream().sorted(Comparator.comparingLong(Insert::at)).toList();
    errors = new TreeMap<>(requireNonNull(errors, "errors is null"));
  }

  /** The longest time without an acknowledgement between these moments. */
  Duration longestGap(long from, long to) {
    long longest = 0;
    long last = from;
    for (Insert insert : acknowledged) {
      if (insert.at() - from > 0 && to - insert.at() > 0) {
        longest = Math.max(longest, insert.at() - last);
        last = insert.at();
      }
    }
    return Duration.ofNanos(Math.max(longest, to - last));
  }

  /** The acknowledged rows that are not among those that are there. */
  List<Insert> missingFrom(Set<Long> there) {
    return acknowledged.stream().filter(insert -> !there.contains(insert.number())).toList();
  }

  /** How far the lost rows' WAL went beyond where the next timeline began. */
  static long bytesBeyond(Lsn begin, List<Insert> lost) {
    return lost.stream().mapToLong(insert -> begin.bytesBehind(insert.end())).max().orElse(0);
  }
}
