package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Run once after a build, so that the archive of loaded classes holds what the verbs use. */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Load what the start-up archive should hold.")
final class RehearseCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  RehearseCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    new CommandLineInterface(surroundings).run("--help");
    return ExitCode.DONE.number();
  }
}
