package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes databases of their declarations. */
final class DatabaseReader {
  private DatabaseReader() {}

  static List<Database> read(Settings settings) {
    List<Database> databases = new ArrayList<>();
    for (Value item : settings.items("pg_databases")) {
      if (item instanceof Value.Entries(Map<String, Value> fields)) {
        databases.add(
            new Database(
                text(fields, "name"),
                DesiredState.valueOf(text(fields, "state").toUpperCase(Locale.ROOT)),
                Optional.ofNullable(fields.get("owner")).map(Value::toString),
                text(fields, "pgbouncer").equals("true"),
                fields));
      }
    }
    return databases;
  }

  private static String text(Map<String, Value> fields, String name) {
    return FieldTables.value(FieldTables.DATABASE, fields, name).toString();
  }
}
