package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;

/**
 * An address that follows the leader.
 *
 * @param address what clients connect to
 * @param prefix length of its network's prefix
 * @param network the interface it is put on; {@link #AUTO} for the one that has the node's address
 */
public record VipConfig(InetAddress address, int prefix, String network) {
  public static final String AUTO = "auto";

  public VipConfig {
    requireNonNull(address, "address is null");
    requireNonNull(network, "network is null");
    if (prefix < 0 || prefix > address.getAddress().length * 8) {
      throw new IllegalArgumentException("/" + prefix + ": no prefix of " + address);
    }
  }

  /** The address alone. */
  public String text() {
    return address.getHostAddress();
  }

  /** With its prefix, as {@code ip} writes it. */
  public String block() {
    return text() + "/" + prefix;
  }
}
