package dev.matriarch.agent.rest;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as they stand in an address: {@code 1048576}, {@code 16kB}, {@code 64MB}. */
final class Sizes {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})\\s*([kKmMgGtT]?)[bB]?");

  private Sizes() {}

  static Optional<Long> bytes(String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int shift =
        switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          case "t" -> 40;
          default -> 0;
        };
    long number = Long.parseLong(matcher.group(1));
    return number > (Long.MAX_VALUE >> shift) ? Optional.empty() : Optional.of(number << shift);
  }
}
