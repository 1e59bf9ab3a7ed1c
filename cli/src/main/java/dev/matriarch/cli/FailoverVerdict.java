package dev.matriarch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.fleet.AgentAnswer;
import dev.matriarch.fleet.ClusterOverview;
import dev.matriarch.fleet.MemberOverview;
import dev.matriarch.fleet.RunningCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What agents say about a failover at this moment.
 *
 * @param lines for a human; none when they do not know the question
 * @param data as the first of them said it, with what is missing in the eyes of any
 */
record FailoverVerdict(List<String> lines, Map<String, Object> data) {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  FailoverVerdict {
    lines = List.copyOf(lines);
    data = Collections.unmodifiableMap(data);
  }

  /** As its leader tells; where it does not, as all do, of whom each may wait for another. */
  static FailoverVerdict of(RunningCluster cluster, ClusterOverview overview) {
    FailoverVerdict leaders = asked(cluster, urls(overview, true));
    return leaders.lines().isEmpty() ? asked(cluster, urls(overview, false)) : leaders;
  }

  private static List<String> urls(ClusterOverview overview, boolean ofLeader) {
    return overview.members().stream()
        .filter(member -> member.name().equals(overview.leader()) == ofLeader)
        .map(MemberOverview::apiUrl)
        .toList();
  }

  /** As the agents at the declared addresses tell. */
  static FailoverVerdict withoutStore(RunningCluster cluster) {
    List<String> urls =
        cluster.declared().instances().stream()
            .map(it -> "http://" + it.address().withPort(it.ports().agent()))
            .toList();
    return asked(cluster, urls);
  }

  private static FailoverVerdict asked(RunningCluster cluster, List<String> urls) {
    return read(
        urls.stream()
            .map(url -> ClusterArguments.ask(() -> ask(cluster, url)))
            .filter(answer -> answer instanceof AgentAnswer.Answered)
            .map(answer -> ((AgentAnswer.Answered) answer).body())
            .toList());
  }

  private static AgentAnswer ask(RunningCluster cluster, String url) throws InterruptedException {
    return cluster.agents().get(url, "/failover-readiness", PATIENCE);
  }

  static FailoverVerdict read(List<String> bodies) {
    List<JsonNode> answers = bodies.stream().flatMap(body -> answer(body).stream()).toList();
    if (answers.isEmpty()) {
      return new FailoverVerdict(List.of(), Map.of());
    }
    ObjectNode first = (ObjectNode) answers.getFirst();
    Set<JsonNode> missing = new LinkedHashSet<>();
    answers.forEach(answer -> answer.path("missing").forEach(missing::add));
    first.putArray("missing").addAll(missing);
    List<String> lines = new ArrayList<>();
    lines.add("Failover: " + first.path("verdict").asText());
    for (JsonNode one : missing) {
      lines.add(
          "  missing: %s (%s)"
              .formatted(one.path("condition").asText(), one.path("reason").asText()));
    }
    return new FailoverVerdict(
        lines, MAPPER.convertValue(first, new TypeReference<Map<String, Object>>() {}));
  }

  /** One of the field's controllers answers with a page of its own. */
  private static Optional<JsonNode> answer(String body) {
    try {
      return Optional.of(MAPPER.readTree(body)).filter(it -> it.path("verdict").isTextual());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
