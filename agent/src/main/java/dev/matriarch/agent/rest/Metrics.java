package dev.matriarch.agent.rest;

import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MemberState;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.SelfPortrait;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.View;
import dev.matriarch.postgres.Observation;
import java.time.Instant;
import java.util.Optional;

/** {@code /metrics}: what the field's rules and boards read, in Prometheus' text format. */
final class Metrics {
  private final AgentStatus status;
  private final View view;
  private final StatusJson body;
  private final Exposition out;

  Metrics(AgentStatus status) {
    this.status = status;
    this.view = status.view();
    this.body = new StatusJson(status);
    this.out = new Exposition(status.scope(), view.name());
  }

  String text() {
    Optional<Observation.Running> running =
        status.observed() instanceof Observation.Running seen
            ? Optional.of(seen)
            : Optional.empty();
    boolean standby = view.server().role() == Role.STANDBY;
    Member self = SelfPortrait.of(view, status.now());
    gauge("patroni_version", "The agent's version as a number.", version());
    gauge("patroni_postgres_running", "1 if PostgreSQL answers.", one(view.server().isRunning()));
    gauge(
        "patroni_postmaster_start_time",
        "When PostgreSQL was started, in seconds since 1970.",
        seconds(running.map(Observation.Running::postmasterStarted)));
    gauge("patroni_primary", "1 if this member leads.", one(isPrimary()));
    // The older name of the same.
    gauge("patroni_master", "1 if this member leads.", one(isPrimary()));
    gauge(
        "patroni_xlog_location",
        "Written WAL of a primary, bytes.",
        wal(!standby, view.server().written()));
    gauge(
        "patroni_standby_leader",
        "1 if this member leads a standby cluster.",
        one(self.role() == MemberRole.STANDBY_LEADER));
    gauge(
        "patroni_replica",
        "1 if this member is a standby.",
        one(standby && view.server().isRunning()));
    gauge(
        "patroni_sync_standby",
        "1 if commits wait for this standby.",
        one(body.isSync(Synchrony.Mode.PRIORITY)));
    gauge(
        "patroni_quorum_standby",
        "1 if this standby is one of a quorum.",
        one(body.isSync(Synchrony.Mode.QUORUM)));
    gauge(
        "patroni_xlog_received_location",
        "Received WAL of a standby, bytes.",
        wal(standby, view.server().written()));
    gauge(
        "patroni_xlog_replayed_location",
        "Replayed WAL of a standby, bytes.",
        wal(standby, view.server().replayed()));
    gauge(
        "patroni_xlog_replayed_timestamp",
        "When what was replayed last was committed, in seconds since 1970.",
        seconds(running.flatMap(Observation.Running::lastReplayed)));
    gauge(
        "patroni_xlog_paused",
        "1 if replay is paused.",
        one(running.filter(Observation.Running::replayPaused).isPresent()));
    gauge(
        "patroni_postgres_streaming", "1 if this standby streams.", one(view.server().streaming()));
    gauge(
        "patroni_postgres_in_archive_recovery",
        "1 if this standby reads WAL from the archive.",
        one(standby && view.server().isRunning() && !view.server().streaming()));
    gauge(
        "patroni_postgres_server_version",
        "PostgreSQL's version as a number.",
        "" + running.map(Observation.Running::serverVersion).orElse(0));
    gauge("patroni_cluster_unlocked", "1 if nobody leads.", one(isUnlocked()));
    gauge(
        "patroni_failsafe_mode_is_active",
        "1 if the primary goes on without etcd.",
        one(body.json().has("failsafe_mode_is_active")));
    gauge("patroni_postgres_timeline", "The timeline.", "" + view.server().timeline());
    gauge(
        "patroni_dcs_last_seen",
        "When etcd last answered, in seconds since 1970.",
        seconds(status.storeSeenAt()));
    gauge(
        "patroni_pending_restart",
        "1 if a changed setting waits for a restart.",
        one(view.server().pendingRestart()));
    gauge("patroni_is_paused", "1 if the cluster is paused.", one(view.settings().paused()));
    gauge("patroni_postgres_state", "PostgreSQL's state as a number.", "" + number(self.state()));
    new OwnMetrics(status).write(out);
    return out.text();
  }

  /** The field's numbers; dashboards go by them. */
  private static int number(MemberState state) {
    return switch (state) {
      case INITIALIZING -> 0;
      case INITDB_FAILED -> 1;
      case CUSTOM_BOOTSTRAP -> 2;
      case CUSTOM_BOOTSTRAP_FAILED -> 3;
      case CREATING_REPLICA -> 4;
      case RUNNING, STREAMING, IN_ARCHIVE_RECOVERY -> 5;
      case STARTING -> 6;
      case STARTING_AFTER_CUSTOM_BOOTSTRAP -> 7;
      case START_FAILED -> 8;
      case RESTARTING -> 9;
      case RESTART_FAILED -> 10;
      case STOPPING -> 11;
      case STOPPED, UNKNOWN -> 12;
      case STOP_FAILED -> 13;
      case CRASHED -> 14;
    };
  }

  private boolean isPrimary() {
    return view.mayServeWrites(status.now()) && view.server().isRunningPrimary();
  }

  private boolean isUnlocked() {
    return !view.store().isCurrent() || view.state().leadership() instanceof Leadership.Vacant;
  }

  private void gauge(String name, String help, String value) {
    out.gauge(name, help, value);
  }

  /** {@code 4.1.0} as {@code 040100}. */
  private String version() {
    StringBuilder number = new StringBuilder();
    for (String part : view.self().version().split("\\.", -1)) {
      number.append(part.length() == 1 ? "0" : "").append(part);
    }
    return number.toString();
  }

  private static String one(boolean truth) {
    return truth ? "1" : "0";
  }

  private static String wal(boolean applies, Lsn position) {
    return applies ? Long.toString(position.value()) : "0";
  }

  private static String seconds(Optional<Instant> at) {
    return at.map(time -> Double.toString(time.toEpochMilli() / 1000.0)).orElse("0");
  }
}
