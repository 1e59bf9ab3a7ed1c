package dev.matriarch.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.Revocation;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.SyncState;
import dev.matriarch.engine.TimelineSwitch;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The cluster's keys but for the members': JSON as the field's clients read it (drop-in contract,
 * 4).
 */
final class KeyCodec {

  /** Ours; clients of the field leave aside what they do not know. */
  private static final String PAUSED_LEADER = "paused_leader";

  private static final String LAST_LEADER = "leader";
  private static final String LONGEST_PAUSE = "longest_pause_ms";
  private static final String LOST = "lost";

  private static final String GIVEN_UP = "given_up";

  private static final String FOLLOWED = "followed";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx");

  /** Empty while the winner bootstraps. */
  private static final Pattern IDENTIFIER = Pattern.compile("[0-9]{0,20}");

  private KeyCodec() {}

  static Initialization initialization(String value) throws Json.Unreadable {
    if (!IDENTIFIER.matcher(value.strip()).matches()) {
      throw new Json.Unreadable("must be a system identifier, not " + value);
    }
    return value.isEmpty()
        ? new Initialization.InProgress()
        : new Initialization.Done(value.strip());
  }

  /** It can be read, and names a cluster that is not this one. */
  static boolean namesAnother(String value, String systemIdentifier) {
    try {
      return initialization(value) instanceof Initialization.Done recorded
          && !recorded.systemIdentifier().equals(systemIdentifier);
    } catch (Json.Unreadable e) {
      return false;
    }
  }

  static String encode(StatusRecord status) {
    ObjectNode json = Json.newObject();
    json.put("optime", status.position().value());
    if (!status.slots().isEmpty()) {
      ObjectNode slots = json.putObject("slots");
      status.slots().forEach((slot, position) -> slots.put(slot, position.value()));
    }
    if (!status.retainedSlots().isEmpty()) {
      ArrayNode retained = json.putArray("retain_slots");
      status.retainedSlots().stream().sorted().forEach(retained::add);
    }
    if (!status.pausedLeader().isEmpty()) {
      json.put(PAUSED_LEADER, status.pausedLeader());
    }
    if (!status.leader().isEmpty()) {
      json.put(LAST_LEADER, status.leader());
    }
    if (status.givenUp() > 0) {
      json.put(GIVEN_UP, status.givenUp());
    }
    if (status.followed() > 0) {
      json.put(FOLLOWED, status.followed());
    }
    return json.toString();
  }

  static StatusRecord status(String text) throws Json.Unreadable {
    JsonNode json = Json.parse(text);
    if (json.isIntegralNumber()) {
      return new StatusRecord(new Lsn(json.asLong()), new TreeMap<>(), List.of());
    }
    ObjectNode object = Json.object(text);
    SortedMap<String, Lsn> slots = new TreeMap<>();
    for (var slot : object.path("slots").properties()) {
      slots.put(slot.getKey(), new Lsn(Json.number(slot.getValue(), slot.getKey(), 0)));
    }
    List<String> retained = new ArrayList<>();
    object.path("retain_slots").forEach(slot -> retained.add(slot.asText()));
    return new StatusRecord(
        new Lsn(Json.number(object, "optime")),
        slots,
        retained,
        Json.text(object, PAUSED_LEADER),
        Json.text(object, LAST_LEADER),
        Math.toIntExact(Json.number(object, GIVEN_UP)),
        Math.toIntExact(Json.number(object, FOLLOWED)));
  }

  static String encode(SyncState sync) {
    ObjectNode json = Json.newObject();
    json.put("leader", sync.leader()).put("quorum", sync.quorum());
    if (sync.voters().isEmpty()) {
      json.putNull("sync_standby");
    } else {
      json.put("sync_standby", String.join(",", sync.voters()));
    }
    return json.toString();
  }

  static SyncState sync(String text, long revision) throws Json.Unreadable {
    ObjectNode json = Json.object(text);
    TreeSet<String> voters = new TreeSet<>();
    for (String name : Json.text(json, "sync_standby").split(",", -1)) {
      if (!name.isBlank()) {
        voters.add(name.strip());
      }
    }
    int quorum = Math.toIntExact(Json.number(json, "quorum"));
    return new SyncState(revision, Json.text(json, "leader"), quorum, voters);
  }

  static String encode(Revocation revocation) {
    return Json.newObject()
        .put("term", revocation.term())
        .put("leader", revocation.leader())
        .put("sync", revocation.sync())
        .put("by", revocation.by())
        .toString();
  }

  static Revocation revocation(String text, long revision) throws Json.Unreadable {
    ObjectNode json = Json.object(text);
    return new Revocation(
        revision,
        Json.text(json, "leader"),
        Json.number(json, "term"),
        Json.number(json, "sync"),
        Json.text(json, "by"));
  }

  static String encode(MoveRequest request) {
    ObjectNode json = Json.newObject();
    if (!request.leader().isEmpty()) {
      json.put("leader", request.leader());
    }
    if (!request.candidate().isEmpty()) {
      json.put("member", request.candidate());
    }
    request.scheduledAt().ifPresent(at -> json.put("scheduled_at", time(at)));
    if (!request.longestPause().equals(MoveRequest.PAUSE)) {
      json.put(LONGEST_PAUSE, request.longestPause().toMillis());
    }
    if (!request.lost().isEmpty()) {
      json.put(LOST, request.lost());
    }
    return json.toString();
  }

  /** Empty when the key asks for nothing: what was asked for is done. */
  static Optional<MoveRequest> request(String text, long revision) throws Json.Unreadable {
    if (text.isBlank()) {
      return Optional.empty();
    }
    ObjectNode json = Json.object(text);
    String leader = Json.text(json, "leader");
    String candidate = Json.text(json, "member");
    String scheduled = Json.text(json, "scheduled_at");
    if (leader.isEmpty() && candidate.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new MoveRequest(
            revision,
            leader,
            candidate,
            scheduled.isEmpty()
                ? Optional.empty()
                : Optional.of(instant("scheduled_at", scheduled)),
            json.has(LONGEST_PAUSE)
                ? Duration.ofMillis(Math.max(0, Json.number(json, LONGEST_PAUSE)))
                : MoveRequest.PAUSE,
            Json.text(json, LOST)));
  }

  static String encode(List<TimelineSwitch> history) {
    ArrayNode json = Json.newArray();
    for (TimelineSwitch line : history) {
      json.addArray()
          .add(line.timeline())
          .add(line.end().value())
          .add(line.reason())
          .add(time(line.at()))
          .add(line.newLeader());
    }
    return json.toString();
  }

  /** Lines without time or new leader are older than these fields. */
  static List<TimelineSwitch> history(String text) throws Json.Unreadable {
    List<TimelineSwitch> history = new ArrayList<>();
    for (JsonNode line : Json.array(text)) {
      if (!line.isArray() || line.size() < 3) {
        throw new Json.Unreadable("a line must be [timeline, lsn, reason, ...], not " + line);
      }
      String at = line.path(3).asText();
      history.add(
          new TimelineSwitch(
              Math.toIntExact(Json.number(line.path(0), "timeline", 0)),
              new Lsn(Json.number(line.path(1), "lsn", 0)),
              line.path(2).asText(),
              at.isEmpty() ? Instant.EPOCH : instant("time", at),
              line.path(4).asText()));
    }
    return history;
  }

  static String encodeFailsafe(SortedMap<String, String> members) {
    ObjectNode json = Json.newObject();
    members.forEach(json::put);
    return json.toString();
  }

  static SortedMap<String, String> failsafe(String text) throws Json.Unreadable {
    ObjectNode json = Json.object(text);
    SortedMap<String, String> members = new TreeMap<>();
    for (var member : json.properties()) {
      members.put(member.getKey(), Json.text(json, member.getKey()));
    }
    return members;
  }

  static String time(Instant at) {
    return TIME.format(at.atOffset(ZoneOffset.UTC));
  }

  static Instant instant(String field, String text) throws Json.Unreadable {
    try {
      return OffsetDateTime.parse(text.strip().replace(' ', 'T')).toInstant();
    } catch (DateTimeException e) {
      throw new Json.Unreadable(field + " must be a time with its offset, not " + text);
    }
  }
}
