package dev.matriarch.cli;

import dev.matriarch.etcd.MonotonicSource;
import dev.matriarch.fleet.ClusterOverview;
import dev.matriarch.fleet.LeaderMove;
import dev.matriarch.fleet.MoveResult;
import dev.matriarch.fleet.MoveWish;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;

/** What switchover and failover share: show, ask, do, tell. */
final class MoveVerb {
  private static final Duration BUDGET = Duration.ofMinutes(2);

  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;
  @Mixin private Confirmation confirmation;

  /** What is to be told and waited for first. */
  interface Care {
    /** Before the operator is asked. */
    void tell(RunningCluster cluster, ClusterOverview before);

    /** After he has agreed. */
    void await(RunningCluster cluster, ClusterOverview before, Progress progress);
  }

  int run(Surroundings surroundings, MoveWish wish, Care care) {
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      RunningCluster cluster = arguments.one(fleet);
      Progress progress = new Progress(surroundings.err(), System::nanoTime);
      LeaderMove move = new LeaderMove(cluster, wish, new MonotonicSource(), progress::say);
      ClusterOverview before = ClusterArguments.ask(cluster::overview);
      List<String> objections = move.objections(before);
      if (!objections.isEmpty()) {
        throw new Refused(objections);
      }
      surroundings.err().print(ClusterTables.list(before, Palette.of(surroundings)));
      care.tell(cluster, before);
      confirmation.require(question(before, wish), before.name(), surroundings, System.in);
      care.await(cluster, before, progress);
      return tell(surroundings, before.name(), ClusterArguments.ask(() -> move.run(BUDGET)));
    }
  }

  private static String question(ClusterOverview before, MoveWish wish) {
    String to = wish.candidate().isEmpty() ? "the best standby" : wish.candidate();
    return switch (wish) {
      case MoveWish.Switchover _ ->
          "The leadership of %s moves from %s to %s.".formatted(before.name(), before.leader(), to);
      case MoveWish.Failover failover ->
          "%s becomes leader of %s%s. Writes that it has not received are lost.%s"
              .formatted(
                  to,
                  before.name(),
                  before.leader().isEmpty() ? "" : " in place of " + before.leader(),
                  failover.lost().isEmpty()
                      ? ""
                      : " Should %s still run, both take writes.".formatted(failover.lost()));
    };
  }

  private int tell(Surroundings surroundings, String cluster, MoveResult result) {
    return switch (result) {
      case MoveResult.Moved moved -> {
        output.print(new Answer(data(cluster, moved), text(cluster, moved)), surroundings.out());
        if (!moved.complete()) {
          surroundings
              .err()
              .println("note: not all members stream from " + moved.to() + " yet; see: list");
        }
        yield ExitCode.DONE.number();
      }
      case MoveResult.Refused refused -> throw new Refused(refused.reasons());
      case MoveResult.Unfinished unfinished ->
          throw new Refused(unfinished.what() + "; look with: list " + cluster);
    };
  }

  private static Map<String, Object> data(String cluster, MoveResult.Moved moved) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("cluster", cluster);
    data.put("from", moved.from());
    data.put("to", moved.to());
    data.put("timeline", moved.timeline());
    data.put("seconds", moved.took().toMillis() / 1000.0);
    data.put("complete", moved.complete());
    return data;
  }

  private static String text(String cluster, MoveResult.Moved moved) {
    return "%s: %s leads%s, on timeline %d, after %.2f s%n"
        .formatted(
            cluster,
            moved.to(),
            moved.from().isEmpty() ? "" : " (was " + moved.from() + ")",
            moved.timeline(),
            moved.took().toMillis() / 1000.0);
  }
}
