package dev.matriarch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Node;
import dev.matriarch.inventory.Settings;
import dev.matriarch.render.Layout;
import dev.matriarch.render.NodeFile;
import dev.matriarch.render.NodeFiles;
import dev.matriarch.render.PgbouncerFiles;
import dev.matriarch.render.PoolerRelease;
import dev.matriarch.render.Programs;
import dev.matriarch.render.RenderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * From an inventory to the folder of one node, ready for its supervisor.
 *
 * @param inventory what is declared
 * @param address of the node
 * @param installation from which the agent runs
 * @param root the node's folder
 */
record NodeSetup(Inventory inventory, Address address, Installation installation, Path root) {
  NodeSetup {
    requireNonNull(inventory, "inventory");
    requireNonNull(address, "address");
    requireNonNull(installation, "installation");
    requireNonNull(root, "root");
  }

  /** Refuses what could not run, with every reason; nothing is written. */
  void check() {
    Layout layout = layout();
    files(layout);
    List<String> problems = new ArrayList<>(missing(layout));
    if (!layout.sharedHost()) {
      for (Instance instance : inventory.node(address).orElseThrow().instances()) {
        problems.addAll(ForeignAddresses.objections(instance, Path.of("/proc/sys/net")));
      }
    }
    String user = settings().text("pg_dbsu");
    if (!user().equals(user)) {
      problems.add(
          "pg_dbsu is %s and this user is %s; run it as root or as %s, or set pg_dbsu: %s"
              .formatted(user, user(), user, user()));
    }
    if (OperatingSystem.isRoot() && !OperatingSystem.isOpenToAll(root)) {
      problems.add(
          "%s: user %s cannot enter the folders above it; choose another with --root"
              .formatted(root, user()));
    }
    if (!problems.isEmpty()) {
      throw new Refused(problems);
    }
  }

  /** Renders and writes everything. */
  Layout write() {
    Layout layout = layout();
    new NodeFolder(layout).write(files(layout));
    return layout;
  }

  Layout layout() {
    try {
      return new Layout(root, programs(), user(), address.text().startsWith("127."));
    } catch (RenderException e) {
      throw new Refused(e.problems());
    }
  }

  /** What would be written there. */
  List<NodeFile> files(Layout layout) {
    try {
      return NodeFiles.of(inventory, address, layout);
    } catch (RenderException e) {
      throw new Refused(e.problems());
    }
  }

  private Settings settings() {
    return inventory
        .node(address)
        .flatMap(node -> node.instances().stream().findFirst())
        .map(instance -> instance.settings())
        .orElse(inventory.globals());
  }

  private String user() {
    return OperatingSystem.isRoot() ? settings().text("pg_dbsu") : OperatingSystem.user();
  }

  private Programs programs() {
    Programs programs =
        Programs.debian(
            InstalledPostgres.DEBIAN.major(settings()),
            List.of(installation.launcher().toString()));
    return programs.with(release(programs.pgbouncer()));
  }

  /** Which settings it may have depends on its release, so it is asked. */
  private static PoolerRelease release(Path pgbouncer) {
    try {
      Process version =
          new ProcessBuilder(pgbouncer.toString(), "--version").redirectErrorStream(true).start();
      return PoolerRelease.of(new String(version.getInputStream().readAllBytes(), UTF_8));
    } catch (IOException _) {
      // Whether it is missed is said elsewhere.
      return PoolerRelease.OLDEST;
    }
  }

  private List<String> missing(Layout layout) {
    Programs programs = layout.programs();
    List<String> missing = new ArrayList<>();
    Node node = inventory.node(address).orElseThrow();
    if (node.etcd().isPresent()) {
      need(missing, programs.etcd(), "etcd-server");
    }
    if (node.infra().filter(infra -> infra.settings().flag("dns_enabled")).isPresent()) {
      need(missing, programs.dnsmasq(), "dnsmasq-base, or set dns_enabled: false");
    }
    if (!node.instances().isEmpty()) {
      need(
          missing,
          programs.postgresBin().resolve("postgres"),
          "postgresql-" + InstalledPostgres.DEBIAN.major(settings()));
      if (settings().flag("pgbouncer_enabled")) {
        need(missing, programs.pgbouncer(), "pgbouncer");
        missing.addAll(certificates(layout));
      }
    }
    if (inventory.proxy(address).isPresent()) {
      need(missing, programs.haproxy(), "haproxy");
    }
    return missing;
  }

  /** What TLS of the pooler needs and its user cannot read. */
  private List<String> certificates(Layout layout) {
    List<String> problems = new ArrayList<>();
    for (Path file : PgbouncerFiles.certificates(settings(), layout)) {
      if (!OperatingSystem.mayRead(file, user())) {
        problems.add(
            "%s: pgbouncer_sslmode: %s needs it, readable for %s; put this host's there"
                .formatted(file, settings().text("pgbouncer_sslmode"), user()));
      }
    }
    return problems;
  }

  private static void need(List<String> missing, Path program, String debianPackage) {
    if (!Files.isExecutable(program)) {
      missing.add(
          "%s is missing; install it: apt-get install %s".formatted(program, debianPackage));
    }
  }
}
