package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.net.URI;

/**
 * One client address of an etcd member, {@code http} or {@code https}.
 *
 * @param uri scheme, host and port, nothing else
 */
public record Endpoint(URI uri) {

  private static final int DEFAULT_PORT = 2379;

  public Endpoint {
    requireNonNull(uri, "uri");
    String scheme = uri.getScheme();
    boolean http = "http".equals(scheme) || "https".equals(scheme);
    if (!http || uri.getHost() == null || uri.getPort() <= 0) {
      throw new IllegalArgumentException(
          "etcd endpoint " + uri + ": write it as host:port or https://host:port");
    }
    uri = URI.create(scheme + "://" + uri.getHost() + ":" + uri.getPort());
  }

  /**
   * Reads {@code host}, {@code host:port} or {@code http[s]://host:port}; the port defaults to
   * 2379, the scheme to http.
   *
   * @throws IllegalArgumentException if the text is no such address
   */
  public static Endpoint parse(String text) {
    return parse(text, "http");
  }

  /** As {@link #parse(String)}, with the scheme that an address without one gets. */
  public static Endpoint parse(String text, String defaultScheme) {
    String trimmed = text.strip();
    String full = trimmed.contains("://") ? trimmed : defaultScheme + "://" + trimmed;
    URI uri;
    try {
      uri = URI.create(full);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "etcd endpoint " + text + ": write it as host:port or https://host:port", e);
    }
    return new Endpoint(uri.getPort() > 0 ? uri : URI.create(full + ":" + DEFAULT_PORT));
  }

  boolean secure() {
    return "https".equals(uri.getScheme());
  }

  /** {@code host:port}, as it stands in messages. */
  @Override
  public String toString() {
    return uri.getHost() + ":" + uri.getPort();
  }
}
