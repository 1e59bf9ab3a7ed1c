package dev.matriarch.cli;

import dev.matriarch.fleet.Check;
import dev.matriarch.fleet.Checklist;
import dev.matriarch.fleet.RoundTrips;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The checklist for production, checked. */
@Command(
    name = "audit",
    description =
        "Check what production needs: members, failure domains, latency as the agents measure it;"
            + " exit code 1 if something is missing.")
final class AuditCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;

  @Option(
      names = "--declared",
      description = "look at the inventory only; nobody is asked, nothing is measured")
  private boolean declared;

  AuditCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<Object> clusters = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    boolean passed = true;
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      for (RunningCluster cluster : arguments.all(fleet)) {
        List<Check> checks = checks(fleet, cluster);
        String name = cluster.declared().name();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", name);
        data.put("checks", checks.stream().map(AuditCommand::data).toList());
        clusters.add(data);
        text.append(table(name, checks));
        passed &= checks.stream().noneMatch(check -> check.verdict().isBad());
      }
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("passed", passed);
    data.put("clusters", clusters);
    output.print(new Answer(data, text.toString()), surroundings.out());
    return (passed ? ExitCode.DONE : ExitCode.REFUSED).number();
  }

  private List<Check> checks(RunningFleet fleet, RunningCluster cluster) {
    if (declared) {
      return Checklist.declared(fleet.inventory(), cluster.declared());
    }
    RoundTrips measured = ClusterArguments.ask(() -> RoundTrips.of(cluster));
    return Checklist.whole(fleet.inventory(), cluster.declared(), measured);
  }

  private String table(String name, List<Check> checks) {
    TextTable table = new TextTable(Palette.of(surroundings), "Check", "Verdict", "Found");
    StringBuilder ways = new StringBuilder();
    for (Check check : checks) {
      table.row(check.name(), word(check), check.found());
      if (!check.wayOut().isEmpty()) {
        ways.append(" %s: %s%n".formatted(check.name(), check.wayOut()));
      }
    }
    return table.render("Cluster: " + name) + ways;
  }

  private static Map<String, Object> data(Check check) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("check", check.name());
    data.put("verdict", word(check));
    data.put("found", check.found());
    data.put("way_out", check.wayOut());
    return data;
  }

  private static String word(Check check) {
    return check.verdict().name().toLowerCase(Locale.ROOT);
  }
}
