package dev.matriarch.agent.vip;

import static java.util.Objects.requireNonNull;

/**
 * How an address stands on this host.
 *
 * @param block the address with its prefix
 * @param device the interface it belongs on; empty when there is none such
 * @param bound it is there
 * @param linked the interface has a link
 * @param trouble what went wrong last; empty for nothing
 */
public record Standing(String block, String device, boolean bound, boolean linked, String trouble) {
  public Standing {
    requireNonNull(block, "block is null");
    requireNonNull(device, "device is null");
    requireNonNull(trouble, "trouble is null");
  }
}
