package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much of a recording is kept.
 *
 * @param bytes on disk, all files together
 * @param age of the oldest file
 */
public record Limits(long bytes, Duration age) {
  public static final Limits STANDARD = new Limits(16L << 20, Duration.ofDays(7));

  /** What one file holds: a whole ring is so many of them. */
  private static final int FILES = 16;

  public Limits {
    requireNonNull(age, "age is null");
    if (bytes < 1 << 20 || age.isNegative() || age.isZero()) {
      throw new IllegalArgumentException("a recording has at least 1 MiB and some time");
    }
  }

  long fileBytes() {
    return bytes / FILES;
  }

  /** A file is closed at this age, so that its end is not much older than its beginning. */
  Duration fileAge() {
    return age.dividedBy(7);
  }
}
