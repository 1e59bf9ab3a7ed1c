package dev.matriarch.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MemberState;
import dev.matriarch.engine.PendingChange;
import dev.matriarch.engine.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A member's key: JSON as the field's clients read it (drop-in contract, section 4). */
final class MemberCodec {

  /** Ours alone: other clients of these keys pass over it. */
  private static final String LEASE = "lease_ms";

  private static final String KEEPS_CLIENTS = "keeps_clients";
  private static final String POOLED_TO = "pooled_to";

  private MemberCodec() {}

  static ObjectNode encode(Member member) {
    ObjectNode json = Json.newObject();
    json.put("conn_url", member.connUrl()).put("api_url", member.apiUrl());
    json.put("state", member.state().wire());
    json.put("role", member.role().wire()).put("version", member.version());
    putPosition(json, "xlog_location", member.position());
    putPosition(json, "receive_lsn", member.receivedPosition());
    putPosition(json, "replay_lsn", member.replayedPosition());
    if (!member.replicationState().isEmpty()) {
      json.put("replication_state", member.replicationState());
    }
    if (member.timeline() > 0) {
      json.put("timeline", member.timeline());
    }
    ObjectNode tags = tags(member.tags());
    if (!tags.isEmpty()) {
      json.set("tags", tags);
    }
    if (member.pendingRestart()) {
      json.put("pending_restart", true);
    }
    if (!member.pending().isEmpty()) {
      ObjectNode reasons = json.putObject("pending_restart_reason");
      for (PendingChange change : member.pending()) {
        reasons
            .putObject(change.parameter())
            .put("old_value", change.current())
            .put("new_value", change.next());
      }
    }
    if (member.paused()) {
      json.put("pause", true);
    }
    if (member.unsettled()) {
      // Absence means done: the field's members wait for it before they rewind.
      json.put("checkpoint_after_promote", false);
    }
    if (!member.proxyUrl().isEmpty()) {
      json.put("proxy_url", member.proxyUrl());
    }
    if (member.raisesKey()) {
      json.put("raises_key", true);
    }
    member
        .scheduledRestart()
        .ifPresent(plan -> json.set("scheduled_restart", RestartCodec.write(plan)));
    if (!member.lease().isZero()) {
      json.put(LEASE, member.lease().toMillis());
    }
    if (member.keepsClients()) {
      json.put(KEEPS_CLIENTS, true);
    }
    if (!member.pooledTo().isEmpty()) {
      json.put(POOLED_TO, member.pooledTo());
    }
    return json;
  }

  private static void putPosition(ObjectNode json, String field, Lsn position) {
    if (position.isKnown()) {
      json.put(field, position.value());
    }
  }

  private static List<PendingChange> pending(JsonNode reasons) {
    List<PendingChange> changes = new ArrayList<>();
    for (var reason : reasons.properties()) {
      changes.add(
          new PendingChange(
              reason.getKey(),
              reason.getValue().path("old_value").asText(""),
              reason.getValue().path("new_value").asText("")));
    }
    return changes;
  }

  private static ObjectNode tags(Tags tags) {
    try {
      return TagsCodec.write(tags);
    } catch (Json.Unreadable e) {
      throw new IllegalArgumentException("tags " + e.getMessage(), e);
    }
  }

  static Member decode(String name, String text) throws Json.Unreadable {
    ObjectNode json = Json.object(text);
    return Member.named(name).toBuilder()
        .connUrl(Json.text(json, "conn_url"))
        .apiUrl(Json.text(json, "api_url"))
        .state(MemberState.ofWire(Json.text(json, "state")))
        .role(MemberRole.ofWire(Json.text(json, "role")))
        .timeline(Math.toIntExact(Json.number(json, "timeline")))
        .position(new Lsn(Json.number(json, "xlog_location")))
        .receivedPosition(new Lsn(Json.number(json, "receive_lsn")))
        .replayedPosition(new Lsn(Json.number(json, "replay_lsn")))
        .tags(TagsCodec.read(json.path("tags")))
        .version(Json.text(json, "version"))
        .replicationState(Json.text(json, "replication_state"))
        .pendingRestart(Json.truth(json, "pending_restart"))
        .pending(pending(json.path("pending_restart_reason")))
        .paused(Json.truth(json, "pause"))
        .unsettled(
            json.has("checkpoint_after_promote") && !Json.truth(json, "checkpoint_after_promote"))
        .proxyUrl(Json.text(json, "proxy_url"))
        .raisesKey(Json.truth(json, "raises_key"))
        .scheduledRestart(RestartCodec.read(json.path("scheduled_restart")))
        .lease(Duration.ofMillis(Math.max(0, Json.number(json, LEASE))))
        .keepsClients(Json.truth(json, KEEPS_CLIENTS))
        .pooledTo(Json.text(json, POOLED_TO))
        .build();
  }
}
