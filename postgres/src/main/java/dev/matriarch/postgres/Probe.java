package dev.matriarch.postgres;

import dev.matriarch.postgres.Observation.Receiver;
import dev.matriarch.postgres.Observation.Sender;
import dev.matriarch.postgres.Observation.WalFlow;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks a running server everything an observation holds in one statement over one kept connection,
 * which it opens again when the server went away in between.
 */
final class Probe implements AutoCloseable {
  private static final String PENDING =
      """
      SELECT string_agg(concat_ws(chr(31), name, pending_restart, setting, current_setting(name),
          CASE WHEN pending_restart THEN coalesce((SELECT f.setting FROM pg_file_settings f
            WHERE f.name = s.name ORDER BY f.seqno DESC LIMIT 1), boot_val, '') ELSE '' END),
          chr(30) ORDER BY name)
        FROM pg_settings s WHERE pending_restart OR name = ANY (string_to_array(?, ','))""";

  private static final String QUESTION =
      """
      SELECT r.standby,
        (SELECT system_identifier FROM pg_control_system()),
        CASE WHEN r.standby THEN NULL ELSE pg_current_wal_lsn() END,
        CASE WHEN r.standby THEN NULL
          ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END,
        CASE WHEN r.standby THEN greatest(
          (SELECT timeline_id FROM pg_control_checkpoint()),
          (SELECT min_recovery_end_timeline FROM pg_control_recovery())) END,
        CASE WHEN r.standby THEN pg_last_wal_receive_lsn() END,
        CASE WHEN r.standby THEN pg_last_wal_replay_lsn() END,
        CASE WHEN r.standby THEN pg_is_wal_replay_paused() END,
        CASE WHEN r.standby THEN extract(epoch FROM pg_last_xact_replay_timestamp()) END,
        (SELECT concat_ws(chr(31), coalesce(status, ''), coalesce(sender_host, ''),
            coalesce(sender_port, 0), coalesce(received_tli, 0), coalesce(slot_name, ''))
          FROM pg_stat_wal_receiver WHERE pid IS NOT NULL),
        CASE WHEN r.standby THEN coalesce(current_setting('primary_conninfo', true), '') ELSE '' END,
        extract(epoch FROM pg_postmaster_start_time()),
        (SELECT string_agg(concat_ws(chr(31), application_name, coalesce(state, ''),
            coalesce(sync_state, ''), coalesce(sent_lsn, '0/0'), coalesce(write_lsn, '0/0'),
            coalesce(flush_lsn, '0/0'), coalesce(replay_lsn, '0/0'), coalesce(usename, ''),
            coalesce(host(client_addr), ''), coalesce(sync_priority, 0)), chr(30)
            ORDER BY application_name, pid)
          FROM pg_stat_replication WHERE application_name <> 'pg_basebackup'),
        (%s),
        current_setting('server_version_num'),
        current_setting('synchronous_standby_names'),
        (%s),
        (SELECT timeline_id FROM pg_control_checkpoint()),
        coalesce(current_setting('restore_command', true), '') <> '',
        CASE WHEN r.standby THEN NULL ELSE concat_ws(chr(31), pg_current_wal_flush_lsn(),
          pg_current_wal_insert_lsn(), pg_snapshot_xmax(pg_current_snapshot())) END
      FROM (SELECT pg_is_in_recovery() AS standby) r
      """
          .formatted(PENDING, Slots.LISTED);

  private final ServerSpec spec;
  private final ReentrantLock turn = new ReentrantLock();
  private Optional<Session> kept = Optional.empty();

  Probe(ServerSpec spec) {
    this.spec = spec;
  }

  /**
   * @param wanted the command line's parameters, compared with what is in effect
   */
  Observation.Running ask(long pid, Map<String, String> wanted, Deadline deadline)
      throws SQLException {
    try {
      if (!turn.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw deadline.timeout("waiting for another observation");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw deadline.timeout("interrupted");
    }
    try {
      return read(pid, wanted, answer(String.join(",", wanted.keySet()), deadline));
    } finally {
      turn.unlock();
    }
  }

  private List<String> answer(String names, Deadline deadline) throws SQLException {
    if (kept.isPresent()) {
      try {
        return kept.get().rows(deadline, QUESTION, names).getFirst();
      } catch (SQLException e) {
        forget();
        // A kept connection dies with its server; only a fresh one tells about this one.
        if (SqlErrors.timedOut(e)) {
          throw e;
        }
      }
    }
    Session fresh = Session.local(spec, deadline);
    kept = Optional.of(fresh);
    try {
      return fresh.rows(deadline, QUESTION, names).getFirst();
    } catch (SQLException e) {
      forget();
      throw e;
    }
  }

  private void forget() {
    kept.ifPresent(Session::close);
    kept = Optional.empty();
  }

  private Observation.Running read(long pid, Map<String, String> wanted, List<String> row) {
    boolean standby = row.get(0).equals("t");
    Optional<Receiver> receiver = receiver(row.get(9));
    int timeline =
        standby
            ? Math.max(number(row.get(4)), receiver.map(Receiver::receivedTimeline).orElse(0))
            : number(row.get(3));
    return new Observation.Running(
        pid,
        standby,
        row.get(1),
        timeline,
        lsn(row.get(2)),
        lsn(row.get(5)),
        lsn(row.get(6)),
        row.get(7).equals("t"),
        instant(row.get(8)),
        receiver,
        Conninfo.withoutSecrets(row.get(10)),
        instant(row.get(11)).orElse(Instant.EPOCH),
        senders(row.get(12)),
        pending(wanted, row.get(13)),
        number(row.get(14)),
        row.get(15),
        Slots.parse(row.get(16)),
        number(row.get(17)),
        row.get(18).equals("t"),
        flow(row.get(19)));
  }

  private static Optional<WalFlow> flow(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String[] field = text.split("\u001f", -1);
    return Optional.of(
        new WalFlow(Lsn.parse(field[0]), Lsn.parse(field[1]), Long.parseLong(field[2])));
  }

  private static Optional<Receiver> receiver(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String[] field = text.split("\u001f", -1);
    return Optional.of(
        new Receiver(field[0], field[1], number(field[2]), number(field[3]), field[4]));
  }

  private static List<Sender> senders(String text) {
    List<Sender> found = new ArrayList<>();
    for (String row : split(text)) {
      String[] field = row.split("\u001f", -1);
      found.add(
          new Sender(
              field[0],
              field[1],
              field[2],
              Lsn.parse(field[3]),
              Lsn.parse(field[4]),
              Lsn.parse(field[5]),
              Lsn.parse(field[6]),
              field[7],
              field[8],
              number(field[9])));
    }
    return found;
  }

  /** The parameters that wait for a restart. */
  static List<PendingSetting> pending(
      Session session, Map<String, String> wanted, Deadline deadline) throws SQLException {
    return pending(wanted, session.value(deadline, PENDING, String.join(",", wanted.keySet())));
  }

  /** The file's parameters say it themselves; those of the command line are compared. */
  static List<PendingSetting> pending(Map<String, String> wanted, String text) {
    List<PendingSetting> found = new ArrayList<>();
    for (String row : split(text)) {
      String[] field = row.split("\u001f", -1);
      String given = wanted.get(field[0]);
      boolean differs =
          given != null
              && !SettingValue.same(given, field[2])
              && !SettingValue.same(given, field[3]);
      if (field[1].equals("t") || differs) {
        found.add(new PendingSetting(field[0], field[3], differs ? given : field[4]));
      }
    }
    return found;
  }

  private static List<String> split(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("\u001e", -1));
  }

  private static Optional<Lsn> lsn(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Lsn.parse(text));
  }

  private static int number(String text) {
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  private static Optional<Instant> instant(String epoch) {
    if (epoch.isEmpty()) {
      return Optional.empty();
    }
    long micros = Math.round(Double.parseDouble(epoch) * 1e6);
    return Optional.of(
        Instant.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000));
  }

  /** Does not wait for an observation under way: the server ends the session by itself. */
  @Override
  public void close() {
    if (turn.tryLock()) {
      try {
        forget();
      } finally {
        turn.unlock();
      }
    }
  }
}
