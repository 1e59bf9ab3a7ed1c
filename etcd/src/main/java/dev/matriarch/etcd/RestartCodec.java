package dev.matriarch.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.RestartConditions;
import dev.matriarch.engine.RestartPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A scheduled restart as members' keys and REST answers tell it (drop-in contract, section 4). */
public final class RestartCodec {
  private static final int MAJOR = 10_000;

  private RestartCodec() {}

  public static ObjectNode write(RestartPlan plan) {
    ObjectNode json = Json.newObject();
    plan.at().ifPresent(at -> json.put("schedule", KeyCodec.time(at)));
    plan.startedBefore().ifPresent(at -> json.put("postmaster_start_time", KeyCodec.time(at)));
    plan.only().role().ifPresent(role -> json.put("role", role.wire()));
    if (plan.only().belowVersion() > 0) {
      json.put("postgres_version", versionText(plan.only().belowVersion()));
    }
    if (plan.only().pending()) {
      json.put("restart_pending", true);
    }
    plan.timeout().ifPresent(timeout -> json.put("timeout", timeout.toSeconds()));
    return json;
  }

  /** Empty when there is none, or one without a time. */
  static Optional<RestartPlan> read(JsonNode json) throws Json.Unreadable {
    String schedule = Json.text(json, "schedule");
    if (schedule.isEmpty()) {
      return Optional.empty();
    }
    String started = Json.text(json, "postmaster_start_time");
    long timeout = Json.number(json, "timeout");
    RestartConditions only =
        new RestartConditions(
            role(Json.text(json, "role")),
            version(Json.text(json, "postgres_version")).orElse(0),
            json.has("restart_pending"));
    return Optional.of(
        new RestartPlan(
            only,
            timeout > 0 ? Optional.of(Duration.ofSeconds(timeout)) : Optional.empty(),
            Optional.of(KeyCodec.instant("schedule", schedule)),
            started.isEmpty()
                ? Optional.<Instant>empty()
                : Optional.of(KeyCodec.instant("postmaster_start_time", started))));
  }

  private static Optional<MemberRole> role(String word) {
    return word.isEmpty() ? Optional.empty() : Optional.of(MemberRole.ofWire(word));
  }

  /** {@code 15.4} as PostgreSQL numbers it; {@code 9.5.2} as it did before version 10. */
  public static Optional<Integer> version(String text) {
    String[] parts = text.strip().split("\\.", -1);
    if (!text.strip().matches("[0-9]{1,3}(\\.[0-9]{1,2}){0,2}")) {
      return Optional.empty();
    }
    int major = Integer.parseInt(parts[0]);
    int second = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
    int third = parts.length > 2 ? Integer.parseInt(parts[2]) : 0;
    boolean modern = major >= 10;
    return modern && parts.length > 2
        ? Optional.empty()
        : Optional.of(major * MAJOR + (modern ? second : second * 100 + third));
  }

  private static String versionText(int number) {
    int major = number / MAJOR;
    int rest = number % MAJOR;
    return major >= 10 ? major + "." + rest : major + "." + rest / 100 + "." + rest % 100;
  }
}
