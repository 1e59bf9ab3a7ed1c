package dev.matriarch.inventory;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** An address that follows the primary must be declared, and be nobody else's (P208). */
final class VipChecks {
  private static final String ENABLED = "pg_vip_enabled";
  private static final String ADDRESS = "pg_vip_address";
  private static final String INTERFACE = "pg_vip_interface";
  private static final List<String> NAMES = List.of(ENABLED, ADDRESS, INTERFACE);

  private final Findings findings;
  private final Set<Address> hosts;
  private final Map<Address, String> taken = new HashMap<>();

  private VipChecks(Layout layout, Findings findings) {
    this.findings = findings;
    this.hosts =
        layout.groups().stream()
            .flatMap(group -> group.hosts().stream())
            .map(Group.Host::address)
            .collect(Collectors.toSet());
  }

  static void check(Layout layout, Findings findings) {
    VipChecks checks = new VipChecks(layout, findings);
    for (Group group : layout.of(Group.Kind.CLUSTER)) {
      Scope around = layout.globals().under(group.vars());
      Map<Boolean, List<Group.Host>> hosts =
          group.hosts().stream()
              .collect(
                  Collectors.partitioningBy(
                      host -> NAMES.stream().anyMatch(host.scope()::declares)));
      checks.look(group, around, hosts.get(false));
      hosts
          .get(true)
          .forEach(host -> checks.look(group, around.under(host.scope()), List.of(host)));
    }
  }

  private void look(Group group, Scope scope, List<Group.Host> hosts) {
    if (!scope.value(ENABLED).equals(Optional.of(new Value.Flag(true)))) {
      return;
    }
    if (!scope.declares(ADDRESS)) {
      findings.problem(
          scope.place(ENABLED).orElse(group.place()),
          "true",
          "needs " + ADDRESS + ", the address that follows the primary",
          "add " + ADDRESS + ": 10.10.10.2/24, an address of the members' network that is free");
      return;
    }
    List<AddressBlock> vips =
        scope
            .value(ADDRESS)
            .map(value -> VirtualAddress.blocks(value.toString()))
            .orElse(List.of());
    vips.forEach(vip -> address(group, vip, scope.place(ADDRESS).orElse(group.place())));
    interfaces(group, scope, vips.size());
    vips.forEach(vip -> reach(scope, vip, hosts));
  }

  /**
   * An address cannot move beyond its network (P48, P162). The network of an interface that is
   * named stands nowhere here, unless it is that of some host.
   */
  private void reach(Scope scope, AddressBlock vip, List<Group.Host> hosts) {
    boolean named = !scope.value(INTERFACE).map(Value::toString).orElse("auto").equals("auto");
    Map<Boolean, List<Group.Host>> within =
        hosts.stream()
            .filter(host -> host.address().isIpv6() == vip.address().isIpv6())
            .collect(Collectors.partitioningBy(host -> vip.contains(host.address())));
    if (vip.isSingle() || (named && within.get(true).isEmpty())) {
      return;
    }
    for (Group.Host host : within.get(false)) {
      findings.warning(
          host.place(),
          host.address().text(),
          "is outside of " + vip + ": nobody would reach that address while this one leads",
          "an address moves within one layer 2 network only; put all members into it, name the"
              + " interface that is in it, or let pg_dns_target: primary follow instead");
    }
  }

  private void interfaces(Group group, Scope scope, int addresses) {
    String names = scope.value(INTERFACE).map(Value::toString).orElse("auto");
    int count = names.split(",").length;
    if (count > 1 && count != addresses) {
      findings.problem(
          scope.place(INTERFACE).orElse(group.place()),
          names,
          "are " + count + " interfaces for " + addresses + " in " + ADDRESS,
          "name one for all of them, or one for each");
    }
  }

  private void address(Group group, AddressBlock vip, Place place) {
    Optional<String> unfit = vip.address().whyNoHost().or(() -> ofNetwork(vip));
    if (unfit.isPresent()) {
      findings.problem(place, vip.toString(), unfit.get(), "give an address that a host can have");
    } else if (hosts.contains(vip.address())) {
      findings.problem(
          place, vip.toString(), "is the address of a host", "give one that nobody has");
    }
    String first = taken.putIfAbsent(vip.address(), group.name());
    if (first != null && !first.equals(group.name())) {
      findings.problem(
          place, vip.toString(), "already follows the primary of " + first, "give each its own");
    }
  }

  /** The first and the last address of a network are no host's. */
  private static Optional<String> ofNetwork(AddressBlock vip) {
    byte[] bytes = InetAddress.ofLiteral(vip.address().text()).getAddress();
    int bits = bytes.length * 8;
    int ones = 0;
    for (int bit = vip.prefix(); bit < bits; bit++) {
      ones += (bytes[bit / 8] >> (7 - bit % 8)) & 1;
    }
    boolean edge = ones == 0 || (ones == bits - vip.prefix() && !vip.address().isIpv6());
    return bits - vip.prefix() > 1 && edge
        ? Optional.of("is the network itself, or all of its hosts")
        : Optional.empty();
  }
}
