package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.HashMap;
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
    Map<String, ParameterType> types = new HashMap<>();
    for (Row row : rows) {
      List<String> cells = row.cells();
      Yaml.Entry entry = defaults.get(row.name());
      Value value =
          entry == null
              ? new Value.Absent()
              : defaultValue(
                  row.name(),
                  types.computeIfAbsent(cells.get(2), ParameterType::of),
                  entry.value());
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

  // Lists and mappings are parsed as one document and scalars not at all, for the sake of the
  // command's start.
  private static Map<String, Yaml.Entry> defaults(List<Row> rows, String longDefaults) {
    StringBuilder text = new StringBuilder(longDefaults);
    Map<String, Yaml.Entry> entries = new HashMap<>();
    for (Row row : rows) {
      String written = row.defaultText();
      if (written.startsWith("[") || written.startsWith("{")) {
        text.append(row.name()).append(": ").append(written).append('\n');
      } else if (written.startsWith("'")) {
        String inside = written.substring(1, written.length() - 1);
        entries.put(row.name(), new Yaml.Entry(1, new Yaml.Scalar(inside, false, "", 1)));
      } else if (!written.equals("-")) {
        entries.put(row.name(), new Yaml.Entry(1, new Yaml.Scalar(written, true, "", 1)));
      }
    }
    if (text.isEmpty()) {
      return entries;
    }
    Findings findings = new Findings("defaults");
    Optional<Yaml> root = YamlReader.read(text.toString(), findings);
    if (root.isPresent() && root.get() instanceof Yaml.Mapping mapping) {
      entries.putAll(mapping.entries());
      return entries;
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
