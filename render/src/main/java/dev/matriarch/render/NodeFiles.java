package dev.matriarch.render;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.InfraNode;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From the inventory to every file that one node needs. Pure: the same input gives the same files,
 * byte for byte, and nothing is written.
 */
public final class NodeFiles {
  private NodeFiles() {}

  /**
   * The files of the node at an address, in the order in which they should be written: the
   * supervisor's manifest comes last, so that whoever finds it finds the others too.
   *
   * @throws RenderException when the inventory has no such node, or cannot be rendered for it
   */
  public static List<NodeFile> of(Inventory inventory, Address nodeAddress, Layout layout) {
    var node = node(inventory, nodeAddress);
    var site = instance(node).map(i -> new Site(inventory, cluster(inventory, i), i, layout));
    var files = new ArrayList<NodeFile>();
    node.etcd().ifPresent(m -> files.add(EtcdFile.of(inventory.etcd(), m, layout)));
    dns(node).ifPresent(infra -> files.addAll(new DnsFiles(inventory, infra, layout).all()));
    site.ifPresent(
        s -> {
          var accounts = new Accounts(s);
          files.add(AgentFile.of(s, accounts));
          if (poolerEnabled(s)) {
            files.addAll(PgbouncerFiles.of(s, accounts));
          }
        });
    files.addAll(HaproxyFile.of(inventory, nodeAddress, layout));
    var offers = inventory.proxy(nodeAddress).isPresent();
    var manifest = manifest(node, site, offers, layout);
    files.add(new NodeFile(layout.run("services"), NodeFile.Mode.PLAIN, manifest.text()));
    return List.copyOf(files);
  }

  private static Node node(Inventory inventory, Address address) {
    return inventory
        .node(address)
        .orElseThrow(
            () ->
                new RenderException(
                    "%s: %s is none of its nodes; they are %s"
                        .formatted(inventory.file(), address, inventory.nodes().keySet())));
  }

  /** A folder holds one PGDATA, so one instance. */
  private static Optional<Instance> instance(Node node) {
    if (node.instances().size() > 1) {
      throw new RenderException(
          "%s: holds %d instances (%s), one is the most that a node can run; give each its own address"
              .formatted(
                  node.address(),
                  node.instances().size(),
                  String.join(", ", node.instances().stream().map(Instance::name).toList())));
    }
    return node.instances().stream().findFirst();
  }

  private static Cluster cluster(Inventory inventory, Instance instance) {
    return inventory.cluster(instance.cluster()).orElseThrow();
  }

  static boolean poolerEnabled(Site site) {
    return site.settings().flag("pgbouncer_enabled");
  }

  /** Whether HAProxy of the instance's own node offers the services of its cluster. */
  static boolean haproxyEnabled(Site site) {
    return site.inventory().offered(site.address()).contains(site.cluster());
  }

  private static Optional<InfraNode> dns(Node node) {
    return node.infra().filter(infra -> infra.settings().flag("dns_enabled"));
  }

  private static ServicesManifest manifest(
      Node node, Optional<Site> site, boolean offers, Layout layout) {
    var programs = layout.programs();
    var services = new ArrayList<ServicesManifest.Service>();
    if (node.etcd().isPresent()) {
      var file = layout.conf(EtcdFile.NAME).toString();
      services.add(plain("etcd", programs.etcd().toString(), "--config-file", file));
    }
    if (dns(node).isPresent()) {
      services.add(ours("names", ServicesManifest.Kind.PLAIN, layout, DnsFiles.WATCH));
      var conf = "--conf-file=" + layout.conf(DnsFiles.CONF);
      services.add(
          new ServicesManifest.Service(
              "dnsmasq",
              ServicesManifest.Kind.LOW_PORT,
              List.of(programs.dnsmasq().toString(), conf)));
    }
    site.ifPresent(
        s -> {
          services.add(ours("agent", ServicesManifest.Kind.AGENT, layout, AgentFile.NAME));
          if (poolerEnabled(s)) {
            var ini = layout.conf(PgbouncerFiles.INI).toString();
            services.add(plain("pgbouncer", programs.pgbouncer().toString(), ini));
          }
        });
    if (offers) {
      services.add(plain("haproxy", HaproxyFile.command(layout).toArray(String[]::new)));
    }
    return new ServicesManifest(settings(site, layout), services);
  }

  private static Map<String, String> settings(Optional<Site> site, Layout layout) {
    var settings = new LinkedHashMap<String, String>();
    site.ifPresent(
        s -> settings.put("lease_ms", Long.toString(s.cluster().timing().lease().toMillis())));
    settings.put("user", layout.user());
    settings.put("log_dir", layout.log().toString());
    settings.put("run_dir", layout.run().toString());
    return settings;
  }

  /** A verb of our own command with its file. */
  private static ServicesManifest.Service ours(
      String verb, ServicesManifest.Kind kind, Layout layout, String file) {
    var command = new ArrayList<>(layout.programs().matriarch());
    command.add(verb);
    command.add(layout.conf(file).toString());
    return new ServicesManifest.Service(verb, kind, command);
  }

  private static ServicesManifest.Service plain(String name, String... command) {
    return new ServicesManifest.Service(name, ServicesManifest.Kind.PLAIN, List.of(command));
  }
}
