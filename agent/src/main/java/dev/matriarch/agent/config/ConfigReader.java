package dev.matriarch.agent.config;

import java.nio.file.Path;
import java.util.Map;

/** Reads the agent's file. */
final class ConfigReader {
  private ConfigReader() {}

  static ConfigResult read(Path file, Map<String, String> environment) {
    throw new UnsupportedOperationException(file + " " + environment.size());
  }
}
