package dev.matriarch.agent.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the words of a configuration mean. */
public final class Words {
  private static final Pattern QUANTITY =
      Pattern.compile("\\s*([+-]?[0-9]+(?:\\.[0-9]+)?)\\s*([a-zA-Z]*)\\s*");

  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]+(%[A-Za-z0-9]+)?");

  private Words() {}

  /** Yes or no, in any of YAML's spellings. */
  public static Optional<Boolean> truth(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "1" -> Optional.of(true);
      case "false", "off", "no", "0" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  /** A length of time; seconds without a unit. */
  public static Optional<Duration> duration(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    double millis =
        switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
          case "ms" -> 1;
          case "", "s" -> 1_000;
          case "min" -> 60_000;
          case "h" -> 3_600_000;
          case "d" -> 86_400_000;
          default -> 0;
        };
    double value = Double.parseDouble(matcher.group(1)) * millis;
    return millis == 0 || Math.abs(value) > 1e12
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.round(value)));
  }

  /** A number of bytes; bytes without a unit. */
  static Optional<Long> bytes(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    double unit =
        switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
          case "", "b" -> 1;
          case "kb" -> 1024.0;
          case "mb" -> 1024.0 * 1024;
          case "gb" -> 1024.0 * 1024 * 1024;
          case "tb" -> 1024.0 * 1024 * 1024 * 1024;
          default -> 0;
        };
    double value = Double.parseDouble(matcher.group(1)) * unit;
    return unit == 0 || Math.abs(value) > 9e18 ? Optional.empty() : Optional.of((long) value);
  }

  /** {@code host}, {@code host:port}, {@code [v6]:port} or {@code v6}. */
  static Optional<HostPort> address(String text, int defaultPort) {
    String trimmed = text.strip();
    String host = trimmed;
    String port = "";
    int colon = trimmed.lastIndexOf(':');
    if (trimmed.startsWith("[")) {
      int end = trimmed.indexOf(']');
      String rest = end < 0 ? "?" : trimmed.substring(end + 1);
      if (!rest.isEmpty() && !rest.startsWith(":")) {
        return Optional.empty();
      }
      host = trimmed.substring(1, end);
      port = rest.isEmpty() ? "" : rest.substring(1);
    } else if (colon >= 0 && trimmed.indexOf(':') == colon) {
      host = trimmed.substring(0, colon);
      port = trimmed.substring(colon + 1);
    }
    if (host.contains(":") && !V6.matcher(host).matches()) {
      return Optional.empty();
    }
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == ',')) {
      return Optional.empty();
    }
    try {
      int number = port.isEmpty() ? defaultPort : Integer.parseInt(port);
      return number < 0 || number > 65535
          ? Optional.empty()
          : Optional.of(new HostPort(host, number));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
