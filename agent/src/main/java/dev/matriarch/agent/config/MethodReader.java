package dev.matriarch.agent.config;

import dev.matriarch.agent.script.ShellWords;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the section of a program that fills a data directory (drop-in contract, section 8). */
final class MethodReader {
  private static final List<String> OURS =
      List.of(
          "command",
          "no_params",
          "no_leader",
          "no_master",
          "keep_existing_recovery_conf",
          "recovery_conf",
          "keep_data");

  private MethodReader() {}

  /** The method of that name; what is wrong with it is told. */
  static CustomMethod read(Section parent, String name) {
    Section section = parent.section(name);
    String command = section.required("command", "name the program that fills the data directory");
    try {
      ShellWords.split(command);
    } catch (IllegalArgumentException e) {
      section.reject("command", e.getMessage(), "close the quote");
    }
    Map<String, String> options = new LinkedHashMap<>();
    for (String key : section.keys()) {
      if (!OURS.contains(key)) {
        section.text(key).ifPresent(value -> options.put(key, value));
      }
    }
    return new CustomMethod(
        name,
        command,
        options,
        section.flag("no_params", false),
        section.flag("no_leader", section.flag("no_master", false)),
        section.flag("keep_existing_recovery_conf", false),
        section.section("recovery_conf").texts(),
        section.flag("keep_data", false));
  }
}
