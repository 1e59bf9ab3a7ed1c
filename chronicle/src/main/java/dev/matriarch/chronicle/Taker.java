package dev.matriarch.chronicle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.matriarch.engine.Decision;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.View;
import java.time.Instant;
import java.util.List;

/** Makes entries of what the engine was asked and answered. For one thread. */
final class Taker {
  private final Source source;
  private final Codec codec = new Codec();
  private final Shape shape = Shape.current();
  private final Codec.Memory views = new Codec.Memory();

  Taker(Source source) {
    this.source = source;
  }

  Shape shape() {
    return shape;
  }

  Entry entry(Instant at, View before, Event event, Instant now, Decision made, int dropped) {
    List<JsonNode> orders =
        made.orders().stream().<JsonNode>map(it -> codec.write(Order.class, it)).toList();
    return new Entry(
        source,
        shape,
        at,
        now,
        codec.write(View.class, before, views),
        codec.write(Event.class, event),
        made.rule().number(),
        made.rule().name(),
        made.reason(),
        orders,
        made.until(),
        dropped);
  }
}
