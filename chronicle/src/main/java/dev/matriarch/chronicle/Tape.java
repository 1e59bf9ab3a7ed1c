package dev.matriarch.chronicle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The form of a recording: lines of JSON. The first says whose it is and how its types look; each
 * other is a decision, of whose inputs only the change since the line before is written. A tape can
 * be read alone, from its beginning.
 */
final class Tape {
  /** The form itself; a reader refuses one that it does not know. */
  static final int FORMAT = 1;

  /** What only the last line of an answer has that did not hold all: where to go on. */
  static final String MORE = "more";

  /** What only a first line has. */
  static final String HEAD = "recording";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Source source;
  private final Shape shape;
  private ObjectNode last = JSON.objectNode();

  /** A tape to be written, or read on behind its first line. */
  Tape(Source source, Shape shape) {
    this.source = source;
    this.shape = shape;
  }

  // ---- writing

  ObjectNode head() {
    ObjectNode head = JSON.objectNode();
    head.put(HEAD, FORMAT);
    head.put("cluster", source.cluster());
    head.put("member", source.member());
    head.put("version", source.version());
    head.set("types", shape.json());
    return head;
  }

  ObjectNode line(Entry entry) {
    ObjectNode line = JSON.objectNode();
    line.put("at", entry.at().toString());
    line.put("now", entry.now().toString());
    line.set("view", Delta.between(last, entry.view()));
    line.set("event", Delta.between(knownOf(entry.view(), entry.eventKind()), entry.event()));
    line.put("rule", entry.number());
    line.put("name", entry.rule());
    line.put("reason", entry.reason());
    if (!entry.ordered().isEmpty()) {
      line.putArray("orders").addAll(entry.ordered());
    }
    entry.until().ifPresent(until -> line.put("until", until.toString()));
    if (entry.dropped() > 0) {
      line.put("dropped", entry.dropped());
    }
    last = entry.view();
    return line;
  }

  /** An event mostly repeats what is known: it is written as what is new in it. */
  private static ObjectNode knownOf(ObjectNode view, String event) {
    ObjectNode known = JSON.objectNode();
    switch (event) {
      case "StoreRead" -> known.set("state", view.path("store").path("state"));
      case "ServerSeen" -> known.set("server", view.path("server"));
      case "SettingsChanged" -> known.set("settings", view.path("settings"));
      default -> {}
    }
    return known;
  }

  // ---- reading

  static Tape begin(JsonNode head) throws Unreadable {
    int format = head.path(HEAD).asInt();
    if (format == 0) {
      throw new Unreadable("it is no recording of an agent");
    }
    if (format != FORMAT) {
      throw new Unreadable(
          "it is a recording of form %d, written by version %s; this version reads form %d"
              .formatted(format, head.path("version").asText("?"), FORMAT));
    }
    return new Tape(
        new Source(
            head.path("cluster").asText(),
            head.path("member").asText(),
            head.path("version").asText()),
        Shape.read(head.path("types")));
  }

  Source source() {
    return source;
  }

  Shape shape() {
    return shape;
  }

  Entry entry(JsonNode line) throws Unreadable {
    if (!(line.path("view") instanceof ObjectNode change)
        || !(line.path("event") instanceof ObjectNode news)) {
      throw new Unreadable("a line is no decision");
    }
    last = Delta.apply(last, change);
    String kind = news.path(Codec.KIND).asText();
    List<JsonNode> orders = new ArrayList<>();
    line.path("orders").forEach(orders::add);
    return new Entry(
        source,
        shape,
        time(line, "at"),
        time(line, "now"),
        last,
        Delta.apply(knownOf(last, kind), news),
        line.path("rule").asInt(),
        line.path("name").asText(),
        line.path("reason").asText(),
        orders,
        line.has("until") ? Optional.of(time(line, "until")) : Optional.empty(),
        line.path("dropped").asInt());
  }

  static Instant time(JsonNode line, String field) throws Unreadable {
    try {
      return Instant.parse(line.path(field).asText());
    } catch (DateTimeException e) {
      throw new Unreadable(
          "the time '%s' of a line is none: %s".formatted(field, line.path(field)));
    }
  }
}
