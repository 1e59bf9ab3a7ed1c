package dev.matriarch.cli;

import dev.matriarch.inventory.Address;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lets a node that runs go by the inventory as it is now. */
@Command(
    name = "reload",
    description =
        "Let a node that runs go by the inventory as it is now: members and services that came or"
            + " went, users, pools; no session ends for it.")
final class NodeReloadCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private NodeArguments node;

  NodeReloadCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Address address = node.address();
    Path folder = node.folder(surroundings);
    SupervisedNode running = new SupervisedNode(address, folder);
    if (!running.isRunning()) {
      throw new Refused("%s: does not run; start it: matriarch node run".formatted(folder));
    }
    Installation used =
        new Installation(surroundings.home()).readableByAll(folder.resolveSibling("lib"));
    NodeSetup setup = new NodeSetup(node.inventory(surroundings), address, used, folder);
    setup.check();
    List<String> done = new NodeReload(setup, running).run();
    (done.isEmpty() ? List.of("nothing has changed") : done).forEach(surroundings.out()::println);
    return ExitCode.DONE.number();
  }
}
