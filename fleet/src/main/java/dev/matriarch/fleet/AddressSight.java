package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

/**
 * An address that follows the primary, as one member's host has it.
 *
 * @param address with its prefix
 * @param device the interface it belongs on; empty when the host has none such
 * @param bound it is there
 * @param linked the interface has a link
 * @param trouble in the agent's words; empty for none
 */
public record AddressSight(
    String member, String address, String device, boolean bound, boolean linked, String trouble) {
  public AddressSight {
    requireNonNull(member, "member is null");
    requireNonNull(address, "address is null");
    requireNonNull(device, "device is null");
    requireNonNull(trouble, "trouble is null");
  }

  /** In a word. */
  public String state() {
    return bound ? linked ? "here" : "here, no link" : linked ? "" : "no link";
  }
}
