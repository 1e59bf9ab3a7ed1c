package dev.matriarch.agent.http;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request before its body.
 *
 * @param method as sent: methods differ by case
 * @param path decoded, beginning with a slash
 * @param query undecoded, without its question mark
 * @param modern HTTP/1.1; otherwise 1.0
 * @param headers by name in small letters
 */
public record Head(
    String method, String path, String query, boolean modern, Map<String, List<String>> headers) {
  public Head {
    requireNonNull(method, "method is null");
    requireNonNull(path, "path is null");
    requireNonNull(query, "query is null");
    headers = Map.copyOf(headers);
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return all(name).stream().findFirst();
  }

  List<String> all(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  private boolean wants(String connection) {
    return all("connection").stream()
        .flatMap(value -> List.of(value.split(",", -1)).stream())
        .anyMatch(word -> word.strip().equalsIgnoreCase(connection));
  }

  /** Whether the client will ask again on the same connection. */
  boolean keepsOpen() {
    return modern ? !wants("close") : wants("keep-alive");
  }

  boolean expectsToContinue() {
    return modern && header("expect").filter("100-continue"::equalsIgnoreCase).isPresent();
  }
}
