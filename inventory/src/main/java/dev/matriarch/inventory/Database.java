package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/**
 * A business database ({@code pg_databases}).
 *
 * @param owner empty for the database superuser
 * @param pooled known to PgBouncer
 * @param fields everything that was declared, checked, by field name
 */
public record Database(
    String name,
    DesiredState state,
    Optional<String> owner,
    boolean pooled,
    Map<String, Value> fields) {
  public Database {
    requireNonNull(name, "name is null");
    requireNonNull(state, "state is null");
    requireNonNull(owner, "owner is null");
    fields = new Value.Entries(fields).entries();
  }

  /** A field's text, or nothing where it was not declared. */
  public Optional<String> text(String field) {
    return Optional.ofNullable(fields.get(field)).map(Value::toString);
  }
}
