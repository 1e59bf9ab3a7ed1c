package dev.matriarch.inventory;

import java.math.BigDecimal;
import java.time.Duration;

/** Comparing lengths of time. */
final class Times {
  private Times() {}

  /** The time, but at least so long. */
  static Duration least(Duration time, Duration least) {
    return time.compareTo(least) < 0 ? least : time;
  }

  /** The time, but at most so long. */
  static Duration most(Duration time, Duration most) {
    return time.compareTo(most) > 0 ? most : time;
  }

  static Duration within(Duration time, Duration least, Duration most) {
    return least(most(time, most), least);
  }

  /** Rounded up: most files take whole seconds only. */
  static Duration wholeSeconds(Duration time) {
    return Duration.ofSeconds(time.plusNanos(999_999_999).toSeconds());
  }

  /** In seconds, as short as it can be written. */
  static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
  }
}
