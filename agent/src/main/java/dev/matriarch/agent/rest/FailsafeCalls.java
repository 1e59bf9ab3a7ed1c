package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.FailsafeCall;
import dev.matriarch.engine.View;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code /failsafe}: whom a leader without etcd asks, and the answer to its question. */
final class FailsafeCalls {
  private static final Duration LONGEST = Duration.ofHours(1);

  private final AgentStatus.Source source;
  private final Requests requests;

  FailsafeCalls(AgentStatus.Source source, Requests requests) {
    this.source = source;
    this.requests = requests;
  }

  Answer get() {
    AgentStatus status = source.status();
    return status.view().state().failsafe().members().isEmpty()
        ? Answer.text(502, "failsafe_mode is not in use")
        : Answer.json(200, new ClusterJson(status).failsafe());
  }

  Answer post(String body) throws InterruptedException {
    View view = source.status().view();
    Optional<FailsafeCall> call = read(body, view.settings().ttl());
    if (call.isEmpty()) {
      return Answer.text(
          400, "the body must be {\"name\":text,\"api_url\":text,\"slots\":{name:number}}");
    }
    return requests
        .promise(call.get())
        .map(reply -> answer(reply, view))
        .orElseGet(() -> Answer.text(503, "no answer was found in time"));
  }

  private static Answer answer(Requests.Promised promised, View view) {
    return switch (promised.reply()) {
      case ACCEPTED ->
          Answer.text(200, "Accepted").with("lsn", Long.toString(view.server().written().value()));
      case REFUSED -> Answer.text(500, promised.reason());
      case OFF -> Answer.text(502, promised.reason());
    };
  }

  /** A controller of the field does not say for how long: it means its ttl. */
  private static Optional<FailsafeCall> read(String text, Duration ttl) {
    Optional<ObjectNode> body = Json.object(text);
    String leader = body.map(json -> json.path("name")).map(JsonNode::asText).orElse("");
    if (leader.isBlank() || leader.lines().count() > 1) {
      return Optional.empty();
    }
    JsonNode given = body.get().path("matriarch").path("lease_ms");
    Duration lease = given.isIntegralNumber() ? Duration.ofMillis(given.asLong()) : ttl;
    SortedMap<String, Long> slots = new TreeMap<>();
    for (Map.Entry<String, JsonNode> slot : body.get().path("slots").properties()) {
      if (!slot.getValue().isIntegralNumber()) {
        return Optional.empty();
      }
      slots.put(slot.getKey(), slot.getValue().asLong());
    }
    return lease.isPositive() && lease.compareTo(LONGEST) <= 0
        ? Optional.of(new FailsafeCall(0, leader, lease, slots))
        : Optional.empty();
  }
}
