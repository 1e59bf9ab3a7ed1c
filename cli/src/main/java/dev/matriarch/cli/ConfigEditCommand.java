package dev.matriarch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.etcd.ConfigPatch;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Changes the dynamic configuration in an editor, or by what is given; shows it and asks. */
@Command(
    name = "edit",
    description =
        "Edit the dynamic configuration of a running cluster: in $EDITOR, or by --set and -p."
            + " The agents have PostgreSQL judge it before it is stored.")
final class ConfigEditCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Spec private CommandSpec spec;
  @Mixin private ClusterArguments arguments;
  @Mixin private Confirmation confirmation;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "KEY=VALUE",
      description = "such as ttl=20; the value null takes the key away")
  private List<String> changes = List.of();

  @Option(
      names = {"-p", "--pg"},
      paramLabel = "PARAMETER=VALUE",
      description = "of PostgreSQL, such as work_mem=8MB; the value null takes it away")
  private List<String> parameters = List.of();

  ConfigEditCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<String> given = new ArrayList<>(changes);
    parameters.forEach(pair -> given.add("postgresql.parameters." + pair));
    ObjectNode asked = patch(given);
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      RunningCluster cluster = arguments.one(fleet);
      String before = ConfigShowCommand.stored(cluster);
      ObjectNode patch =
          given.isEmpty()
              ? edited(before)
              : ConfigChange.between(tree(before), merged(before, asked));
      if (patch.isEmpty()) {
        surroundings.err().println("nothing was changed");
        return ExitCode.DONE.number();
      }
      String after = ConfigPatch.merge(before, patch.toString());
      LineDiff.of(lines(before), lines(after)).forEach(surroundings.err()::println);
      confirmation.require(
          "The configuration of all members changes so",
          cluster.declared().name(),
          surroundings,
          System.in);
      ConfigChange.send(cluster, patch);
      surroundings.out().println("changed; pending restarts: matriarch list");
    }
    return ExitCode.DONE.number();
  }

  private ObjectNode patch(List<String> given) {
    try {
      return ConfigChange.of(given);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private ObjectNode edited(String before) {
    String text = Editor.edit(String.join("\n", lines(before)) + "\n", surroundings.environment());
    Object loaded;
    try {
      loaded =
          new Load(LoadSettings.builder().setLabel("the configuration").build())
              .loadFromString(text);
    } catch (YamlEngineException e) {
      throw new Refused("nothing was changed: it is no YAML: " + e.getMessage().strip());
    }
    if (!(new ObjectMapper().valueToTree(loaded) instanceof ObjectNode after)) {
      throw new Refused("nothing was changed: a configuration is a map of keys and values");
    }
    return ConfigChange.between(tree(before), after);
  }

  private static ObjectNode merged(String before, ObjectNode patch) {
    return tree(ConfigPatch.merge(before, patch.toString()));
  }

  private static ObjectNode tree(String json) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the store hands out JSON objects only", e);
    }
  }

  private static List<String> lines(String json) {
    return ConfigShowCommand.yaml(json).lines().toList();
  }
}
