package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a pause. */
@Command(name = "resume", description = "Let a paused cluster act by itself again.")
final class ResumeCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private PauseVerb verb;

  ResumeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return verb.run(surroundings, false, "resumed");
  }
}
