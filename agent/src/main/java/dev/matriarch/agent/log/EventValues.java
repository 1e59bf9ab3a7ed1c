package dev.matriarch.agent.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.matriarch.agent.config.LogAttribute;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.Marker;

/** What an event is, attribute by attribute, numbers as numbers. */
record EventValues(DateTimeFormatter time) {

  /** An event with a marker of this name is one from which the process does not recover. */
  private static final String CRITICAL = "CRITICAL";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  JsonNode of(LogAttribute attribute, ILoggingEvent event) {
    Instant instant = event.getInstant();
    return switch (attribute) {
      case ASCTIME -> NODES.textNode(time.format(instant));
      case CREATED -> NODES.numberNode(event.getTimeStamp() / 1000.0);
      case FILENAME -> NODES.textNode(String.valueOf(place(event).getFileName()));
      case FUNC_NAME -> NODES.textNode(place(event).getMethodName());
      case LEVELNAME -> NODES.textNode(level(event));
      case LEVELNO -> NODES.numberNode(number(level(event)));
      case LINENO -> NODES.numberNode(place(event).getLineNumber());
      case MESSAGE -> NODES.textNode(String.valueOf(event.getFormattedMessage()));
      case MODULE -> NODES.textNode(simple(place(event).getClassName()));
      case MSECS -> NODES.numberNode(event.getTimeStamp() % 1000);
      case NAME -> NODES.textNode(event.getLoggerName());
      case PATHNAME -> NODES.textNode(place(event).getClassName());
      case PROCESS -> NODES.numberNode(ProcessHandle.current().pid());
      case PROCESS_NAME -> NODES.textNode("matriarch");
      case RELATIVE_CREATED ->
          NODES.numberNode(
              event.getTimeStamp() - ManagementFactory.getRuntimeMXBean().getStartTime());
      case THREAD -> NODES.textNode(event.getThreadName());
      case THREAD_NAME -> NODES.textNode(event.getThreadName());
    };
  }

  private static StackTraceElement place(ILoggingEvent event) {
    StackTraceElement[] callers = event.getCallerData();
    return callers.length == 0 ? new StackTraceElement("?", "?", "?", 0) : callers[0];
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  private static String level(ILoggingEvent event) {
    List<Marker> markers = event.getMarkerList();
    if (markers != null && markers.stream().anyMatch(marker -> marker.getName().equals(CRITICAL))) {
      return CRITICAL;
    }
    return event.getLevel().equals(Level.WARN) ? "WARNING" : event.getLevel().toString();
  }

  private static int number(String level) {
    return switch (level) {
      case "CRITICAL" -> 50;
      case "ERROR" -> 40;
      case "WARNING" -> 30;
      case "INFO" -> 20;
      default -> 10;
    };
  }
}
