package dev.matriarch.agent.rest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Decision;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Order;
import java.util.Optional;

/**
 * A wish to move the leadership that this member took out of etcd. Only the one that leads does
 * that, or while nobody leads the candidate, so whoever else was asked for the move learns the
 * reason from it.
 *
 * @param revision the wish's
 * @param reason what became of it
 */
public record ClosedMove(long revision, String reason) {
  /** In the answer to a health check, below what is ours in it. */
  static final String KEY = "closed_move";

  public ClosedMove {
    requireNonNull(reason, "reason is null");
  }

  /** The one that is being closed by this decision. */
  public static Optional<ClosedMove> by(Decision made) {
    return made.orders().stream()
        .map(Order::effect)
        .filter(Effect.ClearRequest.class::isInstance)
        .map(Effect.ClearRequest.class::cast)
        .map(clear -> new ClosedMove(clear.revision(), clear.reason()))
        .findFirst();
  }

  ObjectNode json() {
    return JsonNodeFactory.instance.objectNode().put("revision", revision).put("reason", reason);
  }

  /** From a whole answer to a health check; empty when it tells of none. */
  static Optional<ClosedMove> read(JsonNode answer) {
    JsonNode own = answer.path("matriarch").path(KEY);
    return own.path("revision").isIntegralNumber() && own.path("reason").isTextual()
        ? Optional.of(new ClosedMove(own.path("revision").asLong(), own.path("reason").asText()))
        : Optional.empty();
  }
}
