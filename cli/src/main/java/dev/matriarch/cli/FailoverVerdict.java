package dev.matriarch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What an agent says about a failover at this moment.
 *
 * @param lines for a human; none when it does not know the question
 * @param data as it said it
 */
record FailoverVerdict(List<String> lines, Map<String, Object> data) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  FailoverVerdict {
    lines = List.copyOf(lines);
    data = Collections.unmodifiableMap(data);
  }

  static FailoverVerdict read(String body) {
    try {
      JsonNode answer = MAPPER.readTree(body);
      if (!answer.path("verdict").isTextual()) {
        return new FailoverVerdict(List.of(), Map.of());
      }
      List<String> lines = new ArrayList<>();
      lines.add("Failover: " + answer.path("verdict").asText());
      for (JsonNode one : answer.path("missing")) {
        lines.add(
            "  missing: %s (%s)"
                .formatted(one.path("condition").asText(), one.path("reason").asText()));
      }
      return new FailoverVerdict(
          lines, MAPPER.convertValue(answer, new TypeReference<Map<String, Object>>() {}));
    } catch (JsonProcessingException e) {
      // One of the field's controllers answers with a page of its own.
      return new FailoverVerdict(List.of(), Map.of());
    }
  }
}
