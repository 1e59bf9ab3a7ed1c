package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/** What this member knows of its own hold on the leader key. */
public sealed interface Lease {

  /** It does not hold the key, or cannot prove that it does. */
  record None() implements Lease {}

  /**
   * It holds the key.
   *
   * @param renewedAt monotonic time just before the last successful renewal was sent
   * @param revision the key's modification revision after it
   */
  record Held(Instant renewedAt, long revision) implements Lease {
    public Held {
      requireNonNull(renewedAt, "renewedAt is null");
    }
  }
}
