package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Disk;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.PendingChange;
import dev.matriarch.engine.SelfPortrait;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.View;
import dev.matriarch.etcd.RestartCodec;
import dev.matriarch.postgres.Observation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** What {@code /patroni} and every health check tell of this member. */
final class StatusJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx", Locale.ROOT);

  private final AgentStatus status;
  private final View view;
  private final ObjectNode tags;

  StatusJson(AgentStatus status) {
    this.status = status;
    this.view = status.view();
    this.tags = Json.object(status.tags().json()).orElseGet(NODES::objectNode);
  }

  ObjectNode json() {
    Member member = SelfPortrait.of(view, status.now());
    ObjectNode body = NODES.objectNode();
    body.put("state", member.state().wire());
    running().ifPresent(r -> body.put("postmaster_start_time", time(r.postmasterStarted())));
    body.put("role", member.role().wire());
    running().ifPresent(r -> putServer(body, r));
    putCluster(body);
    if (!tags.isEmpty()) {
      body.set("tags", tags.deepCopy());
    }
    systemIdentifier().ifPresent(id -> body.put("database_system_identifier", id));
    if (view.server().pendingRestart()) {
      body.put("pending_restart", true);
      putReasons(body, member);
    }
    view.wishes()
        .scheduled()
        .ifPresent(wish -> body.set("scheduled_restart", RestartCodec.write(wish.plan())));
    body.set("patroni", self());
    body.set("matriarch", matriarch());
    return body;
  }

  private static void putReasons(ObjectNode body, Member member) {
    if (!member.pending().isEmpty()) {
      ObjectNode reasons = body.putObject("pending_restart_reason");
      for (PendingChange change : member.pending()) {
        reasons
            .putObject(change.parameter())
            .put("old_value", change.current())
            .put("new_value", change.next());
      }
    }
  }

  private ObjectNode self() {
    return NODES
        .objectNode()
        .put("version", view.self().version())
        .put("scope", status.scope())
        .put("name", view.name());
  }

  /** For our own peers: what the field's answer has no word for. */
  private ObjectNode matriarch() {
    ObjectNode own = NODES.objectNode();
    own.put("sees_store", view.store().isCurrent());
    own.put("leads", view.leads(status.now()));
    Disk.State disk = SelfPortrait.disk(view, status.now());
    if (disk != Disk.State.FINE) {
      own.put("disk", disk.name().toLowerCase(Locale.ROOT));
    }
    own.put("may_write", view.leads(status.now()) || view.server().mayBeWriting());
    long promise = SelfPortrait.promise(view);
    if (promise != 0) {
      own.put("promised", promise);
    }
    if (status.leaseAhead() != 0) {
      own.put("lease_ahead", Long.toHexString(status.leaseAhead()));
    }
    status.closed().ifPresent(closed -> own.set(ClosedMove.KEY, closed.json()));
    view.deadline()
        .ifPresent(
            at -> own.put("lease_deadline_ms", Duration.between(status.now(), at).toMillis()));
    return own;
  }

  private Optional<Observation.Running> running() {
    return status.observed() instanceof Observation.Running running
        ? Optional.of(running)
        : Optional.empty();
  }

  private void putServer(ObjectNode body, Observation.Running running) {
    body.put("server_version", running.serverVersion());
    ObjectNode xlog = body.putObject("xlog");
    if (running.inRecovery()) {
      xlog.put("received_location", running.received().map(lsn -> lsn.value()).orElse(0L));
      xlog.put("replayed_location", running.replayed().map(lsn -> lsn.value()).orElse(0L));
      xlog.put("replayed_timestamp", running.lastReplayed().map(StatusJson::time).orElse(null));
      xlog.put("paused", running.replayPaused());
    } else {
      xlog.put("location", running.written().map(lsn -> lsn.value()).orElse(0L));
    }
    body.put("timeline", view.server().timeline());
    String replication = SelfPortrait.replicationState(view.server());
    if (running.inRecovery() && !replication.isEmpty()) {
      body.put("replication_state", replication);
    }
    if (!running.senders().isEmpty()) {
      ArrayNode rows = body.putArray("replication");
      for (Observation.Sender sender : running.senders()) {
        // Null, as PostgreSQL has it, for one that came through the Unix socket.
        String address = sender.address().isEmpty() ? null : sender.address();
        rows.addObject()
            .put("usename", sender.user())
            .put("application_name", sender.applicationName())
            .put("client_addr", address)
            .put("state", sender.state())
            .put("sync_state", sender.syncState())
            .put("sync_priority", sender.syncPriority());
      }
    }
  }

  private void putCluster(ObjectNode body) {
    if (isSync(Synchrony.Mode.PRIORITY)) {
      body.put("sync_standby", true);
    }
    if (isSync(Synchrony.Mode.QUORUM)) {
      body.put("quorum_standby", true);
    }
    if (!view.store().isCurrent() || view.state().leadership().isVacant()) {
      body.put("cluster_unlocked", true);
    }
    status.storeSeenAt().ifPresent(at -> body.put("dcs_last_seen", at.getEpochSecond()));
    if (view.isFailsafeActive(status.now())) {
      body.put("failsafe_mode_is_active", true);
    }
    if (view.settings().paused()) {
      body.put("pause", true);
    }
    if (view.self().watchdogFailed()) {
      body.put("watchdog_failed", true);
    }
  }

  private Optional<String> systemIdentifier() {
    if (!view.server().systemIdentifier().isEmpty()) {
      return Optional.of(view.server().systemIdentifier());
    }
    return view.state().initialization() instanceof Initialization.Done done
        ? Optional.of(done.systemIdentifier())
        : Optional.empty();
  }

  /** Whether commits wait for this standby, in this mode; unknown counts as no. */
  boolean isSync(Synchrony.Mode mode) {
    return view.store().isCurrent()
        && view.settings().synchrony().mode() == mode
        && view.server().isRunningStandby()
        && view.state().sync().isRecorded()
        && view.state().sync().voters().contains(view.name());
  }

  boolean hasTag(String key, String value) {
    JsonNode tag = tags.path(key);
    return tag.isValueNode() && tag.asText().equalsIgnoreCase(value);
  }

  static String time(Instant instant) {
    return TIME.format(instant.atOffset(ZoneOffset.UTC));
  }
}
