package dev.matriarch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.matriarch.fleet.AgentAnswer;
import dev.matriarch.fleet.MemberOverview;
import dev.matriarch.fleet.RunningCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the members of a cluster threw away when they came back, as their agents tell; those that do
 * not answer, or are not ours, tell nothing.
 */
record LostLists(List<Lost> all) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int NAMED = 3;

  /**
   * One list.
   *
   * @param line for a human
   * @param data as the agent tells it, without the single transactions
   */
  record Lost(int timeline, String system, String line, Map<String, Object> data) {}

  LostLists {
    all = List.copyOf(all);
  }

  static LostLists of(RunningCluster cluster, List<MemberOverview> members) {
    List<Lost> all = new ArrayList<>();
    for (MemberOverview member : members) {
      if (ClusterArguments.ask(() -> cluster.agents().get(member.apiUrl(), "/lost", PATIENCE))
          instanceof AgentAnswer.Answered answer) {
        all.addAll(read(answer.body()));
      }
    }
    return new LostLists(all);
  }

  static List<Lost> read(String body) {
    List<Lost> lists = new ArrayList<>();
    try {
      JsonNode answer = MAPPER.readTree(body);
      // The field's controller answers every path with its own state, which is an object.
      if (answer.isArray()) {
        answer.forEach(one -> lists.add(lost(one)));
      }
    } catch (JsonProcessingException e) {
      return List.of();
    }
    return lists;
  }

  private static Lost lost(JsonNode one) {
    Map<String, Object> data =
        MAPPER.convertValue(one, new TypeReference<Map<String, Object>>() {});
    data.remove("listed");
    List<String> tables = new ArrayList<>();
    one.path("tables").forEach(table -> tables.add(table.path("label").asText()));
    String named = String.join(", ", tables.subList(0, Math.min(NAMED, tables.size())));
    String line =
        "%s  %s came back without %d transactions of timeline %d (%s to %s%s)%s"
            .formatted(
                one.path("at").asText(),
                one.path("member").asText(),
                one.path("transactions").asLong(),
                one.path("timeline").asInt(),
                one.path("from").asText(),
                one.path("to").asText(),
                one.path("complete").asBoolean() ? "" : ", not completely listed",
                tables.isEmpty() ? "" : ": " + named + (tables.size() > NAMED ? ", ..." : ""));
    return new Lost(
        one.path("timeline").asInt(), one.path("system_identifier").asText(), line, data);
  }

  /** Those of this cluster's data. */
  LostLists ofSystem(String systemIdentifier) {
    return new LostLists(
        all.stream().filter(lost -> lost.system().equals(systemIdentifier)).toList());
  }
}
