package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * Which commits wait for standbys.
 *
 * @param mode none, named standbys, or any of a set
 * @param strict rather let writes wait than let them be acknowledged by the primary alone
 * @param acknowledgements how many standbys a commit waits for
 * @param maximumLag bytes behind which a standby is not made synchronous; zero or less for no limit
 */
public record Synchrony(Mode mode, boolean strict, int acknowledgements, long maximumLag) {
  public static final Synchrony OFF = new Synchrony(Mode.OFF, false, 1, -1);

  /** How the standbys that a commit waits for are named to PostgreSQL. */
  public enum Mode {
    OFF,
    /** Each named standby must acknowledge. */
    PRIORITY,
    /** Any so many of the named standbys must acknowledge. */
    QUORUM
  }

  public Synchrony {
    requireNonNull(mode, "mode is null");
    if (acknowledgements < 1) {
      throw new IllegalArgumentException("a synchronous commit waits for at least one standby");
    }
  }

  public boolean isOn() {
    return mode != Mode.OFF;
  }
}
