package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What {@code node run} starts beside a DNS server. */
@Command(
    name = "names",
    hidden = true,
    description = "Keep the names of clusters leading to their primaries, beside a DNS server.")
final class NamesCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(paramLabel = "FILE", description = "the node's names.yml")
  private String file;

  NamesCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    return dev.matriarch.agent.NamesCommand.run(surroundings.resolve(file));
  }
}
