package dev.matriarch.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Has members copy the leader's data anew. */
@Command(name = "reinit", description = "Throw a replica's data away and copy the leader's.")
final class ReinitCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Spec private CommandSpec spec;
  @Mixin private MemberVerb members;

  @Option(names = "--force", description = "whatever else its agent is doing gives way")
  private boolean force;

  ReinitCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (!members.namesMembers()) {
      throw new ParameterException(spec.commandLine(), "name the members, with --member MEMBER");
    }
    return members.run(
        surroundings,
        new MemberVerb.Asking(
            "POST",
            "/reinitialize",
            "{\"force\":" + force + "}",
            "The data of %s is deleted and copied anew from the leader.",
            Duration.ofSeconds(30)));
  }
}
