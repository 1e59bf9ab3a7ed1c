package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

/**
 * How much may be lost when the primary fails (P200, P205).
 *
 * @param maximumLag a standby further behind than this is not promoted
 * @param strict the primary refuses writes when no standby is there to confirm them
 */
public record Durability(Bytes maximumLag, SynchronousMode mode, boolean strict) {
  public Durability {
    requireNonNull(maximumLag, "maximumLag is null");
    requireNonNull(mode, "mode is null");
  }

  /** {@code pg_rpo: 0} asks for synchrony, {@code crit.yml} for strict synchrony. */
  public static Durability of(Bytes rpo, ConfTemplate template) {
    boolean strict = template == ConfTemplate.CRIT;
    boolean synchronous = strict || rpo.count() == 0;
    return new Durability(rpo, synchronous ? SynchronousMode.QUORUM : SynchronousMode.OFF, strict);
  }

  /**
   * Whether a silent leader may be replaced without waiting for its lease: only where it commits
   * nothing without its standbys.
   */
  public boolean revokes() {
    return mode == SynchronousMode.QUORUM && strict;
  }

  /** True when no acknowledged write is lost by a failover. */
  public boolean losesNothing() {
    return mode == SynchronousMode.QUORUM;
  }
}
