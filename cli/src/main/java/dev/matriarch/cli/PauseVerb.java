package dev.matriarch.cli;

import dev.matriarch.etcd.EtcdException;
import dev.matriarch.fleet.AgentAnswer;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What pause and resume share: write it, and wait until all members know. */
final class PauseVerb {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(100);

  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "how long to wait until all members know (default: 30)")
  private int patience;

  int run(Surroundings surroundings, boolean paused, String past) {
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      RunningCluster cluster = arguments.one(fleet);
      String name = cluster.declared().name();
      // Null takes the key away: absent means false.
      String json = paused ? "{\"pause\":true}" : "{\"pause\":null}";
      AgentAnswer answer = ClusterArguments.ask(() -> cluster.configure("PATCH", json, ANSWER));
      if (!(answer instanceof AgentAnswer.Answered said && said.isOk())) {
        throw new Refused(MemberVerb.said(answer));
      }
      List<String> missing = ClusterArguments.ask(() -> await(cluster, paused));
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("cluster", name);
      data.put("paused", paused);
      data.put("unaware", missing);
      output.print(new Answer(data, "%s is %s%n".formatted(name, past)), surroundings.out());
      if (!missing.isEmpty()) {
        throw new Refused(
            "these do not know of it after %d s: %s; see: list"
                .formatted(patience, String.join(", ", missing)));
      }
    }
    return ExitCode.DONE.number();
  }

  private List<String> await(RunningCluster cluster, boolean paused)
      throws EtcdException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(patience).toNanos();
    List<String> missing = cluster.notPaused(paused);
    while (!missing.isEmpty() && System.nanoTime() - end < 0) {
      Thread.sleep(LOOK);
      missing = cluster.notPaused(paused);
    }
    return missing;
  }
}
