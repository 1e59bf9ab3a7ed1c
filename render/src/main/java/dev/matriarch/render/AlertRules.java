package dev.matriarch.render;

import static dev.matriarch.render.Alert.Severity.CRIT;
import static dev.matriarch.render.Alert.Severity.INFO;
import static dev.matriarch.render.Alert.Severity.WARN;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code rules.yml}: what Prometheus or vmalert should call somebody for (P210). The labels {@code
 * cls}, {@code ins} and {@code part} are those of {@link ScrapeFile}.
 */
final class AlertRules {
  static final String NAME = "rules.yml";

  static final List<Alert> CLUSTER =
      List.of(
          new Alert(
              "LeaderMissing",
              "sum by (cls) (patroni_primary + patroni_standby_leader) < 1",
              "1m",
              CRIT,
              "{{ $labels.cls }} has no leader: nobody takes writes"),
          // Two scrapes of one switchover may show both; a lasting second leader is never right.
          new Alert(
              "LeadersTooMany",
              "sum by (cls) (patroni_primary + patroni_standby_leader) > 1",
              "30s",
              CRIT,
              "{{ $value }} members of {{ $labels.cls }} say that they lead"),
          new Alert(
              "FailsafeActive",
              "max by (cls) (patroni_failsafe_mode_is_active) > 0",
              "0s",
              CRIT,
              "{{ $labels.cls }} goes on without etcd: bring etcd back, nothing can fail over"),
          new Alert(
              "FailoverImpossible",
              "max by (cls) (matriarch_failover_ready) < 1 and on (cls) count by (cls)"
                  + " (patroni_version) > 1",
              "5m",
              WARN,
              "no member of {{ $labels.cls }} could lead if its primary were lost; see matriarch"
                  + " status"),
          new Alert(
              "FailoverHappened",
              "increase(matriarch_takeovers_total{kind=\"failover\"}[5m]) > 0",
              "0s",
              INFO,
              "{{ $labels.ins }} took the lead of {{ $labels.cls }}; see matriarch explain"),
          new Alert(
              "ClusterPaused",
              "max by (cls) (patroni_is_paused) > 0",
              "1h",
              INFO,
              "{{ $labels.cls }} is paused: nothing fails over; see matriarch resume"));

  static final List<Alert> MEMBER =
      List.of(
          new Alert(
              "AgentDown",
              "up{job=\"pgsql\",part=\"agent\"} < 1",
              "1m",
              CRIT,
              "the agent of {{ $labels.ins }} does not answer"),
          new Alert(
              "PostgresDown",
              "patroni_postgres_running < 1",
              "1m",
              CRIT,
              "PostgreSQL of {{ $labels.ins }} does not answer"),
          new Alert(
              "PostgresRestarted",
              "time() - patroni_postmaster_start_time < 300 and patroni_postgres_running > 0",
              "1m",
              INFO,
              "PostgreSQL of {{ $labels.ins }} was started within the last five minutes"),
          new Alert(
              "ReplicationBroken",
              "patroni_replica > 0 and on (cls, ins) patroni_postgres_streaming < 1",
              "1m",
              WARN,
              "{{ $labels.ins }} receives no WAL from its leader"),
          new Alert(
              "ReplicationLag",
              "matriarch_replication_replay_lag_bytes > 1048576",
              "1m",
              WARN,
              "{{ $labels.standby }} is {{ $value | humanize1024 }}B behind {{ $labels.ins }}"),
          new Alert(
              "ReplayPaused",
              "patroni_xlog_paused > 0",
              "15m",
              WARN,
              "{{ $labels.ins }} does not replay the WAL that it receives"),
          new Alert(
              "RestartPending",
              "patroni_pending_restart > 0",
              "1h",
              INFO,
              "a changed setting of {{ $labels.ins }} waits for matriarch restart --pending"),
          new Alert(
              "EtcdUnseen",
              "time() - patroni_dcs_last_seen > 60",
              "1m",
              WARN,
              "{{ $labels.ins }} has not heard of etcd for {{ $value | humanizeDuration }}"));

  static final List<Alert> SERVICE =
      List.of(
          new Alert(
              "HaproxyDown",
              "up{job=\"pgsql\",part=\"haproxy\"} < 1",
              "1m",
              CRIT,
              "HAProxy of {{ $labels.ins }} does not answer"),
          new Alert(
              "ServiceDown",
              "haproxy_backend_active_servers{proxy=~\".+-(primary|replica|default)\"}"
                  + " + haproxy_backend_backup_servers < 1",
              "1m",
              CRIT,
              "HAProxy of {{ $labels.ins }} has no server for {{ $labels.proxy }}"));

  static final List<Alert> ETCD =
      List.of(
          new Alert(
              "EtcdDown",
              "up{job=\"etcd\"} < 1",
              "1m",
              CRIT,
              "etcd member {{ $labels.ins }} does not answer"),
          new Alert(
              "EtcdNoLeader",
              "min by (cls) (etcd_server_has_leader) < 1",
              "15s",
              CRIT,
              "a member of etcd {{ $labels.cls }} sees no leader"),
          new Alert(
              "EtcdQuotaFull",
              "etcd_mvcc_db_total_size_in_bytes / etcd_server_quota_backend_bytes > 0.9",
              "1m",
              WARN,
              "the database of {{ $labels.ins }} is {{ $value | humanizePercentage }} of its quota"),
          new Alert(
              "EtcdPeerSlow",
              "histogram_quantile(0.95,"
                  + " rate(etcd_network_peer_round_trip_time_seconds_bucket[5m])) > 0.2",
              "1m",
              INFO,
              "{{ $labels.ins }} is {{ $value | humanizeDuration }} away from a peer"),
          new Alert(
              "EtcdDiskSlow",
              "histogram_quantile(0.95, rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m])) >"
                  + " 0.05",
              "1m",
              INFO,
              "the disk of {{ $labels.ins }} takes {{ $value | humanizeDuration }} to sync"));

  private AlertRules() {}

  static Stream<Alert> all() {
    return Stream.of(CLUSTER, MEMBER, SERVICE, ETCD).flatMap(List::stream);
  }

  static String text() {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put(
        "groups",
        List.of(
            group("matriarch-cluster", "pgsql", CLUSTER),
            group("matriarch-member", "pgsql", MEMBER),
            group("matriarch-service", "haproxy", SERVICE),
            group("matriarch-etcd", "etcd", ETCD)));
    return YamlText.of(file);
  }

  private static Map<String, Object> group(String name, String category, List<Alert> alerts) {
    Map<String, Object> group = new LinkedHashMap<>();
    group.put("name", name);
    group.put("rules", alerts.stream().map(alert -> alert.yaml(category)).toList());
    return group;
  }
}
