package dev.matriarch.cli;

import dev.matriarch.fleet.ClusterOverview;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Who streams from whom. */
@Command(name = "topology", description = "Show who streams from whom.")
final class TopologyCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;

  TopologyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<Map<String, Object>> data = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      for (RunningCluster cluster : arguments.all(fleet)) {
        ClusterOverview overview = ClusterArguments.ask(cluster::overview);
        data.addAll(ClusterTables.treeData(overview));
        text.append(ClusterTables.tree(overview, Palette.of(surroundings)));
      }
    }
    output.print(new Answer(data, text.toString()), surroundings.out());
    return ExitCode.DONE.number();
  }
}
