package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

/**
 * A parameter whose new value waits for a restart.
 *
 * @param current as in effect
 * @param next as written
 */
public record PendingSetting(String name, String current, String next) {
  public PendingSetting {
    requireNonNull(name, "name");
    requireNonNull(current, "current");
    requireNonNull(next, "next");
  }

  /** {@code max_connections: 100, then 200}. */
  @Override
  public String toString() {
    return name + ": " + current + ", then " + next;
  }
}
