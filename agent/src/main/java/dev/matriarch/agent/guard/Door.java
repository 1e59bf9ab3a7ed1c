package dev.matriarch.agent.guard;

import static java.util.Objects.requireNonNull;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rules of one instance's door as scripts of {@code nft}. A table of its own, so that no
 * firewall is touched: packets of the guarded ports are dropped on their way in and out, also those
 * of connections that exist, unless the port is an element of the set {@code open}. The elements
 * carry a timeout, which runs by the kernel's own clock.
 *
 * @param table its name
 * @param address whose packets are meant; the unspecified one means all of the host's
 * @param ports what is guarded
 */
record Door(String table, InetAddress address, List<Integer> ports) {

  Door {
    requireNonNull(table, "table is null");
    requireNonNull(address, "address is null");
    ports = List.copyOf(ports);
  }

  /** The table's name of an instance; different instances get different ones. */
  static String table(String instance) {
    StringBuilder name = new StringBuilder("matriarch_");
    instance
        .codePoints()
        .forEach(
            c -> {
              if (c < 128 && (Character.isLetterOrDigit(c) || "-_.".indexOf(c) >= 0)) {
                name.appendCodePoint(c);
              } else {
                name.append("_x").append(Integer.toHexString(c)).append('_');
              }
            });
    return name.toString();
  }

  /**
   * Keeps an open door open for so long. Rejected when the door is closed or not there: so an order
   * that was held up, by whatever froze the one who gave it, never opens a door that has closed
   * meanwhile.
   */
  String prolonged(Duration time) {
    return rules()
        + line("delete element", "open { " + portList() + " }")
        + line("add element", "open { " + timed(time) + " }");
  }

  /** Opens it for so long, whatever was. */
  String opened(Duration time) {
    return rules()
        + line("flush set", "open")
        + line("add element", "open { " + timed(time) + " }");
  }

  /** Opens it until somebody says otherwise: it is there to be told so at once. */
  String openedForGood() {
    return rules() + line("flush set", "open") + line("add element", "open { " + portList() + " }");
  }

  /** Closes it. */
  String closed() {
    return rules() + line("flush set", "open");
  }

  /** Takes door and walls away, also when there are none. */
  String removed() {
    return line("add table", "") + line("delete table", "");
  }

  /** Puts up and takes away all that this needs, in one transaction that nobody notices. */
  String rehearsed() {
    return opened(Duration.ofSeconds(1)) + line("delete table", "");
  }

  /**
   * Written anew each time: what somebody else flushed or an older configuration put is replaced.
   */
  private String rules() {
    return line("add table", "")
        + line("add set", "open { type inet_service; flags timeout; }")
        + chain("input", "daddr", "dport")
        + chain("output", "saddr", "sport");
  }

  /** Before connection tracking, so that no rule of a firewall is asked first. */
  private String chain(String hook, String side, String port) {
    String rule = hook + " " + match(side) + "tcp " + port;
    return line(
            "add chain", hook + " { type filter hook " + hook + " priority raw; policy accept; }")
        + line("flush chain", hook)
        + line("add rule", rule + " { " + portList() + " } tcp " + port + " != @open drop");
  }

  private String match(String side) {
    if (address.isAnyLocalAddress()) {
      return "";
    }
    String family = address instanceof Inet6Address ? "ip6" : "ip";
    return family + " " + side + " " + address.getHostAddress().replaceFirst("%.*", "") + " ";
  }

  private String line(String verb, String what) {
    return verb + " inet " + table + " " + what + "\n";
  }

  private String portList() {
    return ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private String timed(Duration time) {
    return ports.stream()
        .map(port -> port + " timeout " + Math.max(1, time.toMillis()) + "ms")
        .collect(Collectors.joining(", "));
  }
}
