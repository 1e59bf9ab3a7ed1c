package dev.matriarch.render;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes maps, lists, strings, numbers and booleans as YAML that every reader understands alike.
 *
 * <p>A library's emitter leaves {@code on}, {@code 0777} or {@code 12:30} bare, which a YAML 1.1
 * reader (patronictl) takes for a boolean, an octal and a sexagesimal number. Here a string stands
 * bare only when it cannot be anything else.
 */
final class YamlText {
  private static final Pattern BARE = Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*");
  private static final Set<String> WORDS =
      Set.of("true", "false", "yes", "no", "on", "off", "null", "y", "n");

  private YamlText() {}

  /** The document for a map, its keys in the map's order. */
  static String of(Map<String, ?> document) {
    var out = new StringBuilder();
    map(out, document, 0);
    return out.toString();
  }

  private static void map(StringBuilder out, Map<?, ?> map, int indent) {
    map.forEach(
        (key, value) -> {
          out.repeat(' ', indent).append(string(key.toString())).append(':');
          value(out, value, indent + 2);
        });
  }

  private static void value(StringBuilder out, Object value, int indent) {
    switch (value) {
      case Map<?, ?> map when map.isEmpty() -> out.append(" {}\n");
      case Map<?, ?> map -> {
        out.append('\n');
        map(out, map, indent);
      }
      case Collection<?> list when list.isEmpty() -> out.append(" []\n");
      case Collection<?> list -> {
        out.append('\n');
        list(out, list, indent);
      }
      default -> out.append(' ').append(scalar(value)).append('\n');
    }
  }

  private static void list(StringBuilder out, Collection<?> list, int indent) {
    for (Object item : list) {
      out.repeat(' ', indent).append('-');
      if (item instanceof Map<?, ?> map && !map.isEmpty()) {
        // The first key stands on the line of the dash, the others below it.
        var inner = new StringBuilder();
        map(inner, map, indent + 2);
        out.append(' ').append(inner, indent + 2, inner.length());
      } else {
        value(out, item, indent + 2);
      }
    }
  }

  private static String scalar(Object value) {
    return switch (value) {
      case Boolean b -> b.toString();
      case Integer i -> i.toString();
      case Long l -> l.toString();
      case String s -> string(s);
      default -> throw new IllegalArgumentException("cannot write a " + value.getClass());
    };
  }

  private static String string(String text) {
    if (BARE.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT))) {
      return text;
    }
    var out = new StringBuilder("\"");
    text.chars().forEach(c -> escaped(out, (char) c));
    return out.append('"').toString();
  }

  private static void escaped(StringBuilder out, char c) {
    if (c == '"' || c == '\\') {
      out.append('\\').append(c);
    } else if (c < ' ' || c > '~') {
      out.append("\\u%04x".formatted((int) c));
    } else {
      out.append(c);
    }
  }
}
