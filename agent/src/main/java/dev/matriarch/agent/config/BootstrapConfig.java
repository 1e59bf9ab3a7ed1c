package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a new cluster is made.
 *
 * @param dcs the first dynamic configuration, JSON
 * @param initdb long options without their dashes; an empty value is a bare flag
 * @param method makes the first data instead of initdb
 * @param hba lines put behind those of the new pg_hba.conf, for members that have none of their own
 * @param postBootstrap a command to run once the first primary runs; empty for none
 */
public record BootstrapConfig(
    String dcs,
    Map<String, String> initdb,
    Optional<CustomMethod> method,
    List<String> hba,
    String postBootstrap) {
  public static final BootstrapConfig NONE =
      new BootstrapConfig("{}", Map.of(), Optional.empty(), List.of(), "");

  public BootstrapConfig {
    requireNonNull(dcs, "dcs is null");
    requireNonNull(method, "method is null");
    hba = List.copyOf(hba);
    requireNonNull(postBootstrap, "postBootstrap is null");
    initdb = Collections.unmodifiableMap(new LinkedHashMap<>(initdb));
  }
}
