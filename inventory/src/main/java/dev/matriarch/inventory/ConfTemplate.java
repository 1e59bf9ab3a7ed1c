package dev.matriarch.inventory;

import java.util.Locale;

/** The workload that the server's settings are tuned for ({@code pg_conf}, P206). */
public enum ConfTemplate {
  OLTP,
  OLAP,
  CRIT,
  TINY;

  /** The template that a checked {@code pg_conf} names. */
  static ConfTemplate ofFile(String fileName) {
    return valueOf(fileName.replace(".yml", "").toUpperCase(Locale.ROOT));
  }

  /** As written in the inventory, such as {@code oltp.yml}. */
  public String fileName() {
    return name().toLowerCase(Locale.ROOT) + ".yml";
  }
}
