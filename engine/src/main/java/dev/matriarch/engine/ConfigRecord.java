package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

/**
 * The {@code config} key: the dynamic configuration as JSON text. The engine itself reads {@link
 * Settings}, which the agent makes of it.
 */
public record ConfigRecord(long revision, String json) {
  public ConfigRecord {
    requireNonNull(json, "json is null");
  }
}
