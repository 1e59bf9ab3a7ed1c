package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * The server outside that a standby cluster follows.
 *
 * @param host empty when only an archive is followed
 * @param slot the physical slot kept there for this cluster; empty for none
 */
public record Source(String host, int port, String slot) {
  public Source {
    requireNonNull(host, "host is null");
    requireNonNull(slot, "slot is null");
  }

  /** {@code host:port}; empty when only an archive is followed. */
  public String address() {
    return host.isEmpty() ? "" : host + ":" + port;
  }
}
