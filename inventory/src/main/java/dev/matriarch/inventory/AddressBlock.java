package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A range of addresses, such as {@code 10.0.0.0/8}.
 *
 * @param prefix number of leading bits that its addresses share
 */
public record AddressBlock(Address address, int prefix) {
  public AddressBlock {
    requireNonNull(address, "address is null");
    if (prefix < 0 || prefix > (address.isIpv6() ? 128 : 32)) {
      throw new IllegalArgumentException("prefix length " + prefix + " of " + address);
    }
  }

  /** The block that the text names, or nothing when it names none. */
  public static Optional<AddressBlock> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
      return Optional.empty();
    }
    int prefix = Integer.parseInt(text.substring(slash + 1));
    return Address.parse(text.substring(0, slash))
        .filter(address -> prefix <= (address.isIpv6() ? 128 : 32))
        .map(address -> new AddressBlock(address, prefix));
  }

  /** True when it holds one address only, which says nothing about a network. */
  public boolean isSingle() {
    return prefix == (address.isIpv6() ? 128 : 32);
  }

  /** True when the address lies in it. */
  public boolean contains(Address other) {
    byte[] mine = InetAddress.ofLiteral(address.text()).getAddress();
    byte[] theirs = InetAddress.ofLiteral(other.text()).getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address + "/" + prefix;
  }
}
