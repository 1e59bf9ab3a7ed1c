package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is logged, and where to.
 *
 * @param level least level, as the field's tools spell it: DEBUG, INFO, WARNING, ERROR, CRITICAL
 * @param loggers least level of single loggers
 * @param file log files instead of standard error
 * @param shape how an event is written
 * @param dates how its time is; empty for {@code YYYY-MM-DD HH:MM:SS,mmm}
 */
public record LogConfig(
    String level,
    Map<String, String> loggers,
    Optional<File> file,
    LogShape shape,
    Optional<DateTimeFormatter> dates) {
  public static final LogConfig DEFAULT = new LogConfig("INFO", Map.of(), Optional.empty());

  /**
   * Files in a folder that exists: {@code patroni.log}, and older ones with a number behind it.
   *
   * @param size bytes after which another is begun
   * @param older how many older ones are kept
   */
  public record File(Path folder, long size, int older) {
    public static final int STANDARD_SIZE = 25_000_000;
    public static final int STANDARD_NUMBER = 4;

    public File {
      requireNonNull(folder, "folder is null");
    }
  }

  public LogConfig {
    requireNonNull(level, "level is null");
    loggers = Collections.unmodifiableMap(new LinkedHashMap<>(loggers));
    requireNonNull(file, "file is null");
    requireNonNull(shape, "shape is null");
    requireNonNull(dates, "dates is null");
  }

  /** One whose lines look as the field's tools expect them. */
  public LogConfig(String level, Map<String, String> loggers, Optional<File> file) {
    this(level, loggers, file, LogShape.standard(), Optional.empty());
  }
}
