package dev.matriarch.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Replication slots of the local server. Each operation may be repeated. */
final class Slots {
  /** One text, rows and columns apart by control characters: part of the probe's one question. */
  static final String LISTED =
      """
      SELECT string_agg(concat_ws(chr(31), slot_name, slot_type, coalesce(database, ''),
          coalesce(plugin, ''), active, coalesce(confirmed_flush_lsn, restart_lsn, '0/0'),
          coalesce(catalog_xmin::text, ''), coalesce(xmin, catalog_xmin) IS NOT NULL), chr(30)
          ORDER BY slot_name)
        FROM pg_replication_slots s
        WHERE NOT temporary AND to_jsonb(s) ->> 'failover' IS DISTINCT FROM 'true'""";

  private final LocalSql sql;

  Slots(LocalSql sql) {
    this.sql = sql;
  }

  List<Slot> list(Duration budget) {
    return parse(sql.rows("listing the slots", budget, LISTED).getFirst().getFirst());
  }

  static List<Slot> parse(String text) {
    List<Slot> slots = new ArrayList<>();
    for (String row : text.isEmpty() ? List.<String>of() : List.of(text.split("\u001e", -1))) {
      String[] field = row.split("\u001f", -1);
      Lsn position = Lsn.parse(field[5]);
      slots.add(
          new Slot(
              field[0],
              field[1].equals("logical")
                  ? Optional.of(new Slot.Logical(field[2], field[3]))
                  : Optional.empty(),
              field[4].equals("t"),
              position.equals(Lsn.ZERO) ? Optional.empty() : Optional.of(position),
              field[6].isEmpty() ? Optional.empty() : Optional.of(Long.valueOf(field[6])),
              field[7].equals("t")));
    }
    return slots;
  }

  void create(String name, Duration budget) {
    String statement =
        "SELECT pg_create_physical_replication_slot(?, true) WHERE NOT EXISTS"
            + " (SELECT 1 FROM pg_replication_slots WHERE slot_name = ?)";
    sql.rows("creating slot " + name, budget, statement, name, name);
  }

  /** Waits for all transactions that run: for as long as the budget allows. */
  void createLogical(String name, Slot.Logical what, Duration budget) {
    String statement =
        "SELECT pg_create_logical_replication_slot(?, ?) WHERE NOT EXISTS"
            + " (SELECT 1 FROM pg_replication_slots WHERE slot_name = ?)";
    sql.in(
        what.database(),
        "creating slot " + name,
        budget,
        (session, deadline) -> {
          // Else the server would go on waiting when nobody listens any more.
          session.command(deadline, "SET statement_timeout = " + deadline.leftMillis());
          return session.rows(deadline, statement, name, what.plugin(), name);
        });
  }

  /** Moves an idle slot forward, never backwards; the server itself stops at what is replayed. */
  void advance(Slot slot, Lsn to, Duration budget) {
    String statement =
        "SELECT pg_replication_slot_advance(slot_name, ?::pg_lsn) FROM pg_replication_slots"
            + " WHERE slot_name = ? AND coalesce(confirmed_flush_lsn, restart_lsn) < ?::pg_lsn"
            + " AND NOT active";
    String target = to.toString();
    // A logical slot can be moved from within its own database alone.
    sql.in(
        slot.logical().map(Slot.Logical::database).orElse("postgres"),
        "advancing slot " + slot.name(),
        budget,
        (session, deadline) -> session.rows(deadline, statement, target, slot.name(), target));
  }

  void drop(String name, Duration budget) {
    String statement =
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?";
    sql.rows("dropping slot " + name, budget, statement, name);
  }
}
