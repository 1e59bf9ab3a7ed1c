package dev.matriarch.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lets agents read their files again. */
@Command(name = "reload", description = "Let the agents of members read their files again.")
final class ReloadCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private MemberVerb members;

  ReloadCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return members.run(
        surroundings, new MemberVerb.Asking("POST", "/reload", "", "", Duration.ofSeconds(10)));
  }
}
