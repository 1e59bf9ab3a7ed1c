package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes instances of a cluster's hosts and checks number, role, ports and upstream. */
final class InstanceReader {
  private final Group group;
  private final Scope globals;
  private final Scope around;
  private final PortClaims claims;
  private final Findings findings;

  InstanceReader(Group group, Scope globals, PortClaims claims, Findings findings) {
    this.group = group;
    this.globals = globals;
    this.around = globals.under(group.vars());
    this.claims = claims;
    this.findings = findings;
  }

  List<Instance> read(String cluster, List<Group.Host> hosts) {
    List<Instance> instances = new ArrayList<>();
    Map<Integer, Address> seqs = new HashMap<>();
    Optional<Address> primary = Optional.empty();
    boolean rolesKnown = true;
    for (Group.Host host : hosts) {
      Optional<Integer> seq = seq(host, seqs);
      Optional<InstanceRole> role = role(host);
      rolesKnown &= role.isPresent();
      if (role.isPresent() && role.get() == InstanceRole.PRIMARY) {
        if (primary.isPresent()) {
          findings.problem(
              host.scope().place("pg_role").orElse(host.place()),
              "primary",
              "is already the role of " + primary.get(),
              "make this one a replica: a cluster has exactly one primary");
        } else {
          primary = Optional.of(host.address());
        }
      }
      if (seq.isPresent() && role.isPresent()) {
        instances.add(instance(cluster, seq.get(), role.get(), host));
      }
    }
    if (primary.isEmpty() && rolesKnown) {
      findings.problem(
          group.place(), "", "has no primary", "give one of its hosts pg_role: primary");
    }
    checkUpstreams(hosts, instances);
    return instances;
  }

  private Optional<Integer> seq(Group.Host host, Map<Integer, Address> seqs) {
    Optional<Value> value = host.scope().over(around, "pg_seq");
    if (value.isEmpty()) {
      if (!host.scope().declares("pg_seq") && !around.declares("pg_seq")) {
        findings.problem(
            host.place(), "", "pg_seq is missing", "give each instance its own number");
      }
      return Optional.empty();
    }
    int seq = Math.toIntExact(((Value.Whole) value.get()).number());
    Address first = seqs.putIfAbsent(seq, host.address());
    if (first != null) {
      findings.problem(
          host.scope().place("pg_seq").orElse(host.place()),
          Integer.toString(seq),
          "is taken by " + first,
          "give each instance its own number");
    }
    return Optional.of(seq);
  }

  private Optional<InstanceRole> role(Group.Host host) {
    Optional<Value> value = host.scope().over(around, "pg_role");
    if (value.isEmpty() && !host.scope().declares("pg_role") && !around.declares("pg_role")) {
      findings.problem(
          host.place(),
          "",
          "pg_role is missing",
          "say primary, replica, standby, offline or delayed");
    }
    return value.map(v -> InstanceRole.of(v.toString()));
  }

  private Instance instance(String cluster, int seq, InstanceRole role, Group.Host host) {
    Settings settings =
        new Settings(host.scope().values(), group.vars().values(), globals.values());
    Ports ports =
        new Ports(
            settings.number("pg_port"),
            settings.number("pgbouncer_port"),
            settings.number("patroni_port"),
            settings.number("haproxy_exporter_port"),
            settings.number("pg_exporter_port"),
            settings.number("pgbouncer_exporter_port"),
            settings.number("pgbackrest_exporter_port"));
    String name = cluster + "-" + seq;
    claimPorts(host, name, ports, settings);
    String nodeName = settings.text("nodename");
    return new Instance(
        cluster,
        seq,
        role,
        host.address(),
        nodeName.isEmpty() ? name : nodeName,
        ports,
        settings.number("pg_weight"),
        settings.flag("pg_offline_query"),
        Optional.of(settings.text("pg_upstream")).filter(t -> !t.isEmpty()).map(Address::of),
        settings);
  }

  private void claimPorts(Group.Host host, String name, Ports ports, Settings settings) {
    boolean pooled = settings.flag("pgbouncer_enabled");
    claim(host, ports.postgres(), name, "pg_port");
    claim(host, ports.agent(), name, "patroni_port");
    if (pooled) {
      claim(host, ports.pooler(), name, "pgbouncer_port");
    }
    if (settings.flag("haproxy_enabled") && settings.text("pg_service_provider").isEmpty()) {
      claims.share(
          host.address(),
          ports.haproxyAdmin(),
          name,
          "haproxy_exporter_port",
          "haproxy",
          host.place());
    }
    if (settings.flag("pg_exporter_enabled")) {
      claim(host, ports.postgresMetrics(), name, "pg_exporter_port");
    }
    if (pooled && settings.flag("pgbouncer_exporter_enabled")) {
      claim(host, ports.poolerMetrics(), name, "pgbouncer_exporter_port");
    }
    if (settings.flag("pgbackrest_enabled") && settings.flag("pgbackrest_exporter_enabled")) {
      claim(host, ports.backupMetrics(), name, "pgbackrest_exporter_port");
    }
  }

  // A port that was refused is not also taken for its default.
  private void claim(Group.Host host, int port, String name, String parameter) {
    boolean declared = host.scope().declares(parameter) || around.declares(parameter);
    if (!declared || host.scope().over(around, parameter).isPresent()) {
      claims.claim(host.address(), port, name, parameter, host.place());
    }
  }

  // The primary's upstream is another cluster's server; everybody else follows a fellow member.
  private void checkUpstreams(List<Group.Host> hosts, List<Instance> instances) {
    Set<Address> members = new HashSet<>();
    instances.forEach(instance -> members.add(instance.address()));
    Map<Address, Place> places = new HashMap<>();
    hosts.forEach(
        host -> places.put(host.address(), host.scope().place("pg_upstream").orElse(host.place())));
    for (Instance instance : instances) {
      if (instance.upstream().isEmpty()) {
        continue;
      }
      Address upstream = instance.upstream().get();
      Place place = places.get(instance.address());
      boolean primary = instance.role() == InstanceRole.PRIMARY;
      if (upstream.equals(instance.address())) {
        findings.problem(place, upstream.text(), "is this host itself", "name another");
      } else if (!primary && !members.contains(upstream)) {
        findings.problem(
            place,
            upstream.text(),
            "is no member of the cluster",
            "a " + instance.role().word() + " can follow only a member; name one");
      } else if (primary && members.contains(upstream)) {
        findings.problem(
            place,
            upstream.text(),
            "follows this primary itself",
            "a primary's upstream is a server of another cluster");
      }
    }
  }
}
