package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

/**
 * What a verb found, in both forms.
 *
 * @param data maps, lists, strings, numbers and booleans, for {@code -o json} and {@code -o yaml}
 * @param text for humans; ends with a line break unless empty
 */
public record Answer(Object data, String text) {
  /** Checks. */
  public Answer {
    requireNonNull(data, "data");
    requireNonNull(text, "text");
  }
}
