package dev.matriarch.cli;

import dev.matriarch.engine.TimelineSwitch;
import dev.matriarch.fleet.ClusterOverview;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Where the timelines of a cluster ended, who began the next, and what was thrown away then. */
@Command(name = "history", description = "Tell when the leadership of a cluster moved.")
final class HistoryCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;

  HistoryCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      RunningCluster cluster = arguments.one(fleet);
      List<Map<String, Object>> data = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      ClusterOverview overview = ClusterArguments.ask(cluster::overview);
      List<LostLists.Lost> lost =
          LostLists.of(cluster, overview.members()).ofSystem(overview.systemIdentifier()).all();
      for (TimelineSwitch line : ClusterArguments.ask(cluster::history)) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("timeline", line.timeline());
        row.put("lsn", line.end().toString());
        row.put("at", line.at().toString());
        row.put("new_leader", line.newLeader());
        row.put("reason", line.reason());
        data.add(row);
        text.append(
            "%s  timeline %d ended at %s; %s led next (%s)%n"
                .formatted(
                    line.at(),
                    line.timeline(),
                    line.end(),
                    line.newLeader().isEmpty() ? "nobody known" : line.newLeader(),
                    line.reason()));
        List<LostLists.Lost> then =
            lost.stream().filter(it -> it.timeline() == line.timeline()).toList();
        if (!then.isEmpty()) {
          row.put("lost", then.stream().map(LostLists.Lost::data).toList());
          then.forEach(it -> text.append("  ").append(it.line()).append('\n'));
        }
      }
      output.print(new Answer(data, text.toString()), surroundings.out());
    }
    return ExitCode.DONE.number();
  }
}
