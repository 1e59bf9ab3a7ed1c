package dev.matriarch.agent.rest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.View;
import java.time.Duration;

/** Asks another agent, ours or the field's controller, to wait for a leader without etcd. */
public final class FailsafePoll {
  private final PeerProbe probe;

  /** With what peers are shown. */
  public FailsafePoll(PeerProbe probe) {
    this.probe = requireNonNull(probe, "probe is null");
  }

  /** What came of it. */
  public sealed interface Heard {
    /** It waits. */
    record Accepted() implements Heard {}

    /** It does not, or nobody is there who could. */
    record Refused(String why) implements Heard {
      public Refused {
        requireNonNull(why, "why is null");
      }
    }

    /** No answer came: that is not an answer. */
    record Nothing() implements Heard {}
  }

  /** The question, as the field's controllers ask it; ours also says for how long. */
  public static String body(View view, Duration lease) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("name", view.name());
    body.put("conn_url", view.self().connUrl());
    body.put("api_url", view.self().apiUrl());
    ObjectNode slots = body.putObject("slots");
    view.state().status().slots().forEach((slot, at) -> slots.put(slot, at.value()));
    slots.put(view.name(), view.server().written().value());
    body.putObject("matriarch").put("lease_ms", lease.toMillis());
    return body.toString();
  }

  /** Asks one member at the address in the failsafe key. */
  public Heard ask(String apiUrl, String body, Duration budget) throws InterruptedException {
    return switch (probe.post(apiUrl, "/failsafe", body, budget)) {
      case PeerProbe.Posted.Answered answer ->
          answer.status() == 200 && answer.body().equals("Accepted")
              ? new Heard.Accepted()
              : new Heard.Refused(answer.status() + " " + answer.body());
      case PeerProbe.Posted.NobodyThere nobody -> new Heard.Refused("no agent listens there");
      case PeerProbe.Posted.NoAnswer silence -> new Heard.Nothing();
    };
  }
}
