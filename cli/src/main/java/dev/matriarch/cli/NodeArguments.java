package dev.matriarch.cli;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Inventory;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every verb takes that is about one node. */
final class NodeArguments {
  private static final Path BASE = Path.of("/var/lib/matriarch");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private InventoryOption inventory;

  @Option(names = "--node", paramLabel = "IP", required = true, description = "the node's address")
  private String node;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "where all its files are (default: /var/lib/matriarch/IP)")
  private String root;

  Inventory inventory(Surroundings surroundings) {
    return InventoryFile.load(inventory.path(surroundings));
  }

  Address address() {
    return Address.parse(node)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "--node " + node + ": no IPv4 or IPv6 address"));
  }

  Path folder(Surroundings surroundings) {
    return root == null ? BASE.resolve(address().text()) : surroundings.resolve(root);
  }
}
