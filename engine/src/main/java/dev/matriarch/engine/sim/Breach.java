package dev.matriarch.engine.sim;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Something that must never happen and did.
 *
 * @param what which rule of the world was broken
 * @param how by whom and how
 * @param at when, counted from the start
 */
public record Breach(String what, String how, Duration at) {
  public Breach {
    requireNonNull(what, "what is null");
    requireNonNull(how, "how is null");
    requireNonNull(at, "at is null");
  }

  @Override
  public String toString() {
    return String.format("%.3f s: %s: %s", at.toMillis() / 1000.0, what, how);
  }
}
