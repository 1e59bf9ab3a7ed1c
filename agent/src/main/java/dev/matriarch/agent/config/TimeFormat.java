package dev.matriarch.agent.config;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Optional;

/** Formats of date and time as {@code strftime} spells them ({@code log.dateformat}). */
final class TimeFormat {

  private TimeFormat() {}

  /** Empty when it has a directive that is not known. */
  static Optional<DateTimeFormatter> of(String strftime) {
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
    for (int i = 0; i < strftime.length(); i++) {
      char c = strftime.charAt(i);
      if (c != '%') {
        builder.appendLiteral(c);
      } else if (++i == strftime.length()) {
        return Optional.empty();
      } else if (strftime.charAt(i) == '%') {
        builder.appendLiteral('%');
      } else {
        String pattern = pattern(strftime.charAt(i));
        if (pattern.isEmpty()) {
          return Optional.empty();
        }
        builder.appendPattern(pattern);
      }
    }
    return Optional.of(builder.toFormatter(Locale.ROOT));
  }

  private static String pattern(char directive) {
    return switch (directive) {
      case 'Y' -> "uuuu";
      case 'y' -> "uu";
      case 'm' -> "MM";
      case 'd' -> "dd";
      case 'H' -> "HH";
      case 'I' -> "hh";
      case 'p' -> "a";
      case 'M' -> "mm";
      case 'S' -> "ss";
      case 'j' -> "DDD";
      case 'a' -> "EEE";
      case 'A' -> "EEEE";
      case 'b' -> "MMM";
      case 'B' -> "MMMM";
      case 'z' -> "xx";
      case 'Z' -> "zzz";
      case 'F' -> "uuuu-MM-dd";
      case 'T' -> "HH:mm:ss";
      default -> "";
    };
  }
}
