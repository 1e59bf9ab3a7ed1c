package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * {@code POST /connections}: what a switchover would cost clients. It changes nothing; it is no GET
 * because it names users and where they are, which is told only to who may ask for a switchover.
 * With {@code {"leader": name}} another member's leader asks which connections to its server the
 * pooler on this host has. Server and poolers are asked, so one at a time is served.
 */
final class ConnectionsCall {
  private final AgentStatus.Source source;
  private final Semaphore turn = new Semaphore(1);

  ConnectionsCall(AgentStatus.Source source) {
    this.source = source;
  }

  Answer post(String text) throws InterruptedException {
    Optional<ObjectNode> body = Json.object(text);
    if (body.isEmpty()) {
      return Answer.text(400, "the body must be a JSON object, such as {}");
    }
    AgentStatus status = source.status();
    String self = status.view().name();
    String leader = body.get().path("leader").asText("");
    boolean own = leader.isEmpty() || leader.equals(self);
    if (own && !status.view().mayServeWrites(status.now())) {
      return Answer.text(503, self + " does not lead: ask the leader");
    }
    if (!turn.tryAcquire()) {
      return Answer.text(503, "another request looks at the connections; try again");
    }
    try {
      return Answer.json(200, source.connections(own ? self : leader));
    } catch (IOException e) {
      return Answer.text(503, e.getMessage());
    } finally {
      turn.release();
    }
  }
}
