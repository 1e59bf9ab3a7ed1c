package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Problem;
import java.util.List;

/** What came of reading a configuration. */
public sealed interface ConfigResult {

  /**
   * It can be used.
   *
   * @param warnings what was left aside, such as unknown keys
   */
  record Loaded(AgentConfig config, List<Problem> warnings) implements ConfigResult {
    public Loaded {
      requireNonNull(config, "config is null");
      warnings = List.copyOf(warnings);
    }
  }

  /** It cannot; everything that is wrong, by line. */
  record Rejected(List<Problem> problems) implements ConfigResult {
    public Rejected {
      problems = List.copyOf(problems);
    }
  }
}
