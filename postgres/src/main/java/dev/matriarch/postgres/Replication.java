package dev.matriarch.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a running server changes its place in the cluster by: promotion, reload, and settings. */
final class Replication {
  private static final Duration TICK = Duration.ofMillis(1);

  /** The server needs the processors more than those who watch it. */
  private static final Duration PROMOTE_TICK = Duration.ofMillis(4);

  private static final Duration REMINDER = Duration.ofMillis(8);
  private static final Duration RELOAD_TICK = Duration.ofMillis(3);

  /** So long must no WAL receiver be seen before its end is believed. */
  private static final Duration CALM = Duration.ofMillis(20);

  /**
   * Whether the server can tell how far its WAL goes. Until its first WAL receiver it knows only
   * what it has replayed, which may be less than what its disk holds, unless it waits for more.
   */
  private static final String AT_ITS_END =
      """
      SELECT pg_last_wal_receive_lsn() IS NOT NULL OR EXISTS (
        SELECT FROM pg_stat_activity WHERE backend_type = 'startup'
          AND wait_event IN ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream'))""";

  private final ServerParts parts;

  Replication(ServerParts parts) {
    this.parts = parts;
  }

  void promote(int beyond, Runnable promoted, Deadline deadline) {
    parts.requireUsable();
    Postmaster.Alive alive = parts.requireAlive();
    if (!isInProduction()) {
      parts.leftOut().reserve(beyond);
      parts.files().mark(parts.dataDir().resolve("promote"));
      if (!parts.postmaster().signal(alive, Linux.SIGUSR1)) {
        throw new PostgresException.WrongState(parts.dataDir() + " ended before its promotion");
      }
    }
    awaitProduction(alive, deadline);
    promoted.run();
    // From here on it is a primary: what made it a standby is tidied up, and may fail without harm.
    // It means nothing to the running server: a reload would only hold up clients that log in now.
    Map<String, String> lines = new LinkedHashMap<>();
    parts.roleFiles().keepSynchronous(lines);
    parts.config().writeRole(lines);
  }

  /**
   * Clients may wait. The server says so in pg_control as soon as it takes writes; a session that
   * asks would take processor time from what it waits for.
   */
  private void awaitProduction(Postmaster.Alive promoted, Deadline deadline) {
    Reminder reminder = new Reminder(promoted.pid());
    deadline.require(
        "promoting " + parts.dataDir(),
        PROMOTE_TICK,
        () -> {
          if (isInProduction()) {
            return true;
          }
          if (!parts.requireAlive().process().is(promoted.process())) {
            throw new PostgresException.WrongState(
                parts.dataDir() + " was restarted as it was promoted");
          }
          reminder.give();
          return false;
        });
  }

  /**
   * A startup process that has just lost its WAL receiver may forget who woke it, and sleep for
   * wal_retrieve_retry_interval before it goes on to promote.
   */
  private final class Reminder {
    private final long postmaster;
    private Optional<ProcessTable.Entry> startup = Optional.empty();
    private long given = System.nanoTime();

    Reminder(long postmaster) {
      this.postmaster = postmaster;
    }

    void give() {
      if (System.nanoTime() - given < REMINDER.toNanos()) {
        return;
      }
      given = System.nanoTime();
      startup = startup.or(() -> parts.postmaster().startup(postmaster));
      startup.ifPresent(parts.postmaster()::wakeStartup);
    }
  }

  private boolean isInProduction() {
    return parts.requireControl().state() == ControlData.State.IN_PRODUCTION;
  }

  void follow(Upstream upstream, Deadline deadline) {
    requireStandby();
    parts.leftOut().release();
    Map<String, String> lines = parts.roleFiles().standby(upstream);
    parts.roleFiles().keepSynchronous(lines);
    take(lines, List.of("primary_conninfo", "primary_slot_name"), deadline);
  }

  Lsn unfollow(Deadline deadline) {
    requireStandby();
    Postmaster.Alive alive = parts.requireAlive();
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("recovery_target_timeline", "latest");
    parts.roleFiles().keepSynchronous(lines);
    parts.config().writeRole(lines);
    parts.postmaster().signal(alive, Linux.SIGHUP);
    String what = "ending the WAL receiver of " + parts.dataDir();
    return inSession(
        what,
        deadline,
        (session, end) -> {
          boolean taken = false;
          long calmSince = System.nanoTime();
          while (!taken || System.nanoTime() - calmSince < CALM.toNanos()) {
            // A startup process that waits in replay would let it live on: end it directly.
            if (parts.postmaster().endReceiver(alive.pid())) {
              calmSince = System.nanoTime();
            }
            taken =
                taken || session.value(end, "SELECT current_setting('primary_conninfo')").isEmpty();
            pause(end, TICK, what);
          }
          while (!session.value(end, AT_ITS_END).equals("t")) {
            pause(end, RELOAD_TICK, what);
          }
          return Lsn.parse(
              session.value(
                  end,
                  "SELECT greatest(coalesce(pg_last_wal_receive_lsn(), '0/0'),"
                      + " coalesce(pg_last_wal_replay_lsn(), '0/0'))"));
        });
  }

  void quietRestore(Deadline deadline) {
    requireStandby();
    Map<String, String> lines = new LinkedHashMap<>(parts.config().role());
    lines.put("restore_command", "");
    take(lines, List.of("restore_command"), deadline);
  }

  void synchronousStandbyNames(String value, Deadline deadline) {
    Map<String, String> lines = new LinkedHashMap<>(parts.config().role());
    lines.put("synchronous_standby_names", value);
    take(lines, List.of("synchronous_standby_names"), deadline);
    if (!value.isEmpty()) {
      nudge(deadline);
    }
  }

  /** A small WAL record, so that standbys of an idle primary show that they take part. */
  private void nudge(Deadline deadline) {
    inSession(
        "writing a WAL record in " + parts.dataDir(),
        deadline,
        (session, end) ->
            inRecovery(session, end)
                || session
                    .rows(end, "SELECT pg_logical_emit_message(true, 'matriarch', 'synchronous')")
                    .isEmpty());
  }

  /** Writes the role's part, reloads, and waits until the named parameters show it. */
  private void take(Map<String, String> lines, List<String> names, Deadline deadline) {
    Postmaster.Alive alive = parts.requireAlive();
    parts.config().writeRole(lines);
    parts.postmaster().signal(alive, Linux.SIGHUP);
    String what = "reloading " + String.join(", ", names) + " of " + parts.dataDir();
    inSession(
        what,
        deadline,
        (session, end) -> {
          for (String name : names) {
            String wanted = lines.getOrDefault(name, "");
            while (!session.value(end, "SELECT current_setting(?)", name).equals(wanted)) {
              pause(end, RELOAD_TICK, what);
            }
          }
          return true;
        });
  }

  Applied apply(Settings next, Deadline deadline) {
    parts.requireUsable();
    parts.settings(next);
    RoleFiles.Written written = parts.roleFiles().rewrite(deadline);
    Optional<Postmaster.Alive> alive = parts.postmaster().find();
    if (alive.isEmpty()) {
      return new Applied(List.of(), written.warnings());
    }
    return reload(alive.get(), written, deadline);
  }

  private Applied reload(Postmaster.Alive alive, RoleFiles.Written written, Deadline deadline) {
    String what = "reloading " + parts.dataDir();
    return inSession(
        what,
        deadline,
        (session, end) -> {
          String before = session.value(end, "SELECT pg_conf_load_time()");
          parts.postmaster().signal(alive, Linux.SIGHUP);
          while (session.value(end, "SELECT pg_conf_load_time()").equals(before)) {
            pause(end, RELOAD_TICK, what);
          }
          List<PendingSetting> pending = Probe.pending(session, written.commandLine(), end);
          List<String> warnings = new ArrayList<>(written.warnings());
          for (List<String> row :
              session.rows(
                  end,
                  "SELECT coalesce(name, ''), error, sourcefile, sourceline FROM pg_file_settings"
                      + " WHERE error IS NOT NULL ORDER BY seqno")) {
            if (pending.stream().noneMatch(setting -> setting.name().equals(row.get(0)))) {
              warnings.add(
                  "%s:%s: %s: %s".formatted(row.get(2), row.get(3), row.get(0), row.get(1)));
            }
          }
          for (List<String> row :
              session.rows(
                  end,
                  "SELECT line_number, error FROM pg_hba_file_rules"
                      + " WHERE error IS NOT NULL ORDER BY line_number")) {
            warnings.add("pg_hba.conf:%s: %s".formatted(row.get(0), row.get(1)));
          }
          return new Applied(pending, warnings);
        });
  }

  private void requireStandby() {
    parts.requireUsable();
    if (!parts.config().hasStandbySignal()) {
      throw new PostgresException.WrongState(parts.dataDir() + " is not a standby");
    }
  }

  private <T> T inSession(String what, Deadline deadline, LocalSql.Work<T> work) {
    return parts.sql().call(what, deadline, work);
  }

  private static boolean inRecovery(Session session, Deadline deadline) throws SQLException {
    return session.value(deadline, "SELECT pg_is_in_recovery()").equals("t");
  }

  private static void pause(Deadline deadline, Duration tick, String what) {
    if (deadline.over() || Thread.currentThread().isInterrupted()) {
      throw deadline.timeout(what);
    }
    deadline.sleep(tick);
  }
}
