package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Settings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the cluster's dynamic configuration ({@code /config}) means, with the contract's defaults
 * for what it leaves out. Changes to it are merged by {@link dev.matriarch.etcd.ConfigPatch}.
 *
 * @param settings for the engine
 * @param parameters {@code postgresql.parameters} as text, in order
 * @param useSlots {@code postgresql.use_slots}
 * @param hba lines of pg_hba.conf for members whose file gives none ({@code postgresql.pg_hba})
 * @param ident lines of pg_ident.conf, likewise
 * @param timelines how many lines of history are kept ({@code max_timelines_history}); 0 for all
 * @param notes what had to be repaired or was left aside, one sentence each
 * @param mistakes those of them that tell of a value that makes no sense
 */
public record DynamicConfig(
    Settings settings,
    Map<String, String> parameters,
    boolean useSlots,
    List<String> hba,
    List<String> ident,
    int timelines,
    List<String> notes,
    List<String> mistakes) {
  public DynamicConfig {
    requireNonNull(settings, "settings is null");
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    hba = List.copyOf(hba);
    ident = List.copyOf(ident);
    notes = List.copyOf(notes);
    mistakes = List.copyOf(mistakes);
  }

  /**
   * Reads a configuration. A value that makes no sense is replaced by its default and noted: a typo
   * in one key must not take a cluster down.
   *
   * @throws IllegalArgumentException if the text is no JSON object
   */
  public static DynamicConfig parse(String json) {
    return DynamicReader.read(json);
  }
}
