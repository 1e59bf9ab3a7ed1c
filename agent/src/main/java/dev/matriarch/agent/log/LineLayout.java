package dev.matriarch.agent.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.Marker;

/**
 * One event as text. Tools take the level from the 25th character of a line on (drop-in contract,
 * section 5), so what follows the first line of a message is set in and cannot pass for an event.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {

  /** An event with a marker of this name is one from which the process does not recover. */
  static final String CRITICAL = "CRITICAL";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss,SSS");

  private final DateTimeFormatter time;

  LineLayout(ZoneId zone) {
    this.time = TIME.withZone(zone);
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    time.formatTo(event.getInstant(), line);
    line.append(' ')
        .append(level(event))
        .append(": ")
        .append(String.valueOf(event.getFormattedMessage()).replace("\n", "\n    "))
        .append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.toString();
  }

  private static String level(ILoggingEvent event) {
    List<Marker> markers = event.getMarkerList();
    if (markers != null && markers.stream().anyMatch(marker -> marker.getName().equals(CRITICAL))) {
      return CRITICAL;
    }
    return event.getLevel().equals(Level.WARN) ? "WARNING" : event.getLevel().toString();
  }
}
