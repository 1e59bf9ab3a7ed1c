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

/** The members of running clusters, as etcd tells of them. */
@Command(name = "list", description = "List the members of a running cluster, or of all.")
final class ListCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;

  ListCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<Map<String, Object>> data = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      for (RunningCluster cluster : arguments.all(fleet)) {
        ClusterOverview overview = ClusterArguments.ask(cluster::overview);
        data.addAll(ClusterTables.data(overview));
        text.append(ClusterTables.list(overview, Palette.of(surroundings)));
        overview.problems().forEach(it -> surroundings.err().println("note: " + it));
      }
    }
    output.print(new Answer(data, text.toString()), surroundings.out());
    return ExitCode.DONE.number();
  }
}
