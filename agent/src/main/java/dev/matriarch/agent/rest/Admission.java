package dev.matriarch.agent.rest;

import dev.matriarch.agent.config.Allowlist;
import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Member;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Whether an address is on the list of those that may change something. */
record Admission(Allowlist list) {

  boolean admits(InetAddress from, ClusterState state) {
    return list.isOpen()
        || list.entries().stream().anyMatch(entry -> matches(entry, from))
        || (list.members()
            && state.members().values().stream().anyMatch(member -> isOf(member, from)));
  }

  private static boolean isOf(Member member, InetAddress from) {
    return isHostOf(member.apiUrl(), from) || isHostOf(member.connUrl(), from);
  }

  private static boolean isHostOf(String url, InetAddress from) {
    try {
      String host = URI.create(url).getHost();
      return host != null && matches(host, from);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A name is looked up each time: it may move. */
  static boolean matches(String entry, InetAddress from) {
    int slash = entry.indexOf('/');
    try {
      if (slash < 0) {
        return Arrays.asList(InetAddress.getAllByName(entry)).contains(from);
      }
      byte[] network = InetAddress.getByName(entry.substring(0, slash)).getAddress();
      return sharesBits(network, from.getAddress(), Integer.parseInt(entry.substring(slash + 1)));
    } catch (UnknownHostException | NumberFormatException e) {
      return false;
    }
  }

  private static boolean sharesBits(byte[] network, byte[] address, int bits) {
    if (network.length != address.length || bits < 0 || bits > network.length * 8) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((network[i / 8] & mask) != (address[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
