package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Leaves a cluster alone. */
@Command(
    name = "pause",
    description = "Leave the servers of a cluster alone: no automatic action until resume.")
final class PauseCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private PauseVerb verb;

  PauseCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return verb.run(surroundings, true, "paused");
  }
}
