package dev.matriarch.inventory;

import java.util.List;
import java.util.Map;

/** A YAML value that knows its line; what {@link YamlReader} makes of the file. */
sealed interface Yaml {
  /** Counted from 1. */
  int line();

  /**
   * A single value.
   *
   * @param plain not quoted, so that {@code 1} is a number and {@code true} a flag
   * @param tag of its own, such as {@code !vault}; empty for none
   */
  record Scalar(String text, boolean plain, String tag, int line) implements Yaml {}

  /** A list. */
  record Sequence(List<Yaml> items, int line) implements Yaml {}

  /** A mapping in the order of the file, without duplicate keys. */
  record Mapping(Map<String, Entry> entries, int line) implements Yaml {}

  /** A value and the line of its key. */
  record Entry(int keyLine, Yaml value) {}

  /** True for nothing after a colon, {@code null} and {@code ~}. */
  default boolean isEmpty() {
    return this instanceof Scalar scalar
        && scalar.plain()
        && (scalar.text().isEmpty()
            || scalar.text().equals("~")
            || scalar.text().equalsIgnoreCase("null"));
  }

  /** What a message shows of it. */
  default String shown() {
    return switch (this) {
      case Scalar(String text, boolean _, String _, int _) -> shorten(text);
      case Sequence _ -> "a list";
      case Mapping _ -> "a mapping";
    };
  }

  private static String shorten(String text) {
    String oneLine = text.replaceAll("\\p{Cntrl}+", " ");
    return oneLine.length() > 60 ? oneLine.substring(0, 57) + "..." : oneLine;
  }
}
