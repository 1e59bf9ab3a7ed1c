package dev.matriarch.cli;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes back what {@code node run} put on a node, except what a safeguard keeps. */
@Command(
    name = "remove",
    description =
        "Delete what node run left on a node that is stopped; etcd_safeguard and pg_safeguard"
            + " forbid it, etcd_rm_data and pg_rm_data say whether data goes too.")
final class NodeRemoveCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private NodeArguments arguments;
  @Mixin private Confirmation confirmation;

  NodeRemoveCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Inventory inventory = arguments.inventory(surroundings);
    Address address = arguments.address();
    Path folder = arguments.folder(surroundings);
    Node node =
        inventory
            .node(address)
            .orElseThrow(
                () ->
                    new Refused(
                        "%s: %s is none of its nodes; they are %s"
                            .formatted(inventory.file(), address, inventory.nodes().keySet())));
    NodeRemoval removal =
        new NodeRemoval(
            node,
            inventory.etcd(),
            new NodeSetup(inventory, address, new Installation(surroundings.home()), folder)
                .layout());
    List<String> objections = removal.objections();
    if (!objections.isEmpty()) {
      throw new Refused(objections);
    }
    confirmation.require(removal.question(), node.name(), surroundings, System.in);
    removal.run().forEach(surroundings.out()::println);
    return ExitCode.DONE.number();
  }
}
