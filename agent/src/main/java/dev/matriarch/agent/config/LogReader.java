package dev.matriarch.agent.config;

import dev.matriarch.agent.config.LogShape.Piece;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code log}. What it cannot make out is left aside with a warning: a log there must be. */
final class LogReader {
  /** An attribute as a format names it, or a per cent sign. */
  private static final Pattern PLACE =
      Pattern.compile("%(?:\\((\\w+)\\)([-0 #+]*)(\\d{0,3})(?:\\.\\d+)?[a-zA-Z]|(%))");

  private final Section log;

  private LogReader(Section log) {
    this.log = log;
  }

  static LogConfig read(Section log) {
    return new LogReader(log).read();
  }

  private LogConfig read() {
    String level = log.text("level", LogConfig.DEFAULT.level());
    Section loggers = log.section("loggers");
    int size = log.number("file_size", 1, Integer.MAX_VALUE, LogConfig.File.STANDARD_SIZE);
    int older = log.number("file_num", 0, 1000, LogConfig.File.STANDARD_NUMBER);
    Optional<LogConfig.File> file =
        log.file("dir").map(folder -> new LogConfig.File(folder, size, older));
    LogConfig config =
        new LogConfig(level, loggers.texts(), file, isJson() ? json() : lines(), dates());
    // Nothing is logged in each cycle here, so there are no heartbeats to leave out. The queue has
    // a bound of its own, and what failed is always told.
    log.tolerate("deduplicate_heartbeat_logs", "max_queue_size", "traceback_level");
    log.done();
    return config;
  }

  private boolean isJson() {
    String type = log.text("type", "plain");
    if (!type.equals("plain") && !type.equals("json")) {
      log.warn("type", "is neither plain nor json; plain is used");
    }
    return type.equals("json");
  }

  private LogShape lines() {
    if (log.has("static_fields")) {
      log.warn("static_fields", "needs log.type json; left aside");
    }
    if (log.entry("format").filter(Entry.Scalar.class::isInstance).isEmpty()) {
      if (log.has("format")) {
        log.warn("format", "is a list, which needs log.type json; left aside");
      }
      return LogShape.standard();
    }
    String format = log.text("format", "");
    List<Piece> pieces = new ArrayList<>();
    Matcher place = PLACE.matcher(format);
    int done = 0;
    while (place.find()) {
      pieces.add(new Piece.Text(format.substring(done, place.start())));
      done = place.end();
      if (place.group(4) != null) {
        pieces.add(new Piece.Text("%"));
      } else {
        int width = place.group(3).isEmpty() ? 0 : Integer.parseInt(place.group(3));
        int signed = place.group(2).contains("-") ? -width : width;
        attribute(place.group(1)).ifPresent(it -> pieces.add(new Piece.Value(it, signed)));
      }
    }
    pieces.add(new Piece.Text(format.substring(done)));
    if (pieces.stream().noneMatch(Piece.Value.class::isInstance)) {
      log.warn("format", "tells nothing of an event; left aside");
      return LogShape.standard();
    }
    return new LogShape.Lines(pieces);
  }

  private LogShape json() {
    Map<LogAttribute, String> keys = new LinkedHashMap<>();
    for (Entry item : log.items("format")) {
      switch (item) {
        case Entry.Scalar scalar -> named(scalar.text()).forEach((it, key) -> keys.put(it, key));
        case Entry.Mapping renamed ->
            renamed
                .entries()
                .forEach(
                    (word, key) -> {
                      if (key instanceof Entry.Scalar scalar) {
                        attribute(word).ifPresent(it -> keys.put(it, scalar.text()));
                      }
                    });
        case Entry.Sequence _ -> log.warn("format", "has a list within the list; left aside");
      }
    }
    if (keys.isEmpty()) {
      for (LogAttribute each :
          List.of(LogAttribute.ASCTIME, LogAttribute.LEVELNAME, LogAttribute.MESSAGE)) {
        keys.put(each, each.word());
      }
    }
    return new LogShape.Json(keys, log.section("static_fields").texts());
  }

  /** An item of a list is a bare name; a format as for lines names several. */
  private Map<LogAttribute, String> named(String text) {
    Map<LogAttribute, String> found = new LinkedHashMap<>();
    Matcher place = PLACE.matcher(text);
    boolean pattern = false;
    while (place.find()) {
      pattern = true;
      if (place.group(1) != null) {
        attribute(place.group(1)).ifPresent(it -> found.put(it, it.word()));
      }
    }
    if (!pattern) {
      attribute(text).ifPresent(it -> found.put(it, it.word()));
    }
    return found;
  }

  private Optional<LogAttribute> attribute(String word) {
    Optional<LogAttribute> attribute = LogAttribute.of(word);
    if (attribute.isEmpty()) {
      log.warn("format", "names " + word + ", which no event has; left aside");
    }
    return attribute;
  }

  private Optional<DateTimeFormatter> dates() {
    Optional<String> format = log.text("dateformat");
    Optional<DateTimeFormatter> dates = format.flatMap(TimeFormat::of);
    if (format.isPresent() && dates.isEmpty()) {
      log.warn("dateformat", "holds a directive that is not known; left aside");
    }
    return dates;
  }
}
