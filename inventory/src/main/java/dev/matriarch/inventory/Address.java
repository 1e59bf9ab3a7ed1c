package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address that identifies a node (P7): a literal IPv4 or IPv6 address, never a host name.
 *
 * @param text canonical form, so that equal addresses are equal records
 */
public record Address(String text) implements Comparable<Address> {
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6_LETTERS = Pattern.compile("[0-9a-fA-F:.]{2,45}");

  public Address {
    requireNonNull(text, "text is null");
  }

  /** The address that the text names, or nothing when it is no literal address. */
  public static Optional<Address> parse(String text) {
    if (IPV4.matcher(text).matches()) {
      return Optional.of(new Address(text));
    }
    if (text.indexOf(':') < 0 || !IPV6_LETTERS.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Address(InetAddress.ofLiteral(text).getHostAddress()));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  /** The address that the text names; for texts that are known to be addresses. */
  public static Address of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException(text + " is no IPv4 or IPv6 address"));
  }

  /** True for an IPv6 address. */
  public boolean isIpv6() {
    return text.indexOf(':') >= 0;
  }

  /** Why no host can have this address, or nothing when one can. */
  public Optional<String> whyNoHost() {
    InetAddress literal = InetAddress.ofLiteral(text);
    if (literal.isAnyLocalAddress()) {
      return Optional.of("means every address of a host");
    }
    if (literal.isMulticastAddress()) {
      return Optional.of("is a multicast address");
    }
    if (text.startsWith("0.") || text.equals("255.255.255.255")) {
      return Optional.of("is reserved");
    }
    return Optional.empty();
  }

  /** {@code address:port}, with brackets around an IPv6 address. */
  public String withPort(int port) {
    return (isIpv6() ? "[" + text + "]" : text) + ":" + port;
  }

  /** The block that holds this address only, {@code /32} or {@code /128}. */
  public String asBlock() {
    return text + (isIpv6() ? "/128" : "/32");
  }

  @Override
  public int compareTo(Address other) {
    return Comparator.comparing(Address::text).compare(this, other);
  }

  @Override
  public String toString() {
    return text;
  }
}
