package dev.matriarch.cli;

import dev.matriarch.etcd.Health;
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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Whether everything is as declared: etcd's members, the cluster's, their agents. The exit code is
 * 1 when something is not.
 */
@Command(
    name = "status",
    description = "Say whether etcd, members and agents are as declared; exit code 1 if not.")
final class StatusCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Surroundings surroundings;
  private final List<String> problems = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;

  StatusCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Map<String, Object> data = new LinkedHashMap<>();
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      data.put("etcd", etcd(fleet));
      List<Object> clusters = new ArrayList<>();
      for (RunningCluster cluster : arguments.all(fleet)) {
        clusters.add(look(cluster));
      }
      data.put("clusters", clusters);
    }
    data.put("problems", problems);
    text.append(problems.isEmpty() ? "All is well.\n" : "");
    output.print(new Answer(data, text.toString()), surroundings.out());
    problems.forEach(it -> surroundings.err().println("problem: " + it));
    return (problems.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED).number();
  }

  private List<Object> etcd(RunningFleet fleet) {
    TextTable table =
        new TextTable(Palette.of(surroundings), "Endpoint", "State", "Version", "Size in MB");
    List<Object> data = new ArrayList<>();
    for (Health health : ClusterArguments.ask(fleet::etcdHealth)) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("endpoint", health.endpoint().toString());
      switch (health) {
        case Health.Answers it -> {
          String state = it.leads() ? "leader" : it.leader() ? "follower" : "no leader";
          row.put("state", state);
          row.put("version", it.version());
          row.put("bytes", it.databaseBytes());
          table.row(
              it.endpoint().toString(),
              state,
              it.version(),
              Long.toString(it.databaseBytes() >> 20));
          it.errors().forEach(e -> problems.add("etcd " + it.endpoint() + ": " + e));
        }
        case Health.Silent it -> {
          row.put("state", "silent");
          row.put("error", it.failure().message());
          table.row(it.endpoint().toString(), "silent", "", "");
          problems.add(it.failure().message());
        }
      }
      data.add(row);
    }
    text.append(table.render("etcd"));
    return data;
  }

  private Map<String, Object> look(RunningCluster cluster) {
    ClusterOverview overview;
    try {
      overview = ClusterArguments.ask(cluster::overview);
    } catch (Refused e) {
      String name = cluster.declared().name();
      problems.add(name + ": nothing is known while etcd does not answer");
      e.reasons().stream().filter(it -> !problems.contains(it)).forEach(problems::add);
      Map<String, Object> data = new LinkedHashMap<>();
      text.append("Cluster: ").append(name).append('\n');
      data.put("failover", failover(FailoverVerdict.withoutStore(cluster)));
      data.put("name", name);
      return data;
    }
    return cluster(cluster, overview);
  }

  private Map<String, Object> cluster(RunningCluster cluster, ClusterOverview overview) {
    TextTable table = new TextTable(Palette.of(surroundings), "Member", "Role", "State", "Agent");
    List<Object> members = new ArrayList<>();
    for (MemberOverview member : overview.members()) {
      String agent = agent(cluster, member);
      Map<String, Object> row = ClusterTables.data(overview.name(), member);
      row.put("Agent", agent);
      members.add(row);
      table.row(member.name(), member.label().toString(), member.state(), agent);
    }
    problems.addAll(overview.problems());
    text.append(table.render("Cluster: " + overview.name()));
    if (overview.paused()) {
      text.append(" Maintenance mode: on\n");
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("failover", failover(FailoverVerdict.of(cluster, overview)));
    data.put("name", overview.name());
    data.put("system_identifier", overview.systemIdentifier());
    data.put("leader", overview.leader());
    data.put("paused", overview.paused());
    data.put("members", members);
    data.put("lost", lost(cluster, overview));
    return data;
  }

  private Map<String, Object> failover(FailoverVerdict verdict) {
    verdict.lines().forEach(line -> text.append(' ').append(line).append('\n'));
    return verdict.data();
  }

  /** What members threw away when they came back; it stays told for as long as the list is kept. */
  private List<Map<String, Object>> lost(RunningCluster cluster, ClusterOverview overview) {
    List<LostLists.Lost> lists =
        LostLists.of(cluster, overview.members()).ofSystem(overview.systemIdentifier()).all();
    lists.forEach(lost -> text.append(" Lost: ").append(lost.line()).append('\n'));
    return lists.stream().map(LostLists.Lost::data).toList();
  }

  private String agent(RunningCluster cluster, MemberOverview member) {
    AgentAnswer answer =
        ClusterArguments.ask(() -> cluster.agents().get(member.apiUrl(), "/liveness", PATIENCE));
    String said =
        switch (answer) {
          case AgentAnswer.Answered it -> it.isOk() ? "answers" : "answers " + it.status();
          case AgentAnswer.NotThere it -> it.why();
          case AgentAnswer.NoAnswer it -> it.why();
        };
    if (!said.equals("answers")) {
      problems.add("agent of " + member.name() + ": " + said);
    }
    return said;
  }
}
