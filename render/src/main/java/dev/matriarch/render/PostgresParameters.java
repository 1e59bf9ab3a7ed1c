package dev.matriarch.render;

import dev.matriarch.inventory.ServiceDestination;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The server's parameters (P116-P120, P298, P299): those that all members must share, which live in
 * the cluster's state, and those that are read from the node's own file. What the operator gives in
 * {@code pg_parameters} wins.
 */
final class PostgresParameters {
  /** Given on the command line from the cluster's state only (agent contract section 2). */
  private static final Set<String> CLUSTER_WIDE =
      Set.of(
          "wal_level",
          "hot_standby",
          "max_connections",
          "max_wal_senders",
          "max_prepared_transactions",
          "max_locks_per_transaction",
          "track_commit_timestamp",
          "max_replication_slots",
          "max_worker_processes",
          "wal_log_hints");

  private final Site site;

  PostgresParameters(Site site) {
    this.site = site;
  }

  /** For {@code bootstrap.dcs.postgresql.parameters}. */
  Map<String, Object> clusterWide() {
    var out = new LinkedHashMap<String, Object>();
    out.put("wal_level", "logical");
    out.put("hot_standby", "on");
    out.put("max_connections", maxConnections());
    out.put("max_wal_senders", 50);
    out.put("max_replication_slots", 50);
    out.put("max_prepared_transactions", 0);
    out.put("max_locks_per_transaction", 64);
    out.put("max_worker_processes", 24);
    out.put("wal_log_hints", "on");
    out.put("track_commit_timestamp", "on");
    own(true).forEach(out::put);
    return out;
  }

  /** For {@code postgresql.parameters}. */
  Map<String, Object> local() {
    var out = new LinkedHashMap<String, Object>();
    out.put("unix_socket_directories", site.layout().run().toString());
    out.put("superuser_reserved_connections", 10);
    out.put("password_encryption", site.settings().text("pg_pwd_enc"));
    memoryAndWal(out);
    replication(out);
    logging(out);
    out.put("shared_preload_libraries", site.settings().text("pg_libs"));
    own(false).forEach(out::put);
    return out;
  }

  private int maxConnections() {
    var declared = site.settings().text("pg_max_conn");
    if (declared.matches("[0-9]+") && Integer.parseInt(declared) >= 20) {
      return Integer.parseInt(declared);
    }
    var direct =
        site.cluster()
            .service("primary")
            .filter(s -> s.destination() instanceof ServiceDestination.Postgres);
    return direct.isPresent() ? 1000 : 500;
  }

  private static void memoryAndWal(Map<String, Object> out) {
    out.put("shared_buffers", "128MB");
    out.put("wal_buffers", "16MB");
    out.put("checkpoint_timeout", "15min");
    out.put("checkpoint_completion_target", "0.95");
    out.put("min_wal_size", "256MB");
    out.put("max_wal_size", "1GB");
    out.put("wal_keep_size", "256MB");
    // A member that never comes back must not fill the disk of the others.
    out.put("max_slot_wal_keep_size", "6GB");
  }

  private void replication(Map<String, Object> out) {
    var timing = site.cluster().timing().streaming();
    out.put("wal_sender_timeout", millis(timing.silence()));
    out.put("wal_receiver_timeout", millis(timing.silence()));
    out.put("wal_receiver_status_interval", "1s");
    out.put("wal_retrieve_retry_interval", "500ms");
    out.put("hot_standby_feedback", "on");
    out.put("max_standby_streaming_delay", "3min");
    out.put("tcp_user_timeout", millis(timing.userTimeout()));
    out.put("tcp_keepalives_idle", "10s");
    out.put("tcp_keepalives_interval", "3s");
    out.put("tcp_keepalives_count", 3);
  }

  private void logging(Map<String, Object> out) {
    out.put("logging_collector", "on");
    out.put("log_destination", "csvlog");
    out.put("log_directory", site.layout().log().resolve("postgres").toString());
    out.put("log_filename", "postgresql-%a.log");
    out.put("log_file_mode", "0640");
    out.put("log_rotation_age", "1d");
    out.put("log_rotation_size", 0);
    out.put("log_truncate_on_rotation", "on");
    out.put("log_timezone", "UTC");
    out.put("log_checkpoints", "on");
    out.put("log_lock_waits", "on");
    out.put("log_replication_commands", "on");
    out.put("log_statement", "ddl");
    out.put("log_min_duration_statement", 100);
  }

  private Map<String, String> own(boolean clusterWide) {
    var out = new LinkedHashMap<>(site.settings().textEntries("pg_parameters"));
    out.keySet().removeIf(name -> CLUSTER_WIDE.contains(name) != clusterWide);
    return out;
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
