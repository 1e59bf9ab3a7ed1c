package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a new cluster is made.
 *
 * @param dcs the first dynamic configuration, JSON
 * @param initdb long options without their dashes; an empty value is a bare flag
 */
public record BootstrapConfig(String dcs, Map<String, String> initdb) {
  public static final BootstrapConfig NONE = new BootstrapConfig("{}", Map.of());

  public BootstrapConfig {
    requireNonNull(dcs, "dcs is null");
    initdb = Collections.unmodifiableMap(new LinkedHashMap<>(initdb));
  }
}
