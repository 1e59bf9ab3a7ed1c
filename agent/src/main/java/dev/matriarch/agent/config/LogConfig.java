package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is logged.
 *
 * @param level least level, as the field's tools spell it: DEBUG, INFO, WARNING, ERROR, CRITICAL
 * @param loggers least level of single loggers
 */
public record LogConfig(String level, Map<String, String> loggers) {
  public static final LogConfig DEFAULT = new LogConfig("INFO", Map.of());

  public LogConfig {
    requireNonNull(level, "level is null");
    loggers = Collections.unmodifiableMap(new LinkedHashMap<>(loggers));
  }
}
