package dev.matriarch.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.matriarch.agent.config.LogAttribute;
import dev.matriarch.agent.config.LogShape;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.MarkerFactory;

/** What an event looks like in the shapes that a configuration may ask for. */
class EventLayoutTest {
  private final EventLayout layout = new EventLayout(ZoneOffset.UTC);

  private static LoggingEvent event(Level level, String message, Throwable failure) {
    LoggingEvent event =
        new LoggingEvent(
            "x", new LoggerContext().getLogger("dev.Speaker"), level, message, failure, null);
    event.setInstant(Instant.parse("2026-03-04T15:06:07.089Z"));
    event.setThreadName("loop");
    event.setCallerData(
        new StackTraceElement[] {
          new StackTraceElement("dev.matriarch.Speaker", "say", "Speaker.java", 42)
        });
    return event;
  }

  private void json(Map<String, String> fixed, LogAttribute... attributes) {
    Map<LogAttribute, String> keys = new LinkedHashMap<>();
    for (LogAttribute attribute : attributes) {
      keys.put(attribute, attribute.word());
    }
    layout.shape(new LogShape.Json(keys, fixed), Optional.empty());
  }

  @Test
  void isALineOfTheFieldsToolsAtFirst() {
    assertThat(layout.doLayout(event(Level.WARN, "two\nlines", null)))
        .isEqualTo("2026-03-04 15:06:07,089 WARNING: two\n    lines\n");
  }

  @Test
  void isAnObjectALine() {
    layout.shape(
        new LogShape.Json(
            Map.of(LogAttribute.MESSAGE, "the \"message\""), Map.of("app", "pg \"1\"")),
        Optional.empty());
    assertThat(layout.doLayout(event(Level.INFO, "two\nlines", null)))
        .isEqualTo("{\"app\":\"pg \\\"1\\\"\",\"the \\\"message\\\"\":\"two\\nlines\"}\n");
  }

  @Test
  void tellsAllThatTheFieldsFormatsName() {
    json(
        Map.of(),
        LogAttribute.ASCTIME,
        LogAttribute.CREATED,
        LogAttribute.FILENAME,
        LogAttribute.FUNC_NAME,
        LogAttribute.LEVELNAME,
        LogAttribute.LEVELNO,
        LogAttribute.LINENO,
        LogAttribute.MODULE,
        LogAttribute.MSECS,
        LogAttribute.NAME,
        LogAttribute.PATHNAME,
        LogAttribute.THREAD_NAME);
    LoggingEvent event = event(Level.ERROR, "m", null);
    event.addMarker(MarkerFactory.getMarker("CRITICAL"));
    assertThat(layout.doLayout(event))
        .isEqualTo(
            "{\"asctime\":\"2026-03-04 15:06:07,089\",\"created\":1772636767.089,"
                + "\"filename\":\"Speaker.java\",\"funcName\":\"say\",\"levelname\":\"CRITICAL\","
                + "\"levelno\":50,\"lineno\":42,\"module\":\"Speaker\",\"msecs\":89,"
                + "\"name\":\"dev.Speaker\",\"pathname\":\"dev.matriarch.Speaker\","
                + "\"threadName\":\"loop\"}\n");
    json(Map.of(), LogAttribute.PROCESS, LogAttribute.PROCESS_NAME);
    assertThat(layout.doLayout(event))
        .isEqualTo(
            "{\"process\":" + ProcessHandle.current().pid() + ",\"processName\":\"matriarch\"}\n");
  }

  @Test
  void tellsWhatFailed() {
    json(Map.of(), LogAttribute.MESSAGE);
    assertThat(layout.doLayout(event(Level.WARN, "it failed", new IllegalStateException("inner"))))
        .startsWith(
            "{\"message\":\"it failed\",\"exc_info\":\"java.lang.IllegalStateException: inner\\n")
        .endsWith("\"}\n")
        .satisfies(line -> assertThat(line.lines()).hasSize(1));
  }

  @Test
  void fillsUpToAWidthAndTellsTimeAsAsked() {
    layout.shape(
        new LogShape.Lines(
            List.of(
                new LogShape.Piece.Value(LogAttribute.LEVELNAME, -9),
                new LogShape.Piece.Text("["),
                new LogShape.Piece.Value(LogAttribute.LINENO, 4),
                new LogShape.Piece.Text("] "),
                new LogShape.Piece.Value(LogAttribute.ASCTIME))),
        Optional.of(DateTimeFormatter.ofPattern("HH:mm")));
    assertThat(layout.doLayout(event(Level.INFO, "m", null))).isEqualTo("INFO     [  42] 15:06\n");
  }
}
