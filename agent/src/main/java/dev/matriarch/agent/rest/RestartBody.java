package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.agent.config.Words;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.RestartConditions;
import dev.matriarch.engine.RestartPlan;
import dev.matriarch.etcd.RestartCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The body of {@code POST /restart}: either a plan or why it is none. */
final class RestartBody {
  private Optional<Answer> refusal = Optional.empty();
  private Optional<MemberRole> role = Optional.empty();
  private Optional<Duration> timeout = Optional.empty();
  private Optional<Instant> at = Optional.empty();
  private int version;
  private boolean pending;

  private RestartBody() {}

  static RestartBody read(ObjectNode body, Instant now) {
    RestartBody read = new RestartBody();
    for (Map.Entry<String, JsonNode> entry : body.properties()) {
      read.take(entry.getKey(), entry.getValue(), now);
    }
    return read;
  }

  private void take(String key, JsonNode value, Instant now) {
    switch (key) {
      case "role" -> role(value);
      case "postgres_version" -> version(value);
      case "timeout" -> timeout(value);
      case "schedule" -> schedule(value, now);
      // That it is there is what counts: its value is a word of many spellings.
      case "restart_pending" -> pending = true;
      default ->
          refuse(
              400,
              "a restart knows role, postgres_version, timeout, restart_pending and schedule, not "
                  + key);
    }
  }

  private void role(JsonNode value) {
    MemberRole found = MemberRole.ofWire(value.asText());
    boolean known =
        found == MemberRole.PRIMARY
            || found == MemberRole.REPLICA
            || found == MemberRole.STANDBY_LEADER;
    if (known) {
      role = Optional.of(found);
    } else {
      refuse(400, "role must be primary, replica or standby_leader");
    }
  }

  private void version(JsonNode value) {
    Optional<Integer> found = RestartCodec.version(value.asText());
    if (found.isEmpty()) {
      refuse(400, "postgres_version must be a version such as 15.4");
    }
    version = found.orElse(0);
  }

  private void timeout(JsonNode value) {
    timeout =
        Words.duration(value.asText())
            .filter(Duration::isPositive)
            .filter(length -> length.compareTo(Duration.ofDays(1)) <= 0);
    if (timeout.isEmpty()) {
      refuse(400, "timeout must be a positive number of seconds, at most a day");
    }
  }

  private void schedule(JsonNode value, Instant now) {
    Optional<Schedule> found = Schedule.of(value);
    found
        .flatMap(schedule -> schedule.objection(now))
        .ifPresent(why -> refuse(why.status(), "schedule " + why.sentence()));
    at = found.flatMap(Schedule::at);
  }

  /** The first that is wrong is told. */
  private void refuse(int status, String sentence) {
    if (refusal.isEmpty()) {
      refusal = Optional.of(Answer.text(status, sentence));
    }
  }

  Optional<Answer> refusal() {
    return refusal;
  }

  RestartPlan plan() {
    return new RestartPlan(
        new RestartConditions(role, version, pending), timeout, at, Optional.empty());
  }
}
