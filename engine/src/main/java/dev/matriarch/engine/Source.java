package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The server outside that a standby cluster follows.
 *
 * @param host empty when only an archive is followed
 * @param slot the physical slot kept there for this cluster; empty for none
 * @param methods by which its data is copied, in this order; empty for those of the member's file
 */
public record Source(String host, int port, String slot, List<String> methods) {
  public Source {
    requireNonNull(host, "host is null");
    requireNonNull(slot, "slot is null");
    methods = List.copyOf(methods);
  }

  /** Copied by the methods of the member's file. */
  public Source(String host, int port, String slot) {
    this(host, port, slot, List.of());
  }

  /** {@code host:port}; empty when only an archive is followed. */
  public String address() {
    return host.isEmpty() ? "" : host + ":" + port;
  }
}
