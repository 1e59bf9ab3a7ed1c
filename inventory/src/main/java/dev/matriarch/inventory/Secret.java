package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

/** A text that must not be shown: it prints as stars, {@link #reveal} gives it away. */
public record Secret(String reveal) {
  public Secret {
    requireNonNull(reveal, "secret is null");
  }

  /** True when there is no text, which in the inventory means "no password". */
  public boolean isEmpty() {
    return reveal.isEmpty();
  }

  @Override
  public String toString() {
    return "***";
  }
}
