package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that an operator declares, checked.
 *
 * @param file as the caller named it
 * @param clusters as declared
 * @param etcd declared, or derived from the first hosts
 * @param infraNodes the hosts of the {@code infra} group
 * @param providers hosts that offer services for clusters which name their group
 * @param globals parameters that hold for all clusters
 * @param notActedOn what was read and is left alone
 * @param warnings what is allowed but unwise; same shape as a problem
 */
public record Inventory(
    String file,
    List<Cluster> clusters,
    EtcdCluster etcd,
    List<InfraNode> infraNodes,
    Map<String, List<ProxyHost>> providers,
    Settings globals,
    List<NotActedOn> notActedOn,
    List<Problem> warnings) {
  public Inventory {
    requireNonNull(file, "file is null");
    clusters = List.copyOf(clusters);
    requireNonNull(etcd, "etcd is null");
    infraNodes = List.copyOf(infraNodes);
    Map<String, List<ProxyHost>> frozen = new LinkedHashMap<>();
    providers.forEach((group, hosts) -> frozen.put(group, List.copyOf(hosts)));
    providers = Collections.unmodifiableMap(frozen);
    requireNonNull(globals, "globals is null");
    notActedOn = List.copyOf(notActedOn);
    warnings = List.copyOf(warnings);
  }

  /** Addresses of the {@code infra} group. */
  public List<Address> infra() {
    return infraNodes.stream().map(InfraNode::address).toList();
  }

  /** The cluster of that name. */
  public Optional<Cluster> cluster(String name) {
    return clusters.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /** The hosts whose HAProxy offers the services of a cluster. */
  public List<ProxyHost> proxies(Cluster cluster) {
    String provider = cluster.settings().text("pg_service_provider");
    return provider.isEmpty()
        ? cluster.instances().stream()
            .filter(instance -> instance.settings().flag("haproxy_enabled"))
            .map(ProxyHost::of)
            .toList()
        : providers.getOrDefault(provider, List.of());
  }

  /** The clusters whose services HAProxy offers at that address. */
  public List<Cluster> offered(Address address) {
    return clusters.stream().filter(cluster -> proxyOf(cluster, address).isPresent()).toList();
  }

  /** HAProxy at that address, where it offers anything. */
  public Optional<ProxyHost> proxy(Address address) {
    return clusters.stream().flatMap(cluster -> proxyOf(cluster, address).stream()).findFirst();
  }

  private Optional<ProxyHost> proxyOf(Cluster cluster, Address address) {
    return proxies(cluster).stream().filter(host -> host.address().equals(address)).findFirst();
  }

  /**
   * Every node by address: those of the infra group first, then etcd's, then the clusters', then
   * those that only offer services.
   */
  public Map<Address, Node> nodes() {
    Map<Address, List<Instance>> instances = new LinkedHashMap<>();
    infra().forEach(address -> instances.put(address, new ArrayList<>()));
    Map<Address, EtcdMember> members = new LinkedHashMap<>();
    etcd.members().forEach(m -> members.put(m.address(), m));
    members.keySet().forEach(a -> instances.putIfAbsent(a, new ArrayList<>()));
    for (Cluster cluster : clusters) {
      for (Instance instance : cluster.instances()) {
        instances.computeIfAbsent(instance.address(), _ -> new ArrayList<>()).add(instance);
      }
    }
    Map<Address, InfraNode> infra = new LinkedHashMap<>();
    infraNodes.forEach(node -> infra.put(node.address(), node));
    Map<Address, String> names = new LinkedHashMap<>();
    for (List<ProxyHost> hosts : providers.values()) {
      hosts.forEach(host -> instances.putIfAbsent(host.address(), new ArrayList<>()));
      hosts.forEach(host -> names.put(host.address(), host.name()));
    }
    Map<Address, Node> nodes = new LinkedHashMap<>();
    instances.forEach(
        (address, here) ->
            nodes.put(
                address,
                new Node(
                    address,
                    here.isEmpty()
                        ? names.getOrDefault(address, address.text())
                        : here.getFirst().nodeName(),
                    here,
                    Optional.ofNullable(members.get(address)),
                    Optional.ofNullable(infra.get(address)))));
    return Collections.unmodifiableMap(nodes);
  }

  /** What fails together with a host, as {@code node_zone} says; empty when it does not. */
  public String zone(Address address) {
    return Stream.concat(
            clusters.stream()
                .flatMap(cluster -> cluster.instances().stream())
                .filter(instance -> instance.address().equals(address))
                .map(instance -> instance.settings().text("node_zone")),
            etcd.members().stream()
                .filter(member -> member.address().equals(address))
                .map(EtcdMember::zone))
        .filter(zone -> !zone.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** The node at that address; for many of them take {@link #nodes} once. */
  public Optional<Node> node(Address address) {
    return Optional.ofNullable(nodes().get(address));
  }
}
