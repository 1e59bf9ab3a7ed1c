package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A program of the operator that fills a data directory (contract, section 8).
 *
 * @param name as the configuration calls it
 * @param command split as a shell would
 * @param options given as {@code --key=value}, after those that every program gets
 * @param noParams it gets no options at all
 * @param noLeader it may run while nobody leads
 * @param keepRecovery recovery settings that it leaves behind are its own wish
 * @param recovery settings of a recovery to a point in time; empty when it makes a primary
 * @param keepData it wants to find the data that is there
 */
public record CustomMethod(
    String name,
    String command,
    Map<String, String> options,
    boolean noParams,
    boolean noLeader,
    boolean keepRecovery,
    Map<String, String> recovery,
    boolean keepData) {
  public CustomMethod {
    requireNonNull(name, "name is null");
    requireNonNull(command, "command is null");
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    recovery = Collections.unmodifiableMap(new LinkedHashMap<>(recovery));
  }
}
