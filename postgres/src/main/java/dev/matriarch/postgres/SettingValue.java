package dev.matriarch.postgres;

import java.util.Locale;

/** Compares and quotes values of server parameters. */
final class SettingValue {
  private SettingValue() {}

  /**
   * True when the server would take both for the same: {@code true} and {@code on}, 10 and "10".
   */
  static boolean same(String left, String right) {
    return canonical(left).equals(canonical(right));
  }

  private static String canonical(String value) {
    String lower = value.strip().toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "true", "yes", "on" -> "on";
      case "false", "no", "off" -> "off";
      case "hot_standby", "archive" -> "replica";
      default -> lower;
    };
  }

  /** As a quoted value of postgresql.conf. */
  static String quote(String value) {
    return "'"
        + value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n").replace("\r", "\\r")
        + "'";
  }
}
