package dev.matriarch.agent.rest;

import dev.matriarch.engine.FailsafeCall;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.RestartPlan;
import dev.matriarch.etcd.WriteResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Requests that are noted, and answered as told. */
final class FakeRequests implements Requests, MemberRequests {
  Reply reply = new Reply(true, "restarted successfully");
  Optional<ClosedMove> closed = Optional.empty();
  Optional<String> objection = Optional.empty();

  final List<String> asked = new ArrayList<>();
  final List<WriteResult> answers = new ArrayList<>();
  final Queue<Promised> promised = new ArrayDeque<>();
  Consumer<MoveRequest> onMove = move -> {};

  private WriteResult next(String what) {
    asked.add(what);
    return answers.isEmpty() ? new WriteResult.Done(11) : answers.removeFirst();
  }

  @Override
  public WriteResult writeConfig(long revision, String json) {
    return next("config " + revision + " " + json);
  }

  @Override
  public WriteResult askMove(MoveRequest request) {
    onMove.accept(request);
    return next(
        "move "
            + request.leader()
            + "->"
            + request.candidate()
            + request.scheduledAt().map(at -> " at " + at).orElse(""));
  }

  @Override
  public WriteResult withdrawMove(long revision) {
    return next("withdraw " + revision);
  }

  @Override
  public Optional<ClosedMove> closedBy(String apiUrl) {
    asked.add("closed by " + apiUrl);
    return closed;
  }

  @Override
  public MemberRequests member() {
    return this;
  }

  @Override
  public CompletableFuture<Reply> restart(RestartPlan plan) {
    asked.add("restart " + plan.only() + " " + plan.timeout());
    return CompletableFuture.completedFuture(reply);
  }

  @Override
  public void schedule(RestartPlan plan) {
    asked.add("restart at " + plan.at().orElseThrow());
  }

  @Override
  public void withdrawRestart() {
    asked.add("no restart");
  }

  @Override
  public void reinitialize(boolean force, boolean fromLeader) {
    asked.add("reinitialize " + force + " " + fromLeader);
  }

  @Override
  public Optional<String> objection(String config) {
    asked.add("judge " + config);
    return objection;
  }

  @Override
  public Optional<Promised> promise(FailsafeCall call) {
    asked.add("wait for " + call.leader() + " " + call.lease() + " " + call.slots());
    return Optional.ofNullable(promised.poll());
  }

  @Override
  public void hold(String leader, Duration longest) {
    asked.add("hold " + leader + " " + longest);
  }

  @Override
  public void reload() {
    asked.add("reload");
  }
}
