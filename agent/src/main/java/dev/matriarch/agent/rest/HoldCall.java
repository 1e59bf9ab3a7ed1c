package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Pooler;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code POST /hold}: a leader that is about to hand over asks the pooler on this host, which sends
 * to it, to let its clients wait. Answered once they do. For no time: that they go on.
 */
final class HoldCall {
  private static final Duration LOOK = Duration.ofMillis(2);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final AgentStatus.Source source;
  private final MemberRequests member;

  HoldCall(AgentStatus.Source source, MemberRequests member) {
    this.source = source;
    this.member = member;
  }

  Answer post(String text) throws InterruptedException {
    Optional<ObjectNode> body = Json.object(text);
    String leader = body.map(json -> json.path("leader")).map(JsonNode::asText).orElse("");
    Duration longest =
        Duration.ofMillis(body.map(json -> json.path("longest_ms").asLong(0)).orElse(0L));
    if (leader.isBlank() || longest.isNegative() || longest.compareTo(LONGEST) > 0) {
      return Answer.text(400, "the body must be {\"leader\":text,\"longest_ms\":number}");
    }
    if (!sendsTo(leader, source.status().view().pooler())) {
      return none(leader);
    }
    member.hold(leader, longest);
    if (longest.isZero()) {
      return Answer.text(200, "clients go on");
    }
    long end = System.nanoTime() + longest.multipliedBy(9).dividedBy(10).toNanos();
    while (System.nanoTime() - end < 0) {
      Pooler pooler = source.status().view().pooler();
      if (pooler.held()) {
        return Answer.text(200, "clients wait");
      }
      // Its last client may have left just now: it sends to its own server again.
      if (!sendsTo(leader, pooler)) {
        return none(leader);
      }
      Thread.sleep(LOOK);
    }
    return Answer.text(503, "a transaction did not end within " + longest.toMillis() + " ms");
  }

  private static boolean sendsTo(String leader, Pooler pooler) {
    return pooler.present() && pooler.target().equals(leader);
  }

  private static Answer none(String leader) {
    return Answer.text(200, "no client of " + leader + " is here");
  }
}
