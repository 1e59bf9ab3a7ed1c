package dev.matriarch.cli;

import dev.matriarch.fleet.AgentAnswer;
import dev.matriarch.fleet.ClusterOverview;
import dev.matriarch.fleet.MemberOverview;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What verbs share that ask the agents of single members: choose, confirm, ask each, tell. */
final class MemberVerb {
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;
  @Mixin private Confirmation confirmation;

  @Option(
      names = {"-m", "--member"},
      paramLabel = "MEMBER",
      description = "only this one; may be given several times (default: all)")
  private List<String> members = List.of();

  /**
   * What each is asked.
   *
   * @param path the agent's, with its slash
   * @param json the body
   * @param question what is about to be interrupted; empty where nothing is
   * @param budget for each answer
   */
  record Asking(String method, String path, String json, String question, Duration budget) {}

  boolean namesMembers() {
    return !members.isEmpty();
  }

  int run(Surroundings surroundings, Asking asking) {
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      RunningCluster cluster = arguments.one(fleet);
      ClusterOverview overview = ClusterArguments.ask(cluster::overview);
      List<MemberOverview> chosen = chosen(overview);
      if (!asking.question().isEmpty()) {
        surroundings.err().print(ClusterTables.list(overview, Palette.of(surroundings)));
        String names = String.join(", ", chosen.stream().map(MemberOverview::name).toList());
        confirmation.require(
            asking.question().formatted(names), overview.name(), surroundings, System.in);
      }
      Progress progress = new Progress(surroundings.err(), System::nanoTime);
      List<Map<String, Object>> data = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      List<String> refused = new ArrayList<>();
      for (MemberOverview member : chosen) {
        progress.say("asking the agent of " + member.name());
        AgentAnswer answer =
            ClusterArguments.ask(
                () ->
                    cluster
                        .agents()
                        .change(
                            asking.method(),
                            member.apiUrl(),
                            asking.path(),
                            asking.json(),
                            asking.budget()));
        String said = said(answer);
        boolean done = answer instanceof AgentAnswer.Answered it && it.status() < 300;
        if (!done) {
          refused.add(member.name() + ": " + said);
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("member", member.name());
        row.put("done", done);
        row.put("answer", said);
        data.add(row);
        text.append(done ? member.name() + ": " + said + System.lineSeparator() : "");
      }
      output.print(new Answer(data, text.toString()), surroundings.out());
      if (!refused.isEmpty()) {
        throw new Refused(refused);
      }
    }
    return ExitCode.DONE.number();
  }

  private List<MemberOverview> chosen(ClusterOverview overview) {
    List<String> unknown =
        members.stream().filter(name -> overview.member(name).isEmpty()).toList();
    if (!unknown.isEmpty() || overview.members().isEmpty()) {
      String there =
          String.join(", ", overview.members().stream().map(MemberOverview::name).toList());
      throw new Refused(
          "%s has no running member %s; there is %s"
              .formatted(
                  overview.name(), String.join(", ", unknown), there.isEmpty() ? "none" : there));
    }
    return overview.members().stream()
        .filter(member -> members.isEmpty() || members.contains(member.name()))
        .toList();
  }

  static String said(AgentAnswer answer) {
    return switch (answer) {
      case AgentAnswer.Answered it ->
          it.body().isEmpty() ? "HTTP status " + it.status() : it.body();
      case AgentAnswer.NotThere absent -> absent.why();
      case AgentAnswer.NoAnswer lost -> lost.why();
    };
  }
}
