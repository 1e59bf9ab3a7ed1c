package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.agent.config.Words;
import dev.matriarch.agent.rest.MemberRequests.Reply;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.RestartPlan;
import dev.matriarch.engine.View;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code /restart} and {@code /reinitialize}: what operators ask of one member. */
final class ActionCalls {
  /** How long a stop may take on top of the start, before the answer is given without either. */
  private static final Duration STOPPING = Duration.ofSeconds(90);

  private final AgentStatus.Source source;
  private final MemberRequests member;

  ActionCalls(AgentStatus.Source source, MemberRequests member) {
    this.source = source;
    this.member = member;
  }

  Answer restart(String text) throws InterruptedException {
    Optional<ObjectNode> body = text.isBlank() ? Optional.of(nothing()) : Json.object(text);
    if (body.isEmpty()) {
      return Answer.text(400, "the body must be a JSON object, or empty");
    }
    AgentStatus status = source.status();
    RestartBody wish = RestartBody.read(body.get(), status.wallNow());
    if (wish.refusal().isPresent()) {
      return wish.refusal().get();
    }
    RestartPlan plan = wish.plan();
    return plan.at().isPresent() ? schedule(plan, status.view()) : restart(plan, status.view());
  }

  private Answer schedule(RestartPlan plan, View view) {
    if (view.settings().paused()) {
      return Answer.text(400, "a restart cannot be scheduled while the cluster is paused");
    }
    if (view.wishes().scheduled().isPresent()) {
      return Answer.text(409, "Another restart is already scheduled");
    }
    member.schedule(plan);
    return Answer.text(202, "Restart scheduled");
  }

  private Answer restart(RestartPlan plan, View view) throws InterruptedException {
    if (view.wishes().restart().isPresent()) {
      return Answer.text(503, "a restart is going on already");
    }
    Duration patience = plan.timeout().orElse(view.settings().primaryStartTimeout()).plus(STOPPING);
    Future<Reply> reply = member.restart(plan);
    try {
      Reply said = reply.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return Answer.text(said.done() ? 200 : 503, said.sentence());
    } catch (TimeoutException e) {
      return Answer.text(503, "postgres is still starting");
    } catch (ExecutionException e) {
      return Answer.text(503, "the agent is ending");
    }
  }

  Answer withdrawRestart() {
    if (source.status().view().wishes().scheduled().isEmpty()) {
      return Answer.text(404, "no restarts are scheduled");
    }
    member.withdrawRestart();
    return Answer.text(200, "scheduled restart deleted");
  }

  Answer reinitialize(String text) {
    Optional<ObjectNode> body = text.isBlank() ? Optional.of(nothing()) : Json.object(text);
    if (body.isEmpty()) {
      return Answer.text(400, "the body must be a JSON object, or empty");
    }
    Optional<Boolean> force = flag(body.get(), "force");
    Optional<Boolean> fromLeader = flag(body.get(), "from-leader", "from_leader");
    if (force.isEmpty() || fromLeader.isEmpty()) {
      return Answer.text(400, "force and from-leader must be true or false");
    }
    View view = source.status().view();
    if (view.state().leadership() instanceof Leadership.Vacant) {
      return Answer.text(503, "Cluster has no leader, can not reinitialize");
    }
    if (view.state().leadership().isHeldBy(view.name())) {
      return Answer.text(503, "I am the leader, can not reinitialize");
    }
    if (!force.get() && view.wishes().reinitialize().isPresent()) {
      return Answer.text(503, "reinitialize is going on already");
    }
    member.reinitialize(force.get(), fromLeader.get());
    return Answer.text(200, "reinitialize started");
  }

  /** The first of these that is there, false without any; empty when it is neither yes nor no. */
  private static Optional<Boolean> flag(ObjectNode body, String... names) {
    for (String name : names) {
      JsonNode value = body.path(name);
      if (!value.isMissingNode() && !value.isNull()) {
        return value.isValueNode() ? Words.truth(value.asText()) : Optional.empty();
      }
    }
    return Optional.of(false);
  }

  private static ObjectNode nothing() {
    return JsonNodeFactory.instance.objectNode();
  }
}
