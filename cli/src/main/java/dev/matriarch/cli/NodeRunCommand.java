package dev.matriarch.cli;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Inventory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything the inventory puts on a node, in the foreground (design, section 4). */
@Command(
    name = "run",
    description = "Run everything the inventory puts on a node, in the foreground.")
final class NodeRunCommand implements Callable<Integer> {
  private static final Path BASE = Path.of("/var/lib/matriarch");

  private final Surroundings surroundings;
  @Spec private CommandSpec spec;
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
    Address address =
        Address.parse(node)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(), "--node " + node + ": no IPv4 or IPv6 address"));
    Inventory declared = InventoryFile.load(inventory.path(surroundings));
    Path folder = root == null ? BASE.resolve(address.text()) : surroundings.resolve(root);
    Installation here = new Installation(surroundings.home());
    Installation used = here.readableByAll(folder.resolveSibling("lib"));
    NodeSetup setup = new NodeSetup(declared, address, used, folder);
    setup.check();
    here.copyTo(used);
    Handover.toSupervisor(used.supervisor(), setup.write().root());
    return ExitCode.DONE.number();
  }
}
