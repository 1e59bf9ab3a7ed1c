package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The groups of hosts that offer the services of clusters which name them (P49, P50). */
final class ProviderReader {
  private static final String PARAMETER = "pg_service_provider";

  private ProviderReader() {}

  /** The names of all of them, before it is known what the groups of the file are. */
  static Set<String> names(Yaml yaml) {
    Set<String> names = new HashSet<>();
    if (yaml instanceof Yaml.Mapping(Map<String, Yaml.Entry> entries, int _)) {
      entries.forEach(
          (key, entry) -> {
            if (key.equals(PARAMETER) && !entry.value().isEmpty()) {
              names.add(entry.value().shown());
            }
            names.addAll(names(entry.value()));
          });
    }
    return names;
  }

  /** Hosts by the name of their group, whose ports are taken for the clusters that name it. */
  static Map<String, List<ProxyHost>> read(
      Layout layout, List<Cluster> clusters, PortClaims claims, Findings findings) {
    Map<String, List<ProxyHost>> providers = new LinkedHashMap<>();
    Map<Address, Place> places = new HashMap<>();
    for (Group group : layout.groups()) {
      Scope scope = layout.globals().under(group.vars());
      scope
          .value(PARAMETER)
          .map(Value::toString)
          .filter(name -> group.kind() == Group.Kind.CLUSTER && !name.isEmpty())
          .ifPresent(
              name ->
                  providers.computeIfAbsent(
                      name, _ -> hosts(layout, name, scope.place(PARAMETER), places, findings)));
    }
    for (Cluster cluster : clusters) {
      for (ProxyHost host : providers.getOrDefault(cluster.settings().text(PARAMETER), List.of())) {
        claim(cluster, host, places.get(host.address()), claims);
      }
    }
    return providers;
  }

  private static List<ProxyHost> hosts(
      Layout layout,
      String name,
      Optional<Place> place,
      Map<Address, Place> places,
      Findings findings) {
    List<ProxyHost> hosts = new ArrayList<>();
    for (Group group : layout.groups()) {
      if (group.name().equals(name)) {
        for (Group.Host host : group.hosts()) {
          Settings settings =
              new Settings(host.scope().values(), group.vars().values(), layout.globals().values());
          String node = settings.text("nodename");
          hosts.add(
              new ProxyHost(host.address(), node.isEmpty() ? named(host, group) : node, settings));
          places.put(host.address(), host.place());
        }
      }
    }
    if (hosts.isEmpty()) {
      List<String> groups =
          layout.groups().stream()
              .filter(group -> !group.hosts().isEmpty())
              .map(Group::name)
              .toList();
      findings.problem(
          place.orElse(Place.FILE),
          name,
          "is no group that has hosts",
          NearestName.of(name, groups)
              .map(nearest -> "did you mean " + nearest + "?")
              .orElse("add " + name + ": {hosts: {10.10.10.21: {nodename: proxy-1}}}"));
    }
    return hosts;
  }

  /** A member of another cluster has its instance's name. */
  private static String named(Group.Host host, Group group) {
    return group.kind() == Group.Kind.CLUSTER
        ? group.vars().value("pg_cluster").map(Value::toString).orElse(group.name())
            + host.scope().value("pg_seq").map(seq -> "-" + seq).orElse("")
        : host.address().text();
  }

  private static void claim(Cluster cluster, ProxyHost host, Place place, PortClaims claims) {
    claims.share(
        host.address(), host.adminPort(), host.name(), "haproxy_exporter_port", "haproxy", place);
    for (Service service : cluster.services()) {
      claims.share(
          host.address(),
          service.port(),
          cluster.name(),
          "service " + service.name(),
          cluster.name() + " " + service.name(),
          place);
    }
  }
}
