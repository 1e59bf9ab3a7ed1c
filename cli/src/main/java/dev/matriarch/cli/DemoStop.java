package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Stops the nodes of a demo: first all agents, so that no member takes over from one that is
 * stopped a moment earlier and each can write to etcd what it has to, then the rest.
 */
final class DemoStop {
  private static final long LOOK_MS = 50;

  private final List<SupervisedNode> nodes;
  private final Progress progress;

  DemoStop(List<SupervisedNode> nodes, Progress progress) {
    this.nodes = List.copyOf(nodes);
    this.progress = requireNonNull(progress, "progress");
  }

  /** Stops all of them; returns when they are gone. Their own budgets bound how long it takes. */
  void run() {
    List<SupervisedNode> running = nodes.stream().filter(SupervisedNode::isRunning).toList();
    progress.say("stopping %d nodes ...".formatted(running.size()));
    running.forEach(SupervisedNode::stopAgent);
    awaitNone(running, node -> node.isRunning() && node.hasAgent());
    progress.say("PostgreSQL is stopped");
    running.forEach(SupervisedNode::stop);
    awaitNone(running, SupervisedNode::isRunning);
    progress.say("stopped; the data stays");
  }

  private static void awaitNone(List<SupervisedNode> nodes, Predicate<SupervisedNode> state) {
    while (nodes.stream().anyMatch(state)) {
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
