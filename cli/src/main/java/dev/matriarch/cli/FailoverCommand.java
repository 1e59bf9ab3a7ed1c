package dev.matriarch.cli;

import dev.matriarch.fleet.ClusterOverview;
import dev.matriarch.fleet.MoveWish;
import dev.matriarch.fleet.RunningCluster;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a member leader where there is none, or none that can hand over. */
@Command(
    name = "failover",
    description = "Make a member the leader, whether there is one that can hand over or not.")
final class FailoverCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Spec private CommandSpec spec;
  @Mixin private MoveVerb move;

  @Option(
      names = "--candidate",
      paramLabel = "MEMBER",
      required = true,
      description = "who leads next")
  private String candidate;

  @Option(
      names = "--lost",
      paramLabel = "MEMBER",
      defaultValue = "",
      description =
          "who led in a pause and surely runs no more; unless it is said here, nobody leads before"
              + " that member answers. If it does run, there are two primaries")
  private String lost;

  FailoverCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (candidate.isBlank()) {
      throw new ParameterException(spec.commandLine(), "--candidate: names no member");
    }
    return move.run(surroundings, new MoveWish.Failover(candidate, lost), new Careless());
  }

  /** Who fails over has lost clients already. */
  private record Careless() implements MoveVerb.Care {
    @Override
    public void tell(RunningCluster cluster, ClusterOverview before) {}

    @Override
    public void await(RunningCluster cluster, ClusterOverview before, Progress progress) {}
  }
}
