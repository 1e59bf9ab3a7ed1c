package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

/** A host, by name or address without brackets, and a port. */
public record HostPort(String host, int port) {
  public HostPort {
    requireNonNull(host, "host is null");
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not within 0 and 65535");
    }
  }

  /** {@code host:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
