package dev.matriarch.agent.rest;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How often this member took the lead from another since its agent started, and how long the last
 * time took.
 *
 * @param failovers that nobody asked for
 * @param switchovers that somebody asked for
 */
public record Takeovers(int failovers, int switchovers, Optional<Last> last) {
  public static final Takeovers NONE = new Takeovers(0, 0, Optional.empty());

  public Takeovers {
    requireNonNull(last, "last is null");
  }

  /**
   * The last one, as this member saw it.
   *
   * @param at wall time of the end of its promotion
   * @param silence from the last renewal by the former leader until its key was gone
   * @param election until this member held the key
   * @param promotion until its server took writes
   */
  public record Last(Instant at, Duration silence, Duration election, Duration promotion) {
    public Last {
      requireNonNull(at, "at is null");
      requireNonNull(silence, "silence is null");
      requireNonNull(election, "election is null");
      requireNonNull(promotion, "promotion is null");
    }
  }

  /** With one more. */
  public Takeovers with(boolean asked, Last newest) {
    return new Takeovers(
        failovers + (asked ? 0 : 1), switchovers + (asked ? 1 : 0), Optional.of(newest));
  }
}
