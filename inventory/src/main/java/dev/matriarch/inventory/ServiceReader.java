package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The services in effect: defaults, replaced by name and extended (P52). */
final class ServiceReader {
  /** All that the services depend on. */
  static final List<String> PARAMETERS =
      List.of("pg_default_services", "pg_services", "pg_default_service_dest", "pgbouncer_enabled");

  private final Settings settings;

  ServiceReader(Settings settings) {
    this.settings = settings;
  }

  List<Service> read() {
    Map<String, Service> services = new LinkedHashMap<>();
    for (String parameter : List.of("pg_default_services", "pg_services")) {
      for (Value item : settings.items(parameter)) {
        if (item instanceof Value.Entries(Map<String, Value> fields)
            && fields.containsKey("name")
            && fields.containsKey("port")) {
          services.put(fields.get("name").toString(), service(fields));
        }
      }
    }
    return new ArrayList<>(services.values());
  }

  private Service service(Map<String, Value> fields) {
    return new Service(
        text(fields, "name"),
        Integer.parseInt(text(fields, "port")),
        text(fields, "ip"),
        text(fields, "check"),
        destination(text(fields, "dest")),
        Selector.parse(text(fields, "selector")).orElse(Selector.ALL),
        Optional.of(text(fields, "backup")).filter(t -> !t.isEmpty()).flatMap(Selector::parse),
        Integer.parseInt(text(fields, "maxconn")),
        Balance.valueOf(text(fields, "balance").toUpperCase(Locale.ROOT)),
        Optional.of(text(fields, "options")).filter(t -> !t.isEmpty()));
  }

  // Without a pooler whatever would go there goes to PostgreSQL (P59).
  private ServiceDestination destination(String word) {
    String meant = word.equals("default") ? settings.text("pg_default_service_dest") : word;
    return switch (meant) {
      case "postgres" -> new ServiceDestination.Postgres();
      case "pgbouncer" ->
          settings.flag("pgbouncer_enabled")
              ? new ServiceDestination.Pooler()
              : new ServiceDestination.Postgres();
      default -> new ServiceDestination.Port(Integer.parseInt(meant));
    };
  }

  private static String text(Map<String, Value> fields, String name) {
    return FieldTables.value(FieldTables.SERVICE, fields, name).toString();
  }
}
