package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses the text tables of parameters and fields. */
final class ParameterTable {
  private record Row(String section, List<String> cells) {
    String name() {
      return cells.getFirst();
    }

    String defaultText() {
      return cells.get(3);
    }
  }

  private ParameterTable() {}

  /** Definitions by name, in the order of the table. */
  static Map<String, Parameter> parse(String table, String longDefaults) {
    List<Row> rows = rows(table);
    Map<String, Yaml.Entry> defaults = defaults(rows, longDefaults);
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    for (Row row : rows) {
      List<String> cells = row.cells();
      Yaml.Entry entry = defaults.get(row.name());
      Value value =
          entry == null
              ? new Value.Absent()
              : defaultValue(row.name(), ParameterType.of(cells.get(2)), entry.value());
      Parameter parameter =
          new Parameter(
              row.name(),
              row.section(),
              level(cells.get(1)),
              cells.get(2),
              value,
              cells.get(4).equals("yes"),
              cells.get(5));
      if (parameters.put(row.name(), parameter) != null) {
        throw new IllegalStateException(row.name() + " is defined twice");
      }
    }
    return parameters;
  }

  private static List<Row> rows(String table) {
    List<Row> rows = new ArrayList<>();
    String section = "";
    for (String line : table.lines().toList()) {
      if (line.startsWith("# ")) {
        section = line.substring(2);
      } else if (!line.isBlank()) {
        List<String> cells = List.of(line.split(" \\| ", -1));
        if (cells.size() != 6) {
          throw new IllegalStateException("not six cells: " + line);
        }
        rows.add(new Row(section, cells));
      }
    }
    return rows;
  }

  // All defaults are parsed as one document, for the sake of the command's start.
  private static Map<String, Yaml.Entry> defaults(List<Row> rows, String longDefaults) {
    StringBuilder text = new StringBuilder(longDefaults);
    for (Row row : rows) {
      if (!row.defaultText().equals("-")) {
        text.append(row.name()).append(": ").append(row.defaultText()).append('\n');
      }
    }
    if (text.isEmpty()) {
      return Map.of();
    }
    Findings findings = new Findings("defaults");
    Optional<Yaml> root = YamlReader.read(text.toString(), findings);
    if (root.isPresent() && root.get() instanceof Yaml.Mapping mapping) {
      return mapping.entries();
    }
    throw new IllegalStateException("wrong defaults: " + findings.problems());
  }

  private static Value defaultValue(String name, ParameterType type, Yaml text) {
    Findings findings = new Findings("defaults");
    return type.read(text, Place.FILE.at(name, 1), findings)
        .orElseThrow(() -> new IllegalStateException("wrong default: " + findings.problems()));
  }

  private static Level level(String letter) {
    return switch (letter) {
      case "G" -> Level.GLOBAL;
      case "C" -> Level.CLUSTER;
      case "I" -> Level.INSTANCE;
      case "A" -> Level.ARGUMENT;
      default -> throw new IllegalStateException("no level: " + letter);
    };
  }
}
