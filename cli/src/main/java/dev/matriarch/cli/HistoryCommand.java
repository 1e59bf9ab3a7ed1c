package dev.matriarch.cli;

import dev.matriarch.engine.TimelineSwitch;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Where the timelines of a cluster ended, and who began the next. */
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
      }
      output.print(new Answer(data, text.toString()), surroundings.out());
    }
    return ExitCode.DONE.number();
  }
}
