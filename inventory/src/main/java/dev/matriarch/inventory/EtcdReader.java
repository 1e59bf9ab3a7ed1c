package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The declared etcd members, or the first hosts of the inventory. */
final class EtcdReader {
  private static final int MOST_DERIVED = 5;

  private EtcdReader() {}

  static Optional<EtcdCluster> read(Layout layout, PortClaims claims, Findings findings) {
    List<Group> groups = layout.of(Group.Kind.ETCD);
    if (groups.isEmpty()) {
      return derived(layout, claims);
    }
    for (Group further : groups.subList(1, groups.size())) {
      findings.problem(
          further.place(),
          further.name(),
          "is a second etcd group",
          "one inventory shares one etcd; put its hosts under " + groups.getFirst().name());
    }
    return declared(groups.getFirst(), layout, claims, findings);
  }

  private static Optional<EtcdCluster> declared(
      Group group, Layout layout, PortClaims claims, Findings findings) {
    Settings settings = new Settings(Map.of(), group.vars().values(), layout.globals().values());
    String name = settings.text("etcd_cluster");
    List<EtcdMember> members = new ArrayList<>();
    Map<Long, Address> taken = new HashMap<>();
    for (Group.Host host : group.hosts()) {
      seq(host, taken, findings)
          .map(seq -> member(name, seq, host.address(), settings.withHost(host.scope().values())))
          .ifPresent(
              member -> {
                members.add(member);
                claim(member, claims, host.place());
              });
    }
    int count = group.hosts().size();
    if (count % 2 == 0) {
      findings.problem(
          group.place(),
          "",
          count == 0 ? "has no hosts" : "has " + count + " members, an even number",
          "use 1, 3 or 5: a further member of an even number adds no safety");
    }
    return members.isEmpty()
        ? Optional.empty()
        : Optional.of(new EtcdCluster(name, members, true, settings));
  }

  private static Optional<Integer> seq(
      Group.Host host, Map<Long, Address> taken, Findings findings) {
    Optional<Value> value = host.scope().value("etcd_seq");
    if (value.isEmpty() || !(value.get() instanceof Value.Whole(long seq))) {
      if (!host.scope().declares("etcd_seq")) {
        findings.problem(
            host.place(), "", "etcd_seq is missing", "give each member its own number");
      }
      return Optional.empty();
    }
    Address first = taken.putIfAbsent(seq, host.address());
    if (first != null) {
      findings.problem(
          host.scope().place("etcd_seq").orElse(host.place()),
          Long.toString(seq),
          "is taken by " + first,
          "give each member its own number");
    }
    return Optional.of(Math.toIntExact(seq));
  }

  private static Optional<EtcdCluster> derived(Layout layout, PortClaims claims) {
    Map<Address, Place> hosts = new LinkedHashMap<>();
    for (Group group : layout.groups()) {
      if (group.kind() != Group.Kind.PROVIDER) {
        group.hosts().forEach(host -> hosts.putIfAbsent(host.address(), host.place()));
      }
    }
    if (hosts.isEmpty()) {
      return Optional.empty();
    }
    int count = Math.min(MOST_DERIVED, hosts.size() % 2 == 0 ? hosts.size() - 1 : hosts.size());
    Settings settings = new Settings(Map.of(), Map.of(), layout.globals().values());
    String name = settings.text("etcd_cluster");
    List<EtcdMember> members = new ArrayList<>();
    for (Address address : List.copyOf(hosts.keySet()).subList(0, count)) {
      EtcdMember member = member(name, members.size() + 1, address, settings);
      members.add(member);
      claim(member, claims, hosts.get(address));
    }
    return Optional.of(new EtcdCluster(name, members, false, settings));
  }

  private static EtcdMember member(String cluster, int seq, Address address, Settings settings) {
    return new EtcdMember(
        cluster + "-" + seq,
        seq,
        address,
        settings.number("etcd_port"),
        settings.number("etcd_peer_port"),
        settings.text("node_zone"));
  }

  private static void claim(EtcdMember member, PortClaims claims, Place place) {
    claims.claim(member.address(), member.clientPort(), member.name(), "etcd_port", place);
    claims.claim(member.address(), member.peerPort(), member.name(), "etcd_peer_port", place);
  }
}
