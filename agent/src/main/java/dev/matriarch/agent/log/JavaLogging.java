package dev.matriarch.agent.log;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the JDK and the JDBC driver log by themselves into the one log: warnings and worse.
 */
final class JavaLogging extends Handler {
  private final SimpleFormatter formatter = new SimpleFormatter();

  private JavaLogging() {}

  /** Instead of the handlers that are there. */
  static void forward() {
    LogManager.getLogManager().reset();
    java.util.logging.Logger root = LogManager.getLogManager().getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(new JavaLogging());
  }

  @Override
  public void publish(LogRecord record) {
    String name = record.getLoggerName();
    Logger logger = LoggerFactory.getLogger(name == null ? "jdk" : name);
    String message = formatter.formatMessage(record);
    if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
      logger.error(message, record.getThrown());
    } else {
      logger.warn(message, record.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
