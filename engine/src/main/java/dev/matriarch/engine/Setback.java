package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/**
 * Failures in a row of one kind of effect.
 *
 * @param count how many
 * @param lastAt when the last one ended
 * @param reason why it failed
 * @param refused the last one was refused: to try again is not enough
 */
public record Setback(int count, Instant lastAt, String reason, boolean refused) {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final int LONGEST_DOUBLING = 7;

  public Setback {
    requireNonNull(lastAt, "lastAt is null");
    requireNonNull(reason, "reason is null");
  }

  /** When it may be tried again: after 0.25 s, and twice as long each time up to 32 s. */
  public Instant retryAt() {
    return lastAt.plus(FIRST_PAUSE.multipliedBy(1L << Math.min(count - 1, LONGEST_DOUBLING)));
  }
}
