package dev.matriarch.agent.vip;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What tells all neighbours at once which station has an address: gratuitous ARP (RFC 5227), or an
 * unsolicited neighbour advertisement (RFC 4861, 7.2.6).
 */
final class Announcement {
  private static final int ARP = 0x0806;
  private static final int IPV6 = 0x86dd;
  private static final byte ICMPV6 = 58;
  private static final byte[] EVERYONE = {-1, -1, -1, -1, -1, -1};
  private static final byte[] ALL_NODES = {0x33, 0x33, 0, 0, 0, 1};
  private static final byte[] ALL_NODES_ADDRESS = {
    (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
  };

  private final int etherType;
  private final byte[] destination;
  private final byte[] payload;

  private Announcement(int etherType, byte[] destination, byte[] payload) {
    this.etherType = etherType;
    this.destination = destination;
    this.payload = payload;
  }

  int etherType() {
    return etherType;
  }

  /** The group of stations it is for. */
  byte[] destination() {
    return destination.clone();
  }

  /** What follows the frame's head. */
  byte[] payload() {
    return payload.clone();
  }

  /** The frames for an address that the station {@code hardware} has now. */
  static List<Announcement> of(InetAddress address, byte[] hardware) {
    return switch (address) {
      // Some devices take only the one for new, some only the other.
      case Inet4Address four -> List.of(arp(four, hardware, 1), arp(four, hardware, 2));
      case Inet6Address six -> List.of(neighbour(six, hardware));
      default -> throw new IllegalArgumentException(address + " is neither IPv4 nor IPv6");
    };
  }

  private static Announcement arp(Inet4Address address, byte[] hardware, int operation) {
    byte[] target = operation == 1 ? new byte[6] : EVERYONE;
    ByteBuffer packet =
        ByteBuffer.allocate(28)
            .putShort((short) 1)
            .putShort((short) 0x0800)
            .put((byte) 6)
            .put((byte) 4)
            .putShort((short) operation)
            .put(hardware)
            .put(address.getAddress())
            .put(target)
            .put(address.getAddress());
    return new Announcement(ARP, EVERYONE, packet.array());
  }

  private static Announcement neighbour(Inet6Address address, byte[] hardware) {
    ByteBuffer message =
        ByteBuffer.allocate(32)
            .put((byte) 136)
            .put((byte) 0)
            .putShort((short) 0)
            .putInt(0x20000000) // Override what is known.
            .put(address.getAddress())
            .put((byte) 2)
            .put((byte) 1)
            .put(hardware);
    message.putShort(2, checksum(address, message.array()));
    ByteBuffer packet =
        ByteBuffer.allocate(40 + 32)
            .putInt(0x60000000)
            .putShort((short) 32)
            .put(ICMPV6)
            .put((byte) 255)
            .put(address.getAddress())
            .put(ALL_NODES_ADDRESS)
            .put(message.array());
    return new Announcement(IPV6, ALL_NODES, packet.array());
  }

  private static short checksum(Inet6Address from, byte[] message) {
    ByteBuffer pseudo =
        ByteBuffer.allocate(40 + message.length)
            .put(from.getAddress())
            .put(ALL_NODES_ADDRESS)
            .putInt(message.length)
            .putInt(ICMPV6)
            .put(message)
            .flip();
    int sum = 0;
    while (pseudo.hasRemaining()) {
      sum += pseudo.getShort() & 0xffff;
    }
    sum = (sum >>> 16) + (sum & 0xffff);
    sum += sum >>> 16;
    return (short) ~sum;
  }
}
