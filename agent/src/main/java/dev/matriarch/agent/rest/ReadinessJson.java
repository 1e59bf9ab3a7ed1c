package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.FailoverReadiness;
import java.util.Locale;

/** What {@code /failover-readiness} tells. */
final class ReadinessJson {
  private ReadinessJson() {}

  static ObjectNode of(FailoverReadiness found) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("ready", found.ready());
    body.put("verdict", verdict(found));
    found.candidate().ifPresent(name -> body.put("candidate", name));
    ArrayNode missing = body.putArray("missing");
    for (FailoverReadiness.Missing one : found.missing()) {
      ObjectNode row = missing.addObject();
      row.put("condition", one.condition().name().toLowerCase(Locale.ROOT));
      if (!one.member().isEmpty()) {
        row.put("member", one.member());
      }
      row.put("reason", one.sentence());
    }
    // Absent means unknown, never none.
    ObjectNode loss = body.putObject("rpo");
    found.lostBytes().ifPresent(bytes -> loss.put("bytes", bytes));
    found.lostTransactions().ifPresent(count -> loss.put("transactions", count));
    body.put("expected_outage_ms", found.outage().toMillis());
    return body;
  }

  private static String verdict(FailoverReadiness found) {
    if (!found.ready()) {
      return "no failover is possible now";
    }
    String bytes = found.lostBytes().isPresent() ? "" + found.lostBytes().getAsLong() : "unknown";
    String transactions =
        found.lostTransactions().isPresent()
            ? "" + found.lostTransactions().getAsLong()
            : "an unknown number of";
    return "%s would lead within %d s; at most %s bytes of WAL and %s transactions would be lost"
        .formatted(
            found.candidate().orElseThrow(), found.outage().toSeconds(), bytes, transactions);
  }
}
