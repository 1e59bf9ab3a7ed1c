package dev.matriarch.agent.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TriggeringPolicyBase;
import dev.matriarch.agent.config.LogConfig;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** The log as files, named and turned over as the field's controller does ({@code log.dir}). */
final class LogFile {
  private static final String NAME = "patroni.log";

  private LogFile() {}

  static boolean canBeWritten(LogConfig.File file) {
    Path log = file.folder().resolve(NAME);
    return Files.isDirectory(file.folder())
        && (Files.exists(log) ? Files.isWritable(log) : Files.isWritable(file.folder()));
  }

  static FileAppender<ILoggingEvent> open(
      LoggerContext context, LogConfig.File file, Encoder<ILoggingEvent> encoder) {
    String name = file.folder().resolve(NAME).toString();
    FileAppender<ILoggingEvent> appender =
        file.older() == 0 ? new FileAppender<>() : turningOver(context, file, name);
    appender.setContext(context);
    appender.setName(NAME);
    appender.setFile(name);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static RollingFileAppender<ILoggingEvent> turningOver(
      LoggerContext context, LogConfig.File file, String name) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    FixedWindowRollingPolicy numbered = new FixedWindowRollingPolicy();
    numbered.setContext(context);
    numbered.setParent(appender);
    numbered.setFileNamePattern(name + ".%i");
    numbered.setMinIndex(1);
    numbered.setMaxIndex(file.older());
    Full full = new Full(file.size());
    full.setContext(context);
    appender.setFile(name);
    appender.setRollingPolicy(numbered);
    appender.setTriggeringPolicy(full);
    numbered.start();
    full.start();
    return appender;
  }

  /** The library's own asks only once a minute. */
  private static final class Full extends TriggeringPolicyBase<ILoggingEvent> {
    private final long size;

    Full(long size) {
      this.size = size;
    }

    @Override
    public boolean isTriggeringEvent(File active, ILoggingEvent event) {
      return active.length() >= size;
    }
  }
}
