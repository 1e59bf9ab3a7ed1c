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
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

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

  private String links() throws IOException, InterruptedException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode all = json.putArray("links");
    for (Link link : ownLinks().orElseThrow(() -> new IOException("the pooler does not answer"))) {
      all.addObject()
          .put("user", link.user())
          .put("database", link.database())
          .put("session", link.session())
          .put("taken", link.taken())
          .put("pid", link.serverPid());
    }
    return json.toString();
  }

  /** Empty when the pooler does not tell. */
  private Optional<List<Link>> ownLinks() throws InterruptedException {
    return pooler.isEmpty() ? Optional.of(List.of()) : pooler.get().links();
  }

  private String forecast() throws IOException, InterruptedException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode breaking = json.putArray("breaking");
    ArrayNode transactions = json.putArray("transactions");
    ArrayNode silent = json.putArray("silent");
    List<List<String>> connected = connected();
    Map<String, Link> pooled = pooled(silent);
    Set<String> stillThere = pids(connected());
    for (List<String> row : connected) {
      Optional<Link> link = Optional.ofNullable(pooled.get(row.getFirst()));
      String past = row.get(8).equals("t") ? "decoding" : "direct";
      Optional<String> kind =
          link.isEmpty() ? Optional.of(past) : link.flatMap(Connections::breaks);
      // A pooler may have given one up before it was asked.
      if (kind.isPresent() && stillThere.contains(row.getFirst())) {
        describe(breaking.addObject(), row).put("kind", kind.get());
      }
      if (kind.isEmpty() && link.filter(Link::taken).isPresent() && row.get(7).equals("t")) {
        describe(transactions.addObject(), row);
      }
    }
    return json.toString();
  }

  private static Optional<String> breaks(Link link) {
    return link.session() && link.taken() ? Optional.of("session") : Optional.empty();
  }

  private static Set<String> pids(List<List<String>> rows) {
    return rows.stream().map(List::getFirst).collect(Collectors.toSet());
  }

  /** By the process of the server; whose pooler does not tell is put to the silent ones. */
  private Map<String, Link> pooled(ArrayNode silent) throws InterruptedException {
    Map<String, Optional<List<Link>>> told = new TreeMap<>();
    told.put(view.get().name(), ownLinks());
    for (Member member : view.get().state().members().values()) {
      if (member.pooledTo().equals(view.get().name())) {
        told.put(
            member.name(), elsewhere.links(member.apiUrl(), QUESTION).flatMap(Connections::parse));
      }
    }
    Map<String, Link> pooled = new HashMap<>();
    told.forEach(
        (member, links) -> {
          links.ifPresent(
              all -> all.forEach(link -> pooled.put(Long.toString(link.serverPid()), link)));
          if (links.isEmpty()) {
            silent.add(member);
          }
        });
    return pooled;
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
