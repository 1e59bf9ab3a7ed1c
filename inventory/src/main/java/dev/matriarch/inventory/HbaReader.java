package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts access rules into the order in which they are asked. */
final class HbaReader {
  static final List<String> POSTGRES = List.of("pg_default_hba_rules", "pg_hba_rules");
  static final List<String> POOLER = List.of("pgb_default_hba_rules", "pgb_hba_rules");

  private HbaReader() {}

  /** By order, then those without one; the defaults first among equals. */
  static List<HbaRule> read(Settings settings, List<String> parameters) {
    List<HbaRule> rules = new ArrayList<>();
    for (String parameter : parameters) {
      for (Value item : settings.items(parameter)) {
        if (item instanceof Value.Entries(Map<String, Value> fields)) {
          rules.add(rule(fields));
        }
      }
    }
    rules.sort(Comparator.comparingInt(rule -> rule.order().orElse(Integer.MAX_VALUE)));
    return rules;
  }

  private static HbaRule rule(Map<String, Value> fields) {
    List<String> lines =
        fields.get("rules") instanceof Value.Items(List<Value> items)
            ? items.stream().map(Value::toString).toList()
            : List.of();
    return new HbaRule(
        text(fields, "title"),
        Optional.ofNullable(fields.get("order")).map(v -> Integer.valueOf(v.toString())),
        text(fields, "role"),
        text(fields, "user"),
        text(fields, "db"),
        text(fields, "addr"),
        text(fields, "auth"),
        lines);
  }

  private static String text(Map<String, Value> fields, String name) {
    return FieldTables.value(FieldTables.HBA, fields, name).toString();
  }
}
