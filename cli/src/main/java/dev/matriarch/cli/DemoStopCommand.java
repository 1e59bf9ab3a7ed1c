package dev.matriarch.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops a demo that runs; its data stays. */
@Command(name = "stop", description = "Stop the demo; its data stays.")
final class DemoStopCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private RootOption root;

  DemoStopCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DemoFolder folder = root.folder(surroundings);
    if (!folder.hasInventory()) {
      throw new Refused(folder.root() + ": there is no demo");
    }
    List<SupervisedNode> nodes = folder.nodes(InventoryFile.load(folder.inventory()));
    if (nodes.stream().noneMatch(SupervisedNode::isRunning)) {
      surroundings.out().println("the demo below " + folder.root() + " does not run");
      return ExitCode.DONE.number();
    }
    new DemoStop(nodes, new Progress(surroundings.err(), System::nanoTime)).run();
    return ExitCode.DONE.number();
  }
}
