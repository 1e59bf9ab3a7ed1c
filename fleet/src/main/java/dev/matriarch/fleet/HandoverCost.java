package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.List;

/** What a switchover would cost those who are connected to the leader's server. */
public sealed interface HandoverCost {

  /**
   * As the leader's agent sees it now.
   *
   * @param breaking whose connections would break
   * @param transactions those of pooled clients that are open, oldest first: they are waited for
   * @param silent members whose agents do not tell of their poolers: clients of those that come
   *     from there count as breaking
   */
  record Known(List<Client> breaking, List<Client> transactions, List<String> silent)
      implements HandoverCost {
    public Known {
      breaking = List.copyOf(breaking);
      transactions = List.copyOf(transactions);
      silent = List.copyOf(silent);
    }

    /** The oldest transaction that is open for longer than that already; none most of the time. */
    public List<Client> longerThan(Duration pause) {
      return transactions.stream().filter(it -> it.open().compareTo(pause) > 0).limit(1).toList();
    }
  }

  /** The agent does not tell. */
  record Unknown(String why) implements HandoverCost {
    public Unknown {
      requireNonNull(why, "why is null");
    }
  }

  /** Why a connection breaks. */
  enum Kind {
    /** It comes past every pooler. */
    DIRECT("connected straight to the server"),
    /** Its pool is in session mode, where nobody can be let wait. */
    SESSION("of a pool in session mode"),
    /** It decodes WAL for a subscriber. */
    DECODING("of logical replication"),
    /** It does not: it is let wait. */
    POOLED("of a pool");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** What follows "a connection". */
    public String words() {
      return words;
    }
  }

  /**
   * Somebody who is connected.
   *
   * @param application what he calls himself
   * @param pid of his server process
   * @param state of the process, as PostgreSQL tells it
   * @param open for how long his transaction has been open
   */
  record Client(
      Kind kind,
      String user,
      String database,
      String application,
      String address,
      long pid,
      String state,
      Duration open) {
    public Client {
      requireNonNull(kind, "kind is null");
      requireNonNull(user, "user is null");
      requireNonNull(database, "database is null");
      requireNonNull(application, "application is null");
      requireNonNull(address, "address is null");
      requireNonNull(state, "state is null");
      requireNonNull(open, "open is null");
    }

    /** Such as {@code app in app (process 4711, psql, from 10.10.10.250)}. */
    public String who() {
      return "%s%s (process %d%s, from %s)"
          .formatted(
              user,
              database.isEmpty() ? "" : " in " + database,
              pid,
              application.isEmpty() ? "" : ", " + application,
              address);
    }
  }

  /** What the agent's answer says. */
  static HandoverCost of(AgentAnswer answer) {
    return switch (answer) {
      case AgentAnswer.Answered said when said.isOk() -> read(said.body());
      case AgentAnswer.Answered said ->
          new Unknown(
              said.status() == 404 || said.status() == 405 || said.status() == 501
                  ? "its agent is one that cannot tell"
                  : said.body());
      case AgentAnswer.NotThere absent -> new Unknown(absent.why());
      case AgentAnswer.NoAnswer lost -> new Unknown(lost.why());
    };
  }

  private static HandoverCost read(String body) {
    try {
      JsonNode json = new JsonMapper().readTree(body);
      return new Known(
          json.path("breaking").valueStream().map(HandoverCost::client).toList(),
          json.path("transactions").valueStream().map(HandoverCost::client).toList(),
          json.path("silent").valueStream().map(JsonNode::asText).toList());
    } catch (JsonProcessingException e) {
      return new Unknown("its agent's answer is no JSON");
    }
  }

  private static Client client(JsonNode json) {
    Kind kind =
        switch (json.path("kind").asText()) {
          case "session" -> Kind.SESSION;
          case "decoding" -> Kind.DECODING;
          case "direct" -> Kind.DIRECT;
          default -> Kind.POOLED;
        };
    return new Client(
        kind,
        json.path("user").asText(),
        json.path("database").asText(),
        json.path("application").asText(),
        json.path("address").asText(),
        json.path("pid").asLong(),
        json.path("state").asText(),
        Duration.ofMillis(Math.round(json.path("seconds").asDouble() * 1000)));
  }
}
