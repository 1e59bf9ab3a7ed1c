package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long a call to etcd may take.
 *
 * @param attempt longest time one endpoint may take to answer, body included
 * @param total longest time of a call over all its attempts
 * @param watchSilence after this long without a sign of life a watch checks its endpoint
 */
public record Timeouts(Duration attempt, Duration total, Duration watchSilence) {

  /** 1 s an attempt, 3 s a call, a check of a silent watch after 5 s. */
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(5));

  public Timeouts {
    requirePositive(attempt, "attempt");
    requirePositive(total, "total");
    requirePositive(watchSilence, "watchSilence");
    if (attempt.compareTo(total) > 0) {
      throw new IllegalArgumentException(
          "etcd timeouts: an attempt (" + attempt + ") may not outlast the call (" + total + ")");
    }
  }

  /** The same silence of watches, with other bounds for calls. */
  public Timeouts withCalls(Duration newAttempt, Duration newTotal) {
    return new Timeouts(newAttempt, newTotal, watchSilence);
  }

  private static void requirePositive(Duration value, String name) {
    requireNonNull(value, name);
    if (!value.isPositive()) {
      throw new IllegalArgumentException(
          "etcd timeouts: " + name + " must be positive, not " + value);
    }
  }
}
