package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.TimelineSwitch;
import dev.matriarch.etcd.RestartCodec;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** What {@code /cluster}, {@code /history} and {@code /failsafe} tell of the whole cluster. */
final class ClusterJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final AgentStatus status;
  private final ClusterState state;

  ClusterJson(AgentStatus status) {
    this.status = status;
    this.state = status.view().state();
  }

  ObjectNode cluster() {
    ObjectNode body = NODES.objectNode();
    ArrayNode members = body.putArray("members");
    Lsn end = leaderPosition();
    state.members().values().forEach(member -> members.add(member(member, end)));
    body.put("scope", status.scope());
    if (status.view().settings().paused()) {
      body.put("pause", true);
    }
    state.request().ifPresent(move -> putSchedule(body, move));
    return body;
  }

  private static void putSchedule(ObjectNode body, MoveRequest move) {
    if (move.scheduledAt().isEmpty()) {
      return;
    }
    ObjectNode schedule = body.putObject("scheduled_switchover");
    schedule.put("at", shown(move.scheduledAt().get()));
    if (!move.leader().isEmpty()) {
      schedule.put("from", move.leader());
    }
    if (!move.candidate().isEmpty()) {
      schedule.put("to", move.candidate());
    }
  }

  private static String shown(Instant at) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
  }

  private Lsn leaderPosition() {
    Lsn written = state.status().position();
    return state.leader().map(leader -> leader.position().orLater(written)).orElse(written);
  }

  private ObjectNode member(Member member, Lsn end) {
    boolean leads = state.leadership().isHeldBy(member.name());
    ObjectNode node = NODES.objectNode();
    node.put("name", member.name());
    node.put("role", leads ? leaderRole(member) : replicaRole(member));
    boolean streams = !leads && member.isReplica() && !member.replicationState().isEmpty();
    node.put("state", streams ? member.replicationState() : member.state().wire());
    node.put("api_url", member.apiUrl());
    putAddress(node, member);
    if (member.timeline() > 0) {
      node.put("timeline", member.timeline());
    }
    if (!leads) {
      putLag(node, member, end);
    }
    if (member.pendingRestart()) {
      node.put("pending_restart", true);
    }
    member
        .scheduledRestart()
        .ifPresent(plan -> node.set("scheduled_restart", RestartCodec.write(plan)));
    ObjectNode tags = tags(member.tags());
    if (!tags.isEmpty()) {
      node.set("tags", tags);
    }
    return node;
  }

  private static String leaderRole(Member member) {
    return member.role() == MemberRole.STANDBY_LEADER ? member.role().wire() : "leader";
  }

  private String replicaRole(Member member) {
    Synchrony synchrony = status.view().settings().synchrony();
    if (!state.sync().isRecorded() || !state.sync().voters().contains(member.name())) {
      return "replica";
    }
    return switch (synchrony.mode()) {
      case OFF -> "replica";
      case PRIORITY -> "sync_standby";
      case QUORUM -> "quorum_standby";
    };
  }

  private static void putAddress(ObjectNode node, Member member) {
    try {
      URI address = URI.create(member.connUrl());
      if (address.getHost() != null) {
        node.put("host", address.getHost());
        node.put("port", address.getPort() > 0 ? address.getPort() : 5432);
      }
    } catch (IllegalArgumentException e) {
      // A member of the field may write what we cannot read: it is shown without an address.
    }
  }

  private static void putLag(ObjectNode node, Member member, Lsn end) {
    Lsn has =
        member.receivedPosition().orLater(member.replayedPosition()).orLater(member.position());
    if (end.isKnown() && has.isKnown()) {
      node.put("lag", has.bytesBehind(end));
    } else {
      node.put("lag", "unknown");
    }
    putPosition(node, "receive", member.receivedPosition(), end);
    putPosition(node, "replay", member.replayedPosition(), end);
  }

  private static void putPosition(ObjectNode node, String kind, Lsn at, Lsn end) {
    if (at.isKnown()) {
      node.put(kind + "_lsn", at.toString());
      if (end.isKnown()) {
        node.put(kind + "_lag", at.bytesBehind(end));
      }
    }
  }

  private static ObjectNode tags(Tags tags) {
    return Json.object(tags.shown()).orElseGet(NODES::objectNode);
  }

  ArrayNode history() {
    ArrayNode lines = NODES.arrayNode();
    for (TimelineSwitch line : state.history()) {
      lines
          .addArray()
          .add(line.timeline())
          .add(line.end().value())
          .add(line.reason())
          .add(shown(line.at()))
          .add(line.newLeader());
    }
    return lines;
  }

  ObjectNode failsafe() {
    ObjectNode members = NODES.objectNode();
    state.failsafe().members().forEach(members::put);
    return members;
  }
}
