package dev.matriarch.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.agent.rest.HoldPoll;
import dev.matriarch.agent.routing.PoolerConsole;
import dev.matriarch.agent.routing.PoolerConsole.Link;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.View;
import dev.matriarch.postgres.PostgresException;
import dev.matriarch.postgres.PostgresServer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a switchover would cost those who are connected to this server: who comes through a pooler
 * that can let him wait loses nothing, everybody else his connection.
 */
record Connections(
    Optional<PoolerConsole> pooler,
    HoldPoll elsewhere,
    PostgresServer postgres,
    Supplier<View> view) {
  private static final Duration QUESTION = Duration.ofSeconds(2);
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Standbys of the cluster come back by themselves; who decodes WAL is a client. */
  private static final String CONNECTED =
      """
      SELECT a.pid, coalesce(a.usename, ''), coalesce(a.datname, ''), a.application_name,
        coalesce(host(a.client_addr), 'this host'), coalesce(a.state, ''),
        coalesce(round(extract(epoch FROM clock_timestamp() - a.xact_start), 1), 0),
        a.xact_start IS NOT NULL, a.backend_type = 'walsender'
      FROM pg_stat_activity a
      WHERE a.pid <> pg_backend_pid() AND a.application_name <> 'matriarch'
        AND (a.backend_type = 'client backend' OR EXISTS (SELECT FROM pg_replication_slots s
          WHERE s.active_pid = a.pid AND s.slot_type = 'logical'))
      ORDER BY a.xact_start NULLS LAST, a.pid""";

  /** As {@code POST /connections} answers, for this member or another leader. */
  String json(String leader) throws IOException, InterruptedException {
    return leader.equals(view.get().name()) ? forecast() : links();
  }

  private String links() throws InterruptedException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode all = json.putArray("links");
    for (Link link : ownLinks()) {
      all.addObject()
          .put("user", link.user())
          .put("database", link.database())
          .put("session", link.session())
          .put("taken", link.taken())
          .put("pid", link.serverPid());
    }
    return json.toString();
  }

  private List<Link> ownLinks() throws InterruptedException {
    return pooler.isEmpty() ? List.of() : pooler.get().links().orElse(List.of());
  }

  private String forecast() throws IOException, InterruptedException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode breaking = json.putArray("breaking");
    ArrayNode transactions = json.putArray("transactions");
    ArrayNode silent = json.putArray("silent");
    Map<Long, Link> pooled = new HashMap<>();
    ownLinks().forEach(link -> pooled.put(link.serverPid(), link));
    for (Member member : view.get().state().members().values()) {
      if (member.pooledTo().equals(view.get().name())) {
        Optional<List<Link>> theirs =
            elsewhere.links(member.apiUrl(), QUESTION).flatMap(Connections::parse);
        theirs.ifPresent(links -> links.forEach(link -> pooled.put(link.serverPid(), link)));
        if (theirs.isEmpty()) {
          silent.add(member.name());
        }
      }
    }
    for (List<String> row : connected()) {
      Link link = pooled.get(Long.parseLong(row.get(0)));
      if (link == null || link.session()) {
        if (link == null || link.taken()) {
          ObjectNode one = describe(breaking.addObject(), row);
          boolean decodes = row.get(8).equals("t");
          one.put("kind", link != null ? "session" : decodes ? "decoding" : "direct");
        }
      } else if (link.taken() && row.get(7).equals("t")) {
        describe(transactions.addObject(), row);
      }
    }
    return json.toString();
  }

  private static ObjectNode describe(ObjectNode json, List<String> row) {
    return json.put("pid", Long.parseLong(row.get(0)))
        .put("user", row.get(1))
        .put("database", row.get(2))
        .put("application", row.get(3))
        .put("address", row.get(4))
        .put("state", row.get(5))
        .put("seconds", Double.parseDouble(row.get(6)));
  }

  private List<List<String>> connected() throws IOException {
    try {
      return postgres.sql(CONNECTED, QUESTION);
    } catch (PostgresException e) {
      throw new IOException("the server does not tell who is connected: " + e.getMessage(), e);
    }
  }

  private static Optional<List<Link>> parse(String json) {
    try {
      JsonNode links = MAPPER.readTree(json).path("links");
      return links.isArray()
          ? Optional.of(links.valueStream().map(Connections::link).toList())
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static Link link(JsonNode json) {
    return new Link(
        json.path("user").asText(),
        json.path("database").asText(),
        json.path("session").asBoolean(),
        json.path("taken").asBoolean(),
        json.path("pid").asLong());
  }
}
