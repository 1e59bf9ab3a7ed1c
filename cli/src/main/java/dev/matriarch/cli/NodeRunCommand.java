package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everything the inventory puts on a node, in the foreground (design, section 4). */
@Command(
    name = "run",
    description = "Run everything the inventory puts on a node, in the foreground.")
final class NodeRunCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private InventoryOption inventory;

  @Option(names = "--node", paramLabel = "IP", required = true, description = "the node's address")
  private String node;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "where all its files go (default: /var/lib/matriarch/IP)")
  private String root;

  NodeRunCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    throw new Refused(
        "%s: %s: this build renders no node below %s"
            .formatted(inventory.path(surroundings), node, root));
  }
}
