package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A whole cluster on this machine, on loopback addresses. */
@Command(
    name = "demo",
    description = "Run a whole cluster on this machine, in the foreground, until Ctrl-C.")
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--nodes", paramLabel = "N", description = "how many nodes (default: 3)")
  private int nodes = 3;

  @Override
  public Integer call() {
    throw new Refused("this build has no nodes to run: " + nodes);
  }
}
