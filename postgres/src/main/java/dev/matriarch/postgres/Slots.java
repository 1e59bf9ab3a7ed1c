package dev.matriarch.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Physical replication slots. Each operation may be repeated. */
final class Slots {
  private final LocalSql sql;

  Slots(LocalSql sql) {
    this.sql = sql;
  }

  List<Slot> list(Duration budget) {
    String question =
        "SELECT slot_name, active, restart_lsn, xmin IS NOT NULL FROM pg_replication_slots"
            + " WHERE slot_type = 'physical' AND NOT temporary ORDER BY slot_name";
    return sql.rows("listing the slots", budget, question).stream()
        .map(
            row ->
                new Slot(
                    row.get(0),
                    row.get(1).equals("t"),
                    Optional.of(row.get(2)).filter(text -> !text.isEmpty()).map(Lsn::parse),
                    row.get(3).equals("t")))
        .toList();
  }

  void create(String name, Duration budget) {
    String statement =
        "SELECT pg_create_physical_replication_slot(?, true) WHERE NOT EXISTS"
            + " (SELECT 1 FROM pg_replication_slots WHERE slot_name = ?)";
    sql.rows("creating slot " + name, budget, statement, name, name);
  }

  void advance(String name, Lsn to, Duration budget) {
    String statement =
        "SELECT pg_replication_slot_advance(slot_name, ?::pg_lsn) FROM pg_replication_slots"
            + " WHERE slot_name = ? AND restart_lsn < ?::pg_lsn AND NOT active";
    sql.rows("advancing slot " + name, budget, statement, to.toString(), name, to.toString());
  }

  void drop(String name, Duration budget) {
    String statement =
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?";
    sql.rows("dropping slot " + name, budget, statement, name);
  }
}
