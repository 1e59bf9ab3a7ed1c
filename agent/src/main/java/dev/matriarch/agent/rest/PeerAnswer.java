package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Disk;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MemberState;
import dev.matriarch.engine.PeerReport;
import dev.matriarch.engine.Role;
import dev.matriarch.etcd.TagsCodec;
import java.util.Optional;

/** A member's answer to a health check, ours or the field's, as the engine takes it. */
final class PeerAnswer {
  private PeerAnswer() {}

  /** Empty when the answer is none of a controller, or of another member. */
  static Optional<PeerReport> read(String member, ObjectNode answer) {
    String name = answer.path("patroni").path("name").asText(member);
    if (!answer.path("state").isTextual() || !name.equals(member)) {
      return Optional.empty();
    }
    JsonNode xlog = answer.path("xlog");
    boolean running =
        MemberState.ofWire(answer.path("state").asText()).isServing() && xlog.isObject();
    Lsn position =
        position(xlog, "location")
            .orLater(position(xlog, "received_location"))
            .orLater(position(xlog, "replayed_location"));
    return Optional.of(
        PeerReport.of(member).toBuilder()
            .role(role(answer.path("role").asText()))
            .running(running)
            .timeline(answer.path("timeline").asInt(0))
            .position(position)
            .tags(TagsCodec.read(answer.path("tags")).toBuilder().shown("").build())
            .seesStore(seesStore(answer))
            .disk(disk(answer))
            .watchdogFailed(answer.path("watchdog_failed").asBoolean(false))
            .mayWrite(mayWrite(answer))
            .promised(answer.path("matriarch").path("promised").asLong(0))
            .leaseAhead(leaseAhead(answer))
            .build());
  }

  private static long leaseAhead(ObjectNode answer) {
    String number = answer.path("matriarch").path("lease_ahead").asText("");
    return number.matches("[0-7]?[0-9a-f]{1,15}") ? Long.parseLong(number, 16) : 0;
  }

  /** One that does not know our word may write unless it says that it is a standby. */
  private static boolean mayWrite(ObjectNode answer) {
    boolean standby = role(answer.path("role").asText()) == Role.STANDBY;
    return answer.path("matriarch").path("may_write").asBoolean(!standby);
  }

  private static Role role(String word) {
    return switch (MemberRole.ofWire(word)) {
      // A demoted member is a primary without the lead, until it has been stopped.
      case PRIMARY, PROMOTED, DEMOTED -> Role.PRIMARY;
      case REPLICA, STANDBY_LEADER -> Role.STANDBY;
      case UNINITIALIZED -> Role.NONE;
    };
  }

  private static Lsn position(JsonNode xlog, String key) {
    return new Lsn(Math.max(0, xlog.path(key).asLong(0)));
  }

  /** One that does not tell is taken to be well. */
  private static Disk.State disk(ObjectNode answer) {
    return switch (answer.path("matriarch").path("disk").asText("")) {
      case "full" -> Disk.State.FULL;
      case "stuck" -> Disk.State.STUCK;
      default -> Disk.State.FINE;
    };
  }

  /** One that does not know our word is taken to see etcd: an answer to the race implies it. */
  private static boolean seesStore(ObjectNode answer) {
    return answer.path("matriarch").path("sees_store").asBoolean(true);
  }
}
