package dev.matriarch.agent.rest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.Optional;

/** Asks other agents about the pooled clients on their hosts. */
public final class HoldPoll {
  private final PeerProbe probe;
  private final String self;

  /** With what peers are shown; {@code self} is who asks. */
  public HoldPoll(PeerProbe probe, String self) {
    this.probe = requireNonNull(probe, "probe is null");
    this.self = requireNonNull(self, "self is null");
  }

  /** Takes that back. */
  public void release(String apiUrl, Duration budget) throws InterruptedException {
    var _ = probe.post(apiUrl, "/hold", body(Duration.ZERO), budget);
  }

  private String body(Duration longest) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("leader", self)
        .put("longest_ms", longest.toMillis())
        .toString();
  }

  /**
   * Which connections to the server of who asks the pooler there has, as JSON; empty when that
   * agent does not tell.
   */
  public Optional<String> links(String apiUrl, Duration budget) throws InterruptedException {
    String body = JsonNodeFactory.instance.objectNode().put("leader", self).toString();
    return probe.post(apiUrl, "/connections", body, budget)
                instanceof PeerProbe.Posted.Answered answer
            && answer.status() == 200
        ? Optional.of(answer.body())
        : Optional.empty();
  }

  /** Why they do not wait; empty when they do. A host where nobody answers has no clients. */
  public Optional<String> refusal(String apiUrl, Duration longest) {
    try {
      return switch (probe.post(apiUrl, "/hold", body(longest), longest)) {
        case PeerProbe.Posted.Answered answer ->
            answer.status() == 200 ? Optional.empty() : Optional.of(answer.body());
        case PeerProbe.Posted.NobodyThere nobody -> Optional.empty();
        case PeerProbe.Posted.NoAnswer silence ->
            Optional.of("no answer within " + longest.toMillis() + " ms");
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }
}
