package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.matriarch.inventory.Cluster;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a member says of itself, by its agent's mouth.
 *
 * @param role such as {@code primary}; empty when nothing was said
 * @param state such as {@code running}; why nothing was said, otherwise
 * @param started when its server was, which tells one server from another
 */
public record MemberWord(String role, String state, Optional<Instant> started) {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  public MemberWord {
    requireNonNull(role, "role is null");
    requireNonNull(state, "state is null");
    requireNonNull(started, "started is null");
  }

  /** {@code primary, running}. */
  public String text() {
    return role.isEmpty() ? "silent: " + state : role + ", " + state;
  }

  /** Asks all declared members at once, not etcd; bounded. By name, as declared. */
  public static Map<String, MemberWord> of(Cluster cluster) throws InterruptedException {
    Map<String, MemberWord> words = new LinkedHashMap<>();
    AgentApi.of(cluster)
        .getAll(AgentApi.urls(cluster), "/patroni", PATIENCE)
        .forEach((name, answer) -> words.put(name, of(answer)));
    return words;
  }

  private static MemberWord silent(String why) {
    return new MemberWord("", why, Optional.empty());
  }

  static MemberWord of(AgentAnswer answer) {
    return switch (answer) {
      case AgentAnswer.Answered it -> read(it.body());
      case AgentAnswer.NotThere it -> silent(it.why());
      case AgentAnswer.NoAnswer it -> silent(it.why());
    };
  }

  private static MemberWord read(String body) {
    try {
      JsonNode json = new ObjectMapper().readTree(body);
      return new MemberWord(
          json.path("role").asText(),
          json.path("state").asText(),
          started(json.path("postmaster_start_time").asText()));
    } catch (JsonProcessingException e) {
      return silent("what it answers is no JSON");
    }
  }

  /** As PostgreSQL writes it: {@code 2026-11-26 19:25:00.123456+00:00}. */
  private static Optional<Instant> started(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text.replace(' ', 'T')).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
