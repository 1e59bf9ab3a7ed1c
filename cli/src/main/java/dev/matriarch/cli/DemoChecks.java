package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.EtcdMember;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Ports;
import dev.matriarch.inventory.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What could keep the demo from running, all found before anything is started. */
final class DemoChecks {
  private static final long BYTES_PER_NODE = 400L << 20;
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql");

  private final DemoFolder folder;

  DemoChecks(DemoFolder folder) {
    this.folder = requireNonNull(folder, "folder");
  }

  /** The newest PostgreSQL of this host, or 0 when there is none. */
  static int newestPostgres() {
    if (!Files.isDirectory(POSTGRES)) {
      return 0;
    }
    try (Stream<Path> versions = Files.list(POSTGRES)) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin/postgres")))
          .map(version -> version.getFileName().toString())
          .filter(name -> name.matches("1[3-8]"))
          .mapToInt(Integer::parseInt)
          .max()
          .orElse(0);
    } catch (IOException _) {
      return 0;
    }
  }

  /** Programs that are not installed, by their Debian packages. */
  static List<String> missingPackages() {
    List<String> missing = new ArrayList<>();
    if (newestPostgres() == 0) {
      missing.add("postgresql-15");
    }
    Map.of(
            "/usr/bin/etcd", "etcd-server",
            "/usr/sbin/haproxy", "haproxy",
            "/usr/sbin/pgbouncer", "pgbouncer")
        .forEach(
            (program, name) -> {
              if (!Files.isExecutable(Path.of(program))) {
                missing.add(name);
              }
            });
    return missing.stream().sorted().toList();
  }

  /** Whether the folder can be used, with room for that many nodes. */
  List<String> folderProblems(int nodes) {
    List<String> problems = new ArrayList<>();
    Path root = folder.root();
    if (folder.isForeign()) {
      problems.add(root + ": holds something that no demo made; choose another with --root DIR");
    }
    if (OperatingSystem.isRoot() && !OperatingSystem.isOpenToAll(root.resolve("node"))) {
      problems.add(
          root
              + ": PostgreSQL must not run as root, and its user cannot enter the folders above;"
              + " choose another with --root DIR");
    }
    Path existing = root;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isWritable(existing)) {
      problems.add(
          "%s: %s may not write in %s; choose another with --root DIR"
              .formatted(root, OperatingSystem.user(), existing));
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      // What is there already was paid for by the demo that left it.
      if (!folder.hasInventory() && free < nodes * BYTES_PER_NODE) {
        problems.add(
            "%s: %d MiB free on its disk, %d nodes need %d; make room or choose another with --root DIR"
                .formatted(root, free >> 20, nodes, (nodes * BYTES_PER_NODE) >> 20));
      }
    } catch (IOException e) {
      problems.add(root + ": cannot tell how much room its disk has: " + e.getMessage());
    }
    return problems;
  }

  /** Ports that others listen at; those of this demo's own processes do not count. */
  List<String> takenPorts(Inventory inventory) {
    List<String> taken = new ArrayList<>();
    for (SupervisedNode node : folder.nodes(inventory)) {
      String address = node.address().text();
      portsOf(inventory, node)
          .forEach(
              (port, use) -> {
                if (!Listeners.isFree(address, port)) {
                  OptionalLong holder = Listeners.holder(address, port);
                  if (holder.isEmpty() || !node.belongsHere(holder.getAsLong())) {
                    taken.add(sentence(address, port, use, holder));
                  }
                }
              });
    }
    return taken;
  }

  private static String sentence(String address, int port, String use, OptionalLong holder) {
    return "%s:%d, needed for %s, is taken by %s"
        .formatted(
            address,
            port,
            use,
            holder.isPresent()
                ? "%s (pid %d); stop it"
                    .formatted(Listeners.name(holder.getAsLong()), holder.getAsLong())
                : "a process of another user; stop it");
  }

  private static Map<Integer, String> portsOf(Inventory inventory, SupervisedNode node) {
    Map<Integer, String> ports = new TreeMap<>();
    for (EtcdMember member : inventory.etcd().members()) {
      if (member.address().equals(node.address())) {
        ports.put(member.clientPort(), "etcd");
        ports.put(member.peerPort(), "etcd's members");
      }
    }
    for (Cluster cluster : inventory.clusters()) {
      for (Instance instance : cluster.instances()) {
        if (instance.address().equals(node.address())) {
          Ports own = instance.ports();
          ports.put(own.postgres(), "PostgreSQL");
          ports.put(own.pooler(), "PgBouncer");
          ports.put(own.agent(), "the agent");
          ports.put(own.haproxyAdmin(), "HAProxy's page");
          for (Service service : cluster.services()) {
            ports.put(service.port(), "service " + service.name());
          }
        }
      }
    }
    return ports;
  }
}
