package dev.matriarch.cli;

import dev.matriarch.fleet.Landing;
import dev.matriarch.fleet.MemberWord;
import dev.matriarch.fleet.ServiceProbe;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Inventory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Connects through every service at every host, and says where one lands. */
@Command(
    name = "check",
    description =
        "Connect through each service at each host and say where one lands; exit code 1 when a"
            + " service answers nobody or with a server of the wrong role.")
final class ServiceCheckCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private ServiceArguments arguments;
  @Mixin private OutputOption output;

  ServiceCheckCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<Object> data = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    Inventory inventory = arguments.inventory(surroundings);
    for (Cluster cluster : arguments.clusters(inventory)) {
      Map<String, MemberWord> members = ClusterArguments.ask(() -> MemberWord.of(cluster));
      List<Landing> landings =
          ClusterArguments.ask(
              () -> ServiceProbe.of(inventory, cluster, arguments.services(cluster), members));
      ServiceArguments.requireHosts(cluster, !landings.isEmpty());
      TextTable table =
          new TextTable(Palette.of(surroundings), "Service", "Address", "Lands on", "Verdict");
      for (Landing landing : landings) {
        data.add(data(cluster, landing));
        table.row(
            landing.service().name(),
            landing.host().endpoint(landing.service()),
            where(landing),
            word(landing));
        if (landing.verdict().isBad()) {
          problems.add(problem(landing));
        }
      }
      text.append(table.render("Services of " + cluster.name()));
    }
    output.print(new Answer(data, text.toString()), surroundings.out());
    problems.forEach(it -> surroundings.err().println("problem: " + it));
    return (problems.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED).number();
  }

  private static String where(Landing landing) {
    return switch (landing.verdict()) {
      case OK, WRONG_ROLE ->
          "%s, %s"
              .formatted(
                  landing.member().isEmpty() ? landing.found() : landing.member(), role(landing));
      case NOBODY, REFUSED, EMPTY -> "nobody";
    };
  }

  private static String role(Landing landing) {
    return landing.recovering() ? "a standby" : "a primary";
  }

  private static String problem(Landing landing) {
    String at = landing.host().endpoint(landing.service()) + " (" + landing.service().name() + ")";
    return switch (landing.verdict()) {
      case OK, EMPTY -> at;
      case WRONG_ROLE ->
          "%s leads to %s, but it is for members that answer %s"
              .formatted(at, where(landing), landing.service().check());
      case REFUSED -> at + " lets in no user whose password the inventory has: " + landing.found();
      case NOBODY -> at + " answers nobody: " + landing.found();
    };
  }

  private static String word(Landing landing) {
    return switch (landing.verdict()) {
      case OK -> "ok";
      case WRONG_ROLE -> "wrong role";
      case REFUSED -> "refused";
      case NOBODY -> "no answer";
      case EMPTY -> "no member declared";
    };
  }

  private static Map<String, Object> data(Cluster cluster, Landing landing) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("cluster", cluster.name());
    data.put("service", landing.service().name());
    data.put("host", landing.host().name());
    data.put("endpoint", landing.host().endpoint(landing.service()));
    data.put("verdict", landing.verdict().name().toLowerCase(Locale.ROOT));
    data.put("member", landing.member());
    if (landing.verdict() == Landing.Verdict.OK
        || landing.verdict() == Landing.Verdict.WRONG_ROLE) {
      data.put("standby", landing.recovering());
    }
    data.put("found", landing.found());
    return data;
  }
}
