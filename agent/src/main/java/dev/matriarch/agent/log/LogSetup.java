package dev.matriarch.agent.log;

import static java.util.Objects.requireNonNull;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import dev.matriarch.agent.config.LogConfig;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Sets the log up: {@code YYYY-MM-DD HH:MM:SS,mmm LEVEL: message}, or as the configuration has it,
 * to standard error or files, in the host's time zone. Done in code: reading an XML file costs a
 * start more than all of this.
 */
public final class LogSetup {
  private static final String STDERR = "stderr";
  private static final String LAYOUT = "layout";

  /** Lines that wait while nobody reads standard error; more are dropped. */
  private static final int MOST_WAITING = 2048;

  /** How long the end of the process waits for lines to be written. */
  private static final int FLUSH_MS = 1000;

  private static final List<String> NOISY = List.of("org.postgresql", "jdk", "sun", "com.sun");

  private LogSetup() {}

  /**
   * Replaces what was set up before; safe to call again on a reload, when no line gets lost. From
   * then on lines are written by a thread of their own: whoever logs never waits for standard error
   * or a disk.
   */
  public static void apply(LogConfig config) {
    requireNonNull(config, "config is null");
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
      Optional<LogConfig.File> file = config.file().filter(LogFile::canBeWritten);
      String target = "async " + file.map(LogConfig.File::toString).orElse(STDERR);
      if (root.getAppender(target) == null) {
        AsyncAppender async = async(context, target, file);
        root.detachAndStopAllAppenders();
        root.addAppender(async);
      }
      layout(context).shape(config.shape(), config.dates());
      if (root.getAppender(target) instanceof AsyncAppender async) {
        async.setIncludeCallerData(config.shape().tellsPlaces());
      }
      setLevels(context, config);
      JavaLogging.forward();
      if (!file.equals(config.file())) {
        root.warn(
            "log.dir: {} is no folder that this account may write to; standard error is used",
            config.file().orElseThrow().folder());
      }
    }
  }

  /**
   * Writes what waits, within a second. For the end of a process: afterwards nothing is logged any
   * more.
   */
  public static void finish() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).detachAndStopAllAppenders();
    }
  }

  /** What holds until {@link #apply}, and in commands that have no log: warnings, at once. */
  static void begin(LoggerContext context) {
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(stderr(context));
  }

  private static void setLevels(LoggerContext context, LogConfig config) {
    for (Logger logger : context.getLoggerList()) {
      if (!logger.getName().equals(Logger.ROOT_LOGGER_NAME)) {
        logger.setLevel(null);
      }
    }
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level(config.level()));
    NOISY.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    config
        .loggers()
        .forEach(
            (name, level) -> {
              if (!name.isBlank()) {
                context.getLogger(name).setLevel(level(level));
              }
            });
  }

  /** As the field's tools spell it; what is not known means INFO rather than silence. */
  private static Level level(String word) {
    return switch (word.strip().toUpperCase(Locale.ROOT)) {
      case "DEBUG", "10" -> Level.DEBUG;
      case "WARNING", "WARN", "30" -> Level.WARN;
      case "ERROR", "40", "CRITICAL", "FATAL", "50" -> Level.ERROR;
      default -> Level.INFO;
    };
  }

  private static AsyncAppender async(
      LoggerContext context, String name, Optional<LogConfig.File> file) {
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setName(name);
    async.setQueueSize(MOST_WAITING);
    // Else lines up to INFO would be dropped long before the queue is full.
    async.setDiscardingThreshold(0);
    async.setNeverBlock(true);
    async.setMaxFlushTime(FLUSH_MS);
    async.addAppender(
        file.isPresent() ? LogFile.open(context, file.get(), encoder(context)) : stderr(context));
    async.start();
    return async;
  }

  /** One for all: its shape changes while the appender stays, so that no line gets lost. */
  private static EventLayout layout(LoggerContext context) {
    if (context.getObject(LAYOUT) instanceof EventLayout there) {
      return there;
    }
    EventLayout layout = new EventLayout(ZoneId.systemDefault());
    layout.setContext(context);
    layout.start();
    context.putObject(LAYOUT, layout);
    return layout;
  }

  private static LayoutWrappingEncoder<ILoggingEvent> encoder(LoggerContext context) {
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout(context));
    encoder.start();
    return encoder;
  }

  private static ConsoleAppender<ILoggingEvent> stderr(LoggerContext context) {
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setName(STDERR);
    stderr.setTarget(ConsoleTarget.SystemErr.getName());
    stderr.setEncoder(encoder(context));
    stderr.start();
    return stderr;
  }
}
