package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

/** A password. Its text form never shows it, so that it cannot reach a log by accident. */
public record Secret(String reveal) {
  public Secret {
    requireNonNull(reveal, "reveal");
    if (reveal.isEmpty()) {
      throw new IllegalArgumentException("a password must not be empty");
    }
    if (reveal.indexOf('\n') >= 0 || reveal.indexOf('\r') >= 0 || reveal.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a password must be one line of text");
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
