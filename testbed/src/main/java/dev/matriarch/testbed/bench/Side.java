package dev.matriarch.testbed.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The two stacks that are compared. */
enum Side {
  /** This product. */
  MATRIARCH,
  /** The peer. */
  DESCRIBED;

  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Side> of(String title) {
    return Arrays.stream(values()).filter(each -> each.title().equals(title)).findFirst();
  }
}
