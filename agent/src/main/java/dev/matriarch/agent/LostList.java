package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.postgres.LostWork;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;

/**
 * What is written down of lost work, and said of it in the log.
 *
 * @param member whose it was
 * @param system the identifier of the data
 * @param leader whose history it is not in
 * @param at wall time of the list
 */
record LostList(String member, String system, String leader, Instant at, LostWork work) {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int SAID = 5;

  LostList {
    requireNonNull(member, "member is null");
    requireNonNull(system, "system is null");
    requireNonNull(leader, "leader is null");
    requireNonNull(at, "at is null");
    requireNonNull(work, "work is null");
  }

  /**
   * @param walKept where its WAL is; empty when it is not kept
   * @param whyNot why not
   */
  String json(String walKept, String whyNot) {
    ObjectNode body =
        NODES
            .objectNode()
            .put("at", at.truncatedTo(ChronoUnit.MILLIS).toString())
            .put("member", member)
            .put("system_identifier", system)
            .put("leader", leader)
            .put("timeline", work.timeline())
            .put("from", work.from().toString())
            .put("to", work.to().toString())
            .put("bytes", work.bytes())
            .put("transactions", work.transactions())
            .put("complete", work.gaps().isEmpty());
    ArrayNode gaps = body.putArray("gaps");
    work.gaps().forEach(gaps::add);
    if (walKept.isEmpty()) {
      body.put("wal_not_kept", whyNot);
    } else {
      body.put("wal", walKept);
    }
    ArrayNode tables = body.putArray("tables");
    work.tables().forEach(table -> tables.add(table(table)));
    ArrayNode listed = body.putArray("listed");
    work.first().forEach(transaction -> listed.add(transaction(transaction)));
    return body.toString();
  }

  private static ObjectNode table(LostWork.Table table) {
    return NODES
        .objectNode()
        .put("label", table.label())
        .put("database", table.database())
        .put("table", table.name())
        .put("database_oid", table.databaseOid())
        .put("relfilenode", table.file())
        .put("transactions", table.transactions())
        .put("inserted", table.inserted())
        .put("updated", table.updated())
        .put("deleted", table.deleted())
        .put("replaced", table.replaced());
  }

  private static ObjectNode transaction(LostWork.Transaction transaction) {
    ObjectNode node =
        NODES
            .objectNode()
            .put("xid", transaction.xid())
            .put("committed_at", transaction.committed().toString())
            .put("lsn", transaction.at().toString());
    ArrayNode tables = node.putArray("tables");
    transaction.tables().forEach(tables::add);
    if (transaction.catalogs()) {
      node.put("catalogs", true);
    }
    return node;
  }

  /** Whether an earlier list tells of the same, and as much. */
  boolean isToldBy(String json) {
    try {
      JsonNode told = MAPPER.readTree(json);
      return told.path("system_identifier").asText().equals(system)
          && told.path("timeline").asInt() == work.timeline()
          && told.path("from").asText().equals(work.from().toString())
          && (told.path("complete").asBoolean() || told.path("bytes").asLong() >= work.bytes());
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  String sentence() {
    String tables =
        work.tables().stream()
            .limit(SAID)
            .map(
                table ->
                    "%s (%d rows)"
                        .formatted(
                            table.label(), table.inserted() + table.updated() + table.deleted()))
            .collect(Collectors.joining(", "));
    int more = work.tables().size() - SAID;
    return "lost: %d transactions that committed here are not in the history of %s and will be undone; timeline %d, %s to %s, %d bytes%s%s%s"
        .formatted(
            work.transactions(),
            leader,
            work.timeline(),
            work.from(),
            work.to(),
            work.bytes(),
            tables.isEmpty() ? "" : "; tables: " + tables,
            more > 0 ? " and " + more + " more" : "",
            work.gaps().isEmpty() ? "" : "; not complete: " + String.join("; ", work.gaps()));
  }
}
