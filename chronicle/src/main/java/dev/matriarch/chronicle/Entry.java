package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One recorded decision. What it was made of and what it ordered is kept as JSON, so that a
 * recording of another version can still be told; {@link #inputs} and {@link #orders} make the
 * engine's own values of it.
 *
 * @param at wall time
 * @param now the member's monotonic time
 * @param view what the member knew before the event
 * @param number the rule's number
 * @param rule the rule's name
 * @param until when the member meant to decide again at the latest
 * @param dropped decisions before this one that were not recorded, for want of a fast disk
 */
public record Entry(
    Source source,
    Shape shape,
    Instant at,
    Instant now,
    ObjectNode view,
    ObjectNode event,
    int number,
    String rule,
    String reason,
    List<JsonNode> ordered,
    Optional<Instant> until,
    int dropped) {
  public Entry {
    requireNonNull(source, "source is null");
    requireNonNull(shape, "shape is null");
    requireNonNull(at, "at is null");
    requireNonNull(now, "now is null");
    requireNonNull(view, "view is null");
    requireNonNull(event, "event is null");
    requireNonNull(rule, "rule is null");
    requireNonNull(reason, "reason is null");
    ordered = List.copyOf(ordered);
    requireNonNull(until, "until is null");
  }

  /** The same at another wall time. */
  Entry at(Instant other) {
    return new Entry(
        source, shape, other, now, view, event, number, rule, reason, ordered, until, dropped);
  }

  /** The kind of event that led to it, such as {@code StoreRead}. */
  public String eventKind() {
    return event.path(Codec.KIND).asText();
  }

  /** A part of what the member knew, by the names of its components; missing when blank. */
  public JsonNode known(String... path) {
    return at(view, path);
  }

  /** A part of the event; missing when blank. */
  public JsonNode happened(String... path) {
    return at(event, path);
  }

  private static JsonNode at(JsonNode from, String... path) {
    JsonNode node = from;
    for (String step : path) {
      node = node.path(step);
    }
    return node;
  }

  /** What the decision was made of. */
  public Inputs inputs() throws Unreadable {
    Decoder decoder = new Decoder(new Codec(), shape);
    return new Inputs(decoder.read(View.class, view), decoder.read(Event.class, event), now);
  }

  /** What was ordered. */
  public List<Order> orders() throws Unreadable {
    Decoder decoder = new Decoder(new Codec(), shape);
    List<Order> orders = new ArrayList<>();
    for (JsonNode order : ordered) {
      orders.add(decoder.read(Order.class, order));
    }
    return List.copyOf(orders);
  }
}
