package dev.matriarch.postgres;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a configuration file whose value is quoted: {@code name = 'value'}.
 *
 * @param name in lower case
 * @param value without its quotes
 */
record SettingLine(String name, String value) {
  private static final Pattern START = Pattern.compile("\\s*([A-Za-z_][\\w.]*)\\s*=?\\s*'");

  /**
   * Reads one; empty for any other line. The value is read by hand: a regular expression for it
   * takes a frame of the stack for every character.
   */
  static Optional<SettingLine> parse(String line) {
    Matcher start = START.matcher(line);
    if (!start.lookingAt()) {
      return Optional.empty();
    }
    StringBuilder value = new StringBuilder();
    for (int at = start.end(); at < line.length(); at++) {
      char c = line.charAt(at);
      boolean more = at + 1 < line.length();
      if (c == '\\' && more) {
        value.append(line.charAt(++at));
      } else if (c == '\'' && more && line.charAt(at + 1) == '\'') {
        value.append(line.charAt(++at));
      } else if (c == '\'') {
        return Optional.of(
            new SettingLine(start.group(1).toLowerCase(Locale.ROOT), value.toString()));
      } else {
        value.append(c);
      }
    }
    return Optional.empty();
  }
}
