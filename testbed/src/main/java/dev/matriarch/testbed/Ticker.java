package dev.matriarch.testbed;

import java.time.Duration;

/**
 * A monotonic clock in nanoseconds, passed in so that what is computed from times can be tested
 * without waiting. Only differences mean something.
 */
@FunctionalInterface
public interface Ticker {
  /** The reading, in nanoseconds from an arbitrary origin. */
  long nanos();

  /** The machine's monotonic clock. */
  static Ticker system() {
    return System::nanoTime;
  }

  /** What has passed since {@code earlier}, a reading of this ticker. */
  default Duration since(long earlier) {
    return Duration.ofNanos(nanos() - earlier);
  }
}
