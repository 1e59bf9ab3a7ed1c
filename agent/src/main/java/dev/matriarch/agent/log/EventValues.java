package dev.matriarch.agent.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.matriarch.agent.config.LogAttribute;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.Marker;

/** What an event is, attribute by attribute, numbers as numbers. */
record EventValues(DateTimeFormatter time) {

  /** An event with a marker of this name is one from which the process does not recover. */
  private static final String CRITICAL = "CRITICAL";

  /** A text or a number. */
  Object of(LogAttribute attribute, ILoggingEvent event) {
    Instant instant = event.getInstant();
    return switch (attribute) {
      case ASCTIME -> time.format(instant);
      case CREATED -> BigDecimal.valueOf(event.getTimeStamp(), 3);
      case FILENAME -> String.valueOf(place(event).getFileName());
      case FUNC_NAME -> place(event).getMethodName();
      case LEVELNAME -> level(event);
      case LEVELNO -> number(level(event));
      case LINENO -> place(event).getLineNumber();
      case MESSAGE -> String.valueOf(event.getFormattedMessage());
      case MODULE -> simple(place(event).getClassName());
      case MSECS -> event.getTimeStamp() % 1000;
      case NAME -> event.getLoggerName();
      case PATHNAME -> place(event).getClassName();
      case PROCESS -> ProcessHandle.current().pid();
      case PROCESS_NAME -> "matriarch";
      case RELATIVE_CREATED ->
          event.getTimeStamp() - ManagementFactory.getRuntimeMXBean().getStartTime();
      case THREAD, THREAD_NAME -> event.getThreadName();
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
