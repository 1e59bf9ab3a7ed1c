package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import dev.matriarch.fleet.ClusterOverview;
import dev.matriarch.fleet.HandoverCost;
import dev.matriarch.fleet.RunningCluster;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is told of a switchover's cost before it is asked for, and what stands in its way then.
 * Nothing was begun when it refuses.
 *
 * @param err where it is told
 * @param longestPause longer transactions would make it be given up
 * @param waitIdle how long such transactions are waited for; zero for not at all
 * @param zeroErrors nobody's connection may break
 */
record HandoverCare(PrintStream err, Duration longestPause, Duration waitIdle, boolean zeroErrors)
    implements MoveVerb.Care {
  private static final Duration QUESTION = Duration.ofSeconds(6);
  private static final Duration LOOK = Duration.ofMillis(200);

  /** So many are told of by name when nothing is refused. */
  private static final int NAMED = 5;

  HandoverCare {
    requireNonNull(err, "err is null");
    requireNonNull(longestPause, "longestPause is null");
    requireNonNull(waitIdle, "waitIdle is null");
  }

  /** Tells how many connections will break; refuses where none may. */
  @Override
  public void tell(RunningCluster cluster, ClusterOverview before) {
    HandoverCost cost = ask(cluster, before);
    if (zeroErrors) {
      refuseErrors(cost, before);
    }
    notes(cost, before).forEach(note -> err.println("note: " + note));
  }

  /** Waits until no transaction is open for longer than clients may wait. */
  @Override
  public void await(RunningCluster cluster, ClusterOverview before, Progress progress) {
    if (waitIdle.isZero()) {
      return;
    }
    long end = System.nanoTime() + waitIdle.toNanos();
    String told = "";
    HandoverCost cost = ask(cluster, before);
    List<HandoverCost.Client> busy = busy(cost, before);
    while (!busy.isEmpty()) {
      String who = "a transaction of " + busy.getFirst().who();
      if (System.nanoTime() - end > 0) {
        throw new Refused(
            "%s, %s, has been open for %.1f s; waited %d s for it, nothing was begun"
                .formatted(
                    who,
                    busy.getFirst().state(),
                    busy.getFirst().open().toMillis() / 1000.0,
                    waitIdle.toSeconds()));
      }
      if (!who.equals(told)) {
        progress.say("waiting for " + who);
        told = who;
      }
      sleep();
      cost = ask(cluster, before);
      busy = busy(cost, before);
    }
    if (zeroErrors) {
      refuseErrors(cost, before);
    }
  }

  private List<HandoverCost.Client> busy(HandoverCost cost, ClusterOverview before) {
    return switch (cost) {
      case HandoverCost.Known known -> known.longerThan(longestPause);
      case HandoverCost.Unknown(String why) ->
          throw new Refused(
              "which transactions are open on %s is not known: %s; without --wait-idle it is tried at once"
                  .formatted(before.leader(), why));
    };
  }

  private static HandoverCost ask(RunningCluster cluster, ClusterOverview before) {
    return ClusterArguments.ask(() -> cluster.handoverCost(before, QUESTION));
  }

  private static void sleep() {
    ClusterArguments.ask(
        () -> {
          Thread.sleep(LOOK);
          return "";
        });
  }

  private static void refuseErrors(HandoverCost cost, ClusterOverview before) {
    List<String> reasons = new ArrayList<>();
    switch (cost) {
      case HandoverCost.Known known -> {
        known.silent().forEach(name -> reasons.add(silence(name)));
        known
            .breaking()
            .forEach(one -> reasons.add("would break: " + one.who() + ", " + one.kind().words()));
      }
      case HandoverCost.Unknown(String why) ->
          reasons.add(
              "which connections to %s would break is not known: %s"
                  .formatted(before.leader(), why));
    }
    if (!reasons.isEmpty()) {
      throw new Refused(reasons);
    }
  }

  private static String silence(String member) {
    return "the agent of " + member + " does not tell who comes through the pooler beside it";
  }

  private static List<String> notes(HandoverCost cost, ClusterOverview before) {
    return switch (cost) {
      case HandoverCost.Known known -> {
        List<String> notes = new ArrayList<>();
        notes.add(
            known.breaking().isEmpty()
                ? "no connection will break; clients of the poolers wait"
                : count(known.breaking()));
        known.breaking().stream()
            .limit(NAMED)
            .forEach(one -> notes.add("  " + one.who() + ", " + one.kind().words()));
        if (known.breaking().size() > NAMED) {
          notes.add("  and more; --require-zero-errors names all, and refuses");
        }
        known.silent().forEach(name -> notes.add(silence(name)));
        yield notes;
      }
      case HandoverCost.Unknown(String why) ->
          List.of(
              "how many connections to %s will break is not known: %s"
                  .formatted(before.leader(), why));
    };
  }

  private static String count(List<HandoverCost.Client> breaking) {
    Map<HandoverCost.Kind, Long> kinds =
        breaking.stream()
            .collect(
                Collectors.groupingBy(
                    HandoverCost.Client::kind, TreeMap::new, Collectors.counting()));
    return "%d connection%s will break: %s"
        .formatted(
            breaking.size(),
            breaking.size() == 1 ? "" : "s",
            kinds.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().words())
                .collect(Collectors.joining(", ")));
  }
}
