package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints the completion script of the shell. */
@Command(
    name = "completion",
    description = "Print a completion script for bash or zsh: source <(matriarch completion)")
final class CompletionCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  CompletionCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    surroundings
        .out()
        .print(
            AutoComplete.bash("matriarch", new CommandLineInterface(surroundings).commandLine()));
    return ExitCode.DONE.number();
  }
}
