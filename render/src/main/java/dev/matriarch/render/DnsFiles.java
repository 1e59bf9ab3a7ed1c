package dev.matriarch.render;

import static dev.matriarch.render.AgentFile.ordered;
import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.ClusterDns;
import dev.matriarch.inventory.InfraNode;
import dev.matriarch.inventory.Inventory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The DNS server of an infrastructure node (P11, P39 to P44). Names that do not change stand in a
 * hosts file; those of clusters that follow their primary are written while it runs, by the service
 * {@code names}, which is told here what to watch.
 *
 * @param inventory everything declared
 * @param infra the node
 * @param layout where its files are
 */
record DnsFiles(Inventory inventory, InfraNode infra, Layout layout) {
  static final String CONF = "dnsmasq.conf";
  static final String WATCH = "names.yml";
  static final String HOSTS = "names.hosts";

  DnsFiles {
    requireNonNull(inventory);
    requireNonNull(infra);
    requireNonNull(layout);
  }

  List<NodeFile> all() {
    return List.of(
        new NodeFile(layout.conf(CONF), NodeFile.Mode.PLAIN, conf()),
        new NodeFile(layout.conf(HOSTS), NodeFile.Mode.PLAIN, hosts()),
        new NodeFile(layout.conf(WATCH), NodeFile.Mode.PLAIN, YamlText.of(watch())));
  }

  /** A second is as long as a client may go on with where the primary was. */
  private String conf() {
    return """
        keep-in-foreground
        log-facility=-
        pid-file=
        port=%d
        listen-address=%s
        bind-interfaces
        no-hosts
        addn-hosts=%s
        hostsdir=%s
        local-ttl=1
        # What nobody elsewhere can answer is not asked for elsewhere.
        domain-needed
        bogus-priv
        """
        .formatted(
            infra.settings().number("dns_port"),
            infra.address(),
            layout.conf(HOSTS),
            layout.names());
  }

  private String hosts() {
    var lines = new ArrayList<String>();
    infra
        .dnsRecords()
        .forEach(record -> lines.add(record.address() + " " + String.join(" ", record.names())));
    for (Cluster cluster : inventory.clusters()) {
      cluster.instances().forEach(i -> lines.add(i.address() + " " + i.name()));
      var dns = ClusterDns.of(cluster);
      if (dns.target() instanceof ClusterDns.Target.Fixed(List<Address> addresses)) {
        addresses.forEach(address -> lines.add(address + " " + dns.name()));
      }
    }
    return lines.stream().map(line -> line + "\n").reduce("", String::concat);
  }

  private Map<String, Object> watch() {
    return ordered(
        "etcd3",
        AgentFile.etcd(inventory),
        "folder",
        layout.names().toString(),
        "clusters",
        inventory.clusters().stream()
            .filter(c -> ClusterDns.of(c).target() instanceof ClusterDns.Target.Primary)
            .map(DnsFiles::watched)
            .toList());
  }

  private static Object watched(Cluster cluster) {
    var members = new LinkedHashMap<String, Object>();
    cluster.instances().forEach(i -> members.put(i.name(), i.address().text()));
    return ordered(
        "cluster", cluster.name(),
        "namespace", cluster.settings().text("pg_namespace"),
        "name", ClusterDns.of(cluster).name(),
        "primary", cluster.primary().name(),
        "members", members);
  }
}
