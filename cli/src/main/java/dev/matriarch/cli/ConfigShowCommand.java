package dev.matriarch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import java.util.Map;
import java.util.concurrent.Callable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the dynamic configuration; for humans as YAML. */
@Command(name = "show", description = "Print the dynamic configuration of a running cluster.")
final class ConfigShowCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;

  ConfigShowCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      RunningCluster cluster = arguments.one(fleet);
      print(stored(cluster), output, surroundings);
    }
    return ExitCode.DONE.number();
  }

  /** What stands in etcd, as JSON. */
  static String stored(RunningCluster cluster) {
    return ClusterArguments.ask(cluster::config)
        .orElseThrow(
            () ->
                new Refused(
                    cluster.declared().name()
                        + " has no configuration in etcd: it was never started"));
  }

  /** A configuration as all verbs show it. */
  static void print(String json, OutputOption output, Surroundings surroundings) {
    output.print(new Answer(data(json), yaml(json)), surroundings.out());
  }

  static String yaml(String json) {
    Dump yaml = new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build());
    return yaml.dumpToString(data(json));
  }

  private static Map<String, Object> data(String json) {
    try {
      return new ObjectMapper().readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the store hands out JSON objects only", e);
    }
  }
}
