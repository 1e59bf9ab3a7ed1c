package dev.matriarch.testbed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What an answer looks like: its keys, and its values where they are words of the interface. */
final class Shape {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
  private static final Pattern SERIES = Pattern.compile("(?m)^(patroni_\\w+)");

  /** As PostgreSQL numbers its own. */
  private static final Pattern VERSION = Pattern.compile("\\b1\\d00\\d\\d\\b");

  /** Clients compare these. */
  private static final Set<String> WORDS =
      Set.of(
          "application_name",
          "replication_state",
          "role",
          "scope",
          "state",
          "sync_state",
          "usename",
          "version");

  /** What is ours alone has tests of its own. */
  private static final String OURS = "matriarch";

  private Shape() {}

  /** With a blank before it; nothing for no body. */
  static String of(String type, String body) {
    if (body.isEmpty()) {
      return "";
    }
    if (type.equals("application/json")) {
      try {
        return " " + of(MAPPER.readTree(body), "");
      } catch (JsonProcessingException e) {
        return " no JSON: " + body;
      }
    }
    String series =
        SERIES
            .matcher(body)
            .results()
            .map(it -> it.group(1))
            .distinct()
            .collect(Collectors.joining(" "));
    String text = VERSION.matcher(body.replace("\n", "\\n")).replaceAll("{version}");
    return " " + (series.isEmpty() ? text : series);
  }

  static String value(String text) {
    return NUMBER.matcher(text).matches() ? "number" : text;
  }

  /** Null until something is replayed. */
  private static String orNull(String key) {
    return key.equals("replayed_timestamp") ? " or null" : "";
  }

  private static String of(JsonNode node, String key) {
    return switch (node.getNodeType()) {
      case OBJECT ->
          key.equals(OURS)
              ? "{..}"
              : node.properties().stream()
                  .map(
                      entry ->
                          entry.getKey().replace("\n", "\\n")
                              + ": "
                              + of(entry.getValue(), entry.getKey()))
                  .sorted()
                  .collect(Collectors.joining(", ", "{", "}"));
      case ARRAY -> {
        String items =
            StreamSupport.stream(node.spliterator(), false)
                .map(item -> of(item, key))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        yield "[" + items + "]";
      }
      case STRING -> WORDS.contains(key) ? node.asText() : "text" + orNull(key);
      case NUMBER -> node.isIntegralNumber() ? "whole" : "fraction";
      case BOOLEAN -> node.asText();
      case NULL -> orNull(key).isEmpty() ? "null" : "text" + orNull(key);
      case BINARY, MISSING, POJO -> throw new TestbedException("no JSON: " + node);
    };
  }
}
