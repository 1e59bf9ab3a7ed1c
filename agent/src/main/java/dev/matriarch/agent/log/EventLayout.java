package dev.matriarch.agent.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.agent.config.LogShape;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * One event as text, in a shape that may change while the log is written. Tools take the level from
 * the 25th character of a line on (drop-in contract, section 5), so what follows the first line of
 * a message is set in and cannot pass for an event.
 */
final class EventLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter STANDARD_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss,SSS");

  private final ZoneId zone;
  private volatile LogShape shape = LogShape.standard();
  private volatile EventValues values;

  EventLayout(ZoneId zone) {
    this.zone = zone;
    this.values = new EventValues(STANDARD_TIME.withZone(zone));
  }

  void shape(LogShape next, Optional<DateTimeFormatter> dates) {
    values = new EventValues(dates.orElse(STANDARD_TIME).withZone(zone));
    shape = next;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    return switch (shape) {
      case LogShape.Lines lines -> text(lines, event);
      case LogShape.Json json -> json(json, event);
    };
  }

  private String text(LogShape.Lines lines, ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    for (LogShape.Piece piece : lines.pieces()) {
      switch (piece) {
        case LogShape.Piece.Text text -> line.append(text.text());
        case LogShape.Piece.Value value -> {
          String plain = values.of(value.attribute(), event).toString().replace("\n", "\n    ");
          String filling = " ".repeat(Math.max(0, Math.abs(value.width()) - plain.length()));
          line.append(value.width() < 0 ? plain + filling : filling + plain);
        }
      }
    }
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.toString();
  }

  private String json(LogShape.Json json, ILoggingEvent event) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    json.fixed().forEach(line::put);
    json.keys().forEach((attribute, key) -> line.putPOJO(key, values.of(attribute, event)));
    if (event.getThrowableProxy() != null) {
      line.put("exc_info", ThrowableProxyUtil.asString(event.getThrowableProxy()).strip());
    }
    return line + "\n";
  }
}
