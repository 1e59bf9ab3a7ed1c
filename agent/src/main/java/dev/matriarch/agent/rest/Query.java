package dev.matriarch.agent.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The part of an address after the question mark; the first value of a name counts. */
record Query(Map<String, String> values) {
  private static final Pattern AND = Pattern.compile("&");

  Query {
    values = Map.copyOf(values);
  }

  static Query parse(String raw) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String part : AND.splitAsStream(raw).filter(p -> !p.isEmpty()).toList()) {
      int equals = part.indexOf('=');
      String name = decoded(equals < 0 ? part : part.substring(0, equals));
      values.putIfAbsent(name, equals < 0 ? "" : decoded(part.substring(equals + 1)));
    }
    return new Query(values);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
