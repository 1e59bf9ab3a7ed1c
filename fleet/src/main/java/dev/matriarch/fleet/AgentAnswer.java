package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

/** What came of asking an agent, or HAProxy. */
public sealed interface AgentAnswer {

  /** It answered. */
  record Answered(int status, String body) implements AgentAnswer {
    public Answered {
      requireNonNull(body, "body is null");
    }

    public boolean isOk() {
      return status == 200;
    }
  }

  /** Nobody listens there: it was surely not received. */
  record NotThere(String why) implements AgentAnswer {
    public NotThere {
      requireNonNull(why, "why is null");
    }
  }

  /** It may have been received. */
  record NoAnswer(String why) implements AgentAnswer {
    public NoAnswer {
      requireNonNull(why, "why is null");
    }
  }
}
