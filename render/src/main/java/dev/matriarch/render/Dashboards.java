package dev.matriarch.render;

import static dev.matriarch.render.Dashboard.Kind.BARS;
import static dev.matriarch.render.Dashboard.Kind.GRAPH;
import static dev.matriarch.render.Dashboard.Kind.STAT;
import static dev.matriarch.render.Dashboard.Kind.STATES;
import static dev.matriarch.render.Dashboard.Kind.TABLE;

import dev.matriarch.render.Dashboard.Panel;
import dev.matriarch.render.Dashboard.Query;
import java.util.List;
import java.util.stream.Stream;

/**
 * The four boards of the seeds: a cluster, its replication, its failovers, and what clients felt of
 * them (P215).
 */
final class Dashboards {
  static final String MOVES = "increase(matriarch_takeovers_total{cls=\"$cls\"}[30s]) > 0";

  private static final Panel WAL =
      new Panel(
          GRAPH,
          "WAL written",
          "Bps",
          "rate(patroni_xlog_location{cls=\"$cls\"}[1m]) and patroni_xlog_location > 0",
          "{{ins}}");
  private static final Panel LEADER =
      new Panel(
          STATES,
          "Who leads",
          "none",
          "patroni_primary{cls=\"$cls\"} + patroni_standby_leader{cls=\"$cls\"}",
          "{{ins}}");

  private static final Dashboard CLUSTER =
      new Dashboard(
          "matriarch-cluster",
          "Cluster overview",
          List.of(
              stat(
                  "Leaders", "none", "sum(patroni_primary{cls=\"$cls\"} + patroni_standby_leader)"),
              stat("Servers that answer", "none", "sum(patroni_postgres_running{cls=\"$cls\"})"),
              stat("Could fail over", "none", "max(matriarch_failover_ready{cls=\"$cls\"})"),
              stat("Timeline", "none", "max(patroni_postgres_timeline{cls=\"$cls\"})"),
              stat(
                  "Lost if the primary died now",
                  "bytes",
                  "max(matriarch_failover_lost_bytes{cls=\"$cls\"})"),
              stat(
                  "Writes away then, at most",
                  "s",
                  "max(matriarch_failover_expected_outage_seconds{cls=\"$cls\"})"),
              stat("Paused", "none", "max(patroni_is_paused{cls=\"$cls\"})"),
              stat(
                  "Goes on without etcd",
                  "none",
                  "max(patroni_failsafe_mode_is_active{cls=\"$cls\"})"),
              LEADER,
              new Panel(
                  STATES, "Servers", "none", "patroni_postgres_running{cls=\"$cls\"}", "{{ins}}"),
              WAL,
              graph(
                  "Bytes behind the primary",
                  "bytes",
                  "matriarch_replication_replay_lag_bytes{cls=\"$cls\"}",
                  "{{standby}}"),
              graph(
                  "Clients of each service",
                  "none",
                  "sum by (proxy) (haproxy_backend_current_sessions{cls=\"$cls\"})",
                  "{{proxy}}"),
              graph(
                  "Seconds since etcd was heard of",
                  "s",
                  "time() - patroni_dcs_last_seen{cls=\"$cls\"}",
                  "{{ins}}"),
              graph("etcd members with a leader", "none", "sum(etcd_server_has_leader)", "etcd"),
              graph(
                  "etcd's disk, 95 of 100 syncs",
                  "s",
                  "histogram_quantile(0.95,"
                      + " rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m]))",
                  "{{ins}}")));

  private static final Dashboard REPLICATION =
      new Dashboard(
          "matriarch-replication",
          "Replication monitoring",
          List.of(
              stat("Replicas that stream", "none", "sum(patroni_postgres_streaming{cls=\"$cls\"})"),
              stat(
                  "Most behind",
                  "bytes",
                  "max(matriarch_replication_replay_lag_bytes{cls=\"$cls\"})"),
              stat(
                  "Commits wait for",
                  "none",
                  "sum(matriarch_replication_synchronous{cls=\"$cls\"})"),
              stat(
                  "Lost if the primary died now",
                  "bytes",
                  "max(matriarch_failover_lost_bytes{cls=\"$cls\"})"),
              graph(
                  "Not on a replica's disk yet",
                  "bytes",
                  "matriarch_replication_flush_lag_bytes{cls=\"$cls\"}",
                  "{{standby}}"),
              graph(
                  "Not replayed yet",
                  "bytes",
                  "matriarch_replication_replay_lag_bytes{cls=\"$cls\"}",
                  "{{standby}}"),
              new Panel(
                  STATES,
                  "Synchronous standbys",
                  "none",
                  "patroni_sync_standby{cls=\"$cls\"} + patroni_quorum_standby{cls=\"$cls\"}",
                  "{{ins}}"),
              new Panel(
                  STATES,
                  "Streaming",
                  "none",
                  "patroni_postgres_streaming{cls=\"$cls\"}",
                  "{{ins}}"),
              WAL,
              graph(
                  "WAL received and replayed",
                  "Bps",
                  List.of(
                      new Query(
                          "rate(patroni_xlog_received_location{cls=\"$cls\"}[1m]) and"
                              + " patroni_xlog_received_location > 0",
                          "{{ins}} received"),
                      new Query(
                          "rate(patroni_xlog_replayed_location{cls=\"$cls\"}[1m]) and"
                              + " patroni_xlog_replayed_location > 0",
                          "{{ins}} replayed"))),
              graph(
                  "Age of what was replayed last",
                  "s",
                  "(time() - patroni_xlog_replayed_timestamp{cls=\"$cls\"}) and"
                      + " patroni_xlog_replayed_timestamp > 0",
                  "{{ins}}"),
              graph("Replay is paused", "none", "patroni_xlog_paused{cls=\"$cls\"}", "{{ins}}")));

  private static final Dashboard FAILOVER =
      new Dashboard(
          "matriarch-failover",
          "Failover analysis",
          List.of(
              stat(
                  "Failovers in this time",
                  "none",
                  "sum(increase(matriarch_takeovers_total{cls=\"$cls\",kind=\"failover\"}[$__range]))"),
              stat(
                  "Switchovers in this time",
                  "none",
                  "sum(increase(matriarch_takeovers_total{cls=\"$cls\",kind=\"switchover\"}[$__range]))"),
              stat(
                  "Last one ended",
                  "dateTimeAsIso",
                  "max(matriarch_takeover_last_time_seconds{cls=\"$cls\"}) * 1000"),
              stat(
                  "Promised at most",
                  "s",
                  "max(matriarch_failover_expected_outage_seconds{cls=\"$cls\"})"),
              LEADER,
              new Panel(
                  BARS,
                  "Phases of each member's last one",
                  "s",
                  "matriarch_takeover_last_seconds{cls=\"$cls\"}",
                  "{{ins}} {{phase}}"),
              new Panel(
                  TABLE,
                  "When each member took the lead last",
                  "dateTimeAsIso",
                  "matriarch_takeover_last_time_seconds{cls=\"$cls\"} * 1000",
                  "{{ins}}"),
              graph(
                  "How long they took, all phases",
                  "s",
                  "sum by (ins) (matriarch_takeover_last_seconds{cls=\"$cls\"})",
                  "{{ins}}"),
              graph(
                  "Timeline of each server",
                  "none",
                  "patroni_postgres_timeline{cls=\"$cls\"}",
                  "{{ins}}"),
              graph("Nobody leads", "none", "max(patroni_cluster_unlocked{cls=\"$cls\"})", "$cls"),
              graph(
                  "Could fail over", "none", "max(matriarch_failover_ready{cls=\"$cls\"})", "$cls"),
              graph(
                  "Goes on without etcd",
                  "none",
                  "patroni_failsafe_mode_is_active{cls=\"$cls\"}",
                  "{{ins}}"),
              graph(
                  "etcd's leader changed",
                  "none",
                  "increase(etcd_server_leader_changes_seen_total[5m])",
                  "{{ins}}")));

  private static final Dashboard PERFORMANCE =
      new Dashboard(
          "matriarch-performance",
          "Performance during failover",
          List.of(
              LEADER,
              graph(
                  "New clients of each service",
                  "cps",
                  "sum by (proxy) (rate(haproxy_backend_sessions_total{cls=\"$cls\"}[1m]))",
                  "{{proxy}}"),
              graph(
                  "Clients that wait",
                  "none",
                  "sum by (proxy) (haproxy_backend_current_queue{cls=\"$cls\"})",
                  "{{proxy}}"),
              graph(
                  "Failed, retried and redirected connections",
                  "cps",
                  List.of(
                      new Query(
                          "sum by (proxy)"
                              + " (rate(haproxy_backend_connection_errors_total{cls=\"$cls\"}[1m]))",
                          "{{proxy}} failed"),
                      new Query(
                          "sum by (proxy)"
                              + " (rate(haproxy_backend_retry_warnings_total{cls=\"$cls\"}[1m]))",
                          "{{proxy}} retried"),
                      new Query(
                          "sum by (proxy)"
                              + " (rate(haproxy_backend_redispatch_warnings_total{cls=\"$cls\"}[1m]))",
                          "{{proxy}} redirected"))),
              graph(
                  "Servers behind each service",
                  "none",
                  "min by (proxy) (haproxy_backend_active_servers{cls=\"$cls\"})",
                  "{{proxy}}"),
              graph(
                  "Time to connect, last 1024 clients",
                  "s",
                  "max by (proxy) (haproxy_backend_connect_time_average_seconds{cls=\"$cls\"})",
                  "{{proxy}}"),
              graph(
                  "Time in a queue, last 1024 clients",
                  "s",
                  "max by (proxy) (haproxy_backend_queue_time_average_seconds{cls=\"$cls\"})",
                  "{{proxy}}"),
              graph(
                  "Answers to clients",
                  "Bps",
                  "sum by (proxy) (rate(haproxy_backend_bytes_out_total{cls=\"$cls\"}[1m]))",
                  "{{proxy}}"),
              graph(
                  "Requests of clients",
                  "Bps",
                  "sum by (proxy) (rate(haproxy_backend_bytes_in_total{cls=\"$cls\"}[1m]))",
                  "{{proxy}}"),
              WAL));

  private Dashboards() {}

  static List<Dashboard> all() {
    return List.of(CLUSTER, REPLICATION, FAILOVER, PERFORMANCE);
  }

  /** All that the boards ask. */
  static Stream<String> expressions() {
    return Stream.concat(
        Stream.of(MOVES),
        all().stream()
            .flatMap(board -> board.panels().stream())
            .flatMap(panel -> panel.queries().stream())
            .map(Query::expression));
  }

  private static Panel stat(String title, String unit, String expression) {
    return new Panel(STAT, title, unit, expression, "");
  }

  private static Panel graph(String title, String unit, String expression, String legend) {
    return new Panel(GRAPH, title, unit, expression, legend);
  }

  private static Panel graph(String title, String unit, List<Query> queries) {
    return new Panel(GRAPH, title, unit, queries);
  }
}
