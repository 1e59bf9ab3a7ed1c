package dev.matriarch.cli;

import dev.matriarch.fleet.AddressSight;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import dev.matriarch.fleet.VipReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Where the addresses are that follow the primary. */
@Command(
    name = "vip",
    description = "Show where virtual addresses are; exit code 1 if one is not where it should be.")
final class VipCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;

  VipCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<Object> data = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    TextTable table =
        new TextTable(
            Palette.of(surroundings), "Cluster", "Address", "Member", "Interface", "State");
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      for (RunningCluster cluster : arguments.all(fleet)) {
        VipReport report = ClusterArguments.ask(() -> VipReport.of(cluster));
        problems.addAll(report.problems());
        for (AddressSight sight : report.sights()) {
          data.add(row(report.cluster(), sight));
          table.row(
              report.cluster(), sight.address(), sight.member(), sight.device(), sight.state());
        }
      }
    }
    String text = data.isEmpty() ? "No cluster has a virtual address.\n" : table.render("");
    output.print(new Answer(data, text), surroundings.out());
    problems.forEach(it -> surroundings.err().println("problem: " + it));
    return (problems.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED).number();
  }

  private static Map<String, Object> row(String cluster, AddressSight sight) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("cluster", cluster);
    row.put("address", sight.address());
    row.put("member", sight.member());
    row.put("interface", sight.device());
    row.put("bound", sight.bound());
    row.put("linked", sight.linked());
    row.put("trouble", sight.trouble());
    return row;
  }
}
