package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Service;
import java.util.stream.Collectors;

/**
 * What to try on a running demo.
 *
 * @param folder of the demo
 * @param inventory of the demo
 * @param launcher as the operator would type it
 * @param root the option that names the folder, with a space before it; empty where it is the usual
 */
record DemoGuide(DemoFolder folder, Inventory inventory, String launcher, String root) {
  DemoGuide {
    requireNonNull(folder, "folder");
    requireNonNull(inventory, "inventory");
    requireNonNull(launcher, "launcher");
    requireNonNull(root, "root");
  }

  /** The lines to show. */
  String text() {
    Cluster cluster = inventory.clusters().getFirst();
    String hosts =
        cluster.instances().stream().map(i -> i.address().text()).collect(Collectors.joining(","));
    Instance first = cluster.primary();
    int port = cluster.service("primary").map(Service::port).orElseThrow();
    String command = launcher + " %s --inventory " + folder.inventory();
    return """

    The cluster %s serves. Try:
      connect      PGPASSFILE=%s psql -h %s -p %d -U %s %s
      look         %s
      move         %s
      break it     kill -9 $(head -1 %s/pg/data/postmaster.pid)    # then look again
      its folder   %s
      stop         %s demo stop%s
    """
        .formatted(
            cluster.name(),
            folder.passwords(),
            hosts,
            port,
            cluster.users().getFirst().name(),
            cluster.databases().getFirst().name(),
            command.formatted("list"),
            command.formatted("switchover " + cluster.name()),
            folder.node(first.address()),
            folder.root(),
            launcher,
            root);
  }
}
