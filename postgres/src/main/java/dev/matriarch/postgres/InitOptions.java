package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How initdb makes a data directory.
 *
 * @param superuserPassword handed over in a file of mode 0600 that is deleted afterwards; empty:
 *     the superuser has none and enters over the socket only (promise P258)
 * @param options long options without their dashes, such as {@code encoding=UTF8}; an empty value
 *     is a bare flag ({@code data-checksums})
 */
public record InitOptions(Optional<Secret> superuserPassword, Map<String, String> options) {
  public InitOptions {
    requireNonNull(superuserPassword, "superuserPassword");
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /** Checksums, UTF8, C locale, SCRAM from the first moment. */
  public static InitOptions defaults(Secret superuserPassword) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("data-checksums", "");
    options.put("encoding", "UTF8");
    options.put("locale", "C");
    options.put("auth-local", "peer");
    options.put("auth-host", "scram-sha-256");
    return new InitOptions(Optional.of(superuserPassword), options);
  }

  /** The same with other options. */
  public InitOptions withOptions(Map<String, String> others) {
    return new InitOptions(superuserPassword, others);
  }
}
