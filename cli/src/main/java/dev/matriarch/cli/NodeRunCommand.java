package dev.matriarch.cli;

import dev.matriarch.inventory.Address;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Everything the inventory puts on a node, in the foreground (design, section 4). */
@Command(
    name = "run",
    description = "Run everything the inventory puts on a node, in the foreground.")
final class NodeRunCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private NodeArguments node;

  NodeRunCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Address address = node.address();
    Path folder = node.folder(surroundings);
    if (new SupervisedNode(address, folder).isRunning()) {
      throw new Refused(
          "%s: already runs; after a change of the inventory use: matriarch node reload"
              .formatted(folder));
    }
    Installation here = new Installation(surroundings.home());
    Installation used = here.readableByAll(folder.resolveSibling("lib"));
    NodeSetup setup = new NodeSetup(node.inventory(surroundings), address, used, folder);
    setup.check();
    here.copyTo(used);
    Handover.toSupervisor(used.supervisor(), setup.write().root());
    return ExitCode.DONE.number();
  }
}
