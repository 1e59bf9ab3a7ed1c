package dev.matriarch.agent.rest;

import dev.matriarch.engine.FailoverReadiness;
import dev.matriarch.postgres.Lsn;
import dev.matriarch.postgres.Observation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the field's {@code /metrics} have no word for: lag at one moment, and moves of the lead. */
final class OwnMetrics {
  private final AgentStatus status;

  OwnMetrics(AgentStatus status) {
    this.status = status;
  }

  void write(Exposition out) {
    replication(out);
    readiness(out);
    takeovers(out);
  }

  /** Of the primary's own view: positions that two members tell at two moments do not compare. */
  private void replication(Exposition out) {
    SortedMap<String, String> flush = new TreeMap<>();
    SortedMap<String, String> replay = new TreeMap<>();
    SortedMap<String, String> synchronous = new TreeMap<>();
    if (status.observed() instanceof Observation.Running running && !running.inRecovery()) {
      long end = running.position().value();
      for (Observation.Sender sender : running.senders()) {
        String standby = sender.applicationName();
        flush.put(standby, behind(end, sender.flush()));
        replay.put(standby, behind(end, sender.replay()));
        boolean sync = sender.syncState().equals("sync") || sender.syncState().equals("quorum");
        synchronous.put(standby, sync ? "1" : "0");
      }
    }
    out.gauges(
        "matriarch_replication_flush_lag_bytes",
        "WAL of this primary that a standby has not on its disk.",
        "standby",
        flush);
    out.gauges(
        "matriarch_replication_replay_lag_bytes",
        "WAL of this primary that a standby has not replayed.",
        "standby",
        replay);
    out.gauges(
        "matriarch_replication_synchronous",
        "1 if commits on this primary wait for a standby.",
        "standby",
        synchronous);
  }

  private static String behind(long end, Lsn position) {
    return Long.toString(Math.max(0, end - position.value()));
  }

  /** Only the leader knows. */
  private void readiness(Exposition out) {
    if (!status.view().leads(status.now())) {
      return;
    }
    FailoverReadiness found = FailoverReadiness.of(status.view(), status.now(), status.pace());
    out.gauge(
        "matriarch_failover_ready",
        "1 if another member could lead at this moment.",
        found.ready() ? "1" : "0");
    out.gauge(
        "matriarch_failover_expected_outage_seconds",
        "How long writes would stay away at most if this host were lost.",
        seconds(found.outage()));
    found
        .lostBytes()
        .ifPresent(
            bytes ->
                out.gauge(
                    "matriarch_failover_lost_bytes",
                    "WAL that would be lost at most if this host were lost now.",
                    Long.toString(bytes)));
  }

  private void takeovers(Exposition out) {
    Takeovers takeovers = status.takeovers();
    Map<String, String> counts = new LinkedHashMap<>();
    counts.put("failover", Integer.toString(takeovers.failovers()));
    counts.put("switchover", Integer.toString(takeovers.switchovers()));
    out.counters(
        "matriarch_takeovers_total",
        "How often this member took the lead from another since its agent started.",
        "kind",
        counts);
    takeovers
        .last()
        .ifPresent(
            last -> {
              out.gauge(
                  "matriarch_takeover_last_time_seconds",
                  "When that was done last, in seconds since 1970.",
                  Double.toString(last.at().toEpochMilli() / 1000.0));
              Map<String, String> phases = new LinkedHashMap<>();
              phases.put("silence", seconds(last.silence()));
              phases.put("election", seconds(last.election()));
              phases.put("promotion", seconds(last.promotion()));
              out.gauges(
                  "matriarch_takeover_last_seconds",
                  "How long each phase took then, from the former leader's last sign of life.",
                  "phase",
                  phases);
            });
  }

  private static String seconds(Duration time) {
    return Double.toString(time.toMillis() / 1000.0);
  }
}
