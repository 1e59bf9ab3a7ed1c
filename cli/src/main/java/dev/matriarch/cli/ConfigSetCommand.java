package dev.matriarch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Changes single keys of the dynamic configuration. */
@Command(
    name = "set",
    description = "Change keys of the dynamic configuration of a running cluster.")
final class ConfigSetCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Spec private CommandSpec spec;
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;
  @Mixin private Confirmation confirmation;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "KEY=VALUE",
      required = true,
      description =
          "such as ttl=20 or postgresql.parameters.work_mem=8MB; the value null takes the key away")
  private List<String> changes = List.of();

  ConfigSetCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    ObjectNode patch = patch();
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      RunningCluster cluster = arguments.one(fleet);
      confirmation.require(
          "The configuration of all members changes by " + patch,
          cluster.declared().name(),
          surroundings,
          System.in);
      ConfigShowCommand.print(ConfigChange.send(cluster, patch), output, surroundings);
    }
    return ExitCode.DONE.number();
  }

  private ObjectNode patch() {
    try {
      return ConfigChange.of(changes);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--set " + e.getMessage(), e);
    }
  }
}
