package dev.matriarch.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Has members copy another's data anew. */
@Command(name = "reinit", description = "Throw a replica's data away and copy another's.")
final class ReinitCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Spec private CommandSpec spec;
  @Mixin private MemberVerb members;

  @Option(names = "--force", description = "whatever else its agent is doing gives way")
  private boolean force;

  @Option(
      names = "--from-leader",
      description = "copy from the leader itself, not from a replica that offers itself")
  private boolean fromLeader;

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
            "{\"force\":%s,\"from-leader\":%s}".formatted(force, fromLeader),
            "The data of %s is deleted and copied anew.",
            Duration.ofSeconds(30)));
  }
}
