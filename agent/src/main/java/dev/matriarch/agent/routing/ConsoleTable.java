package dev.matriarch.agent.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What PgBouncer's console shows, row by row. A column is found by its name: releases put new ones
 * between and behind those of 1.18.
 */
final class ConsoleTable {
  private ConsoleTable() {}

  /** One row; a column that this release does not have is empty. */
  record Row(Map<String, String> fields) {
    Row {
      fields = Map.copyOf(fields);
    }

    String text(String column) {
      return fields.getOrDefault(column, "");
    }

    /** 0 where it holds no number. */
    int number(String column) {
      String text = text(column);
      return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }
  }

  /** The rows of an answer whose first line has the names. */
  static List<Row> rows(List<String> lines) {
    if (lines.isEmpty()) {
      return List.of();
    }
    String[] names = lines.getFirst().split("\t", -1);
    return lines.stream().skip(1).map(line -> row(names, line.split("\t", -1))).toList();
  }

  private static Row row(String[] names, String[] values) {
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i < Math.min(names.length, values.length); i++) {
      fields.put(names[i], values[i].strip());
    }
    return new Row(fields);
  }
}
