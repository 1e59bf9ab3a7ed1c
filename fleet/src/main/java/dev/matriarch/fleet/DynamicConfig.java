package dev.matriarch.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.matriarch.engine.ConfigRecord;
import java.util.Locale;
import java.util.Optional;

/**
 * What the desk must know of the dynamic configuration.
 *
 * @param paused no automatic action
 * @param quorum any so many standbys acknowledge a commit
 */
record DynamicConfig(boolean paused, boolean quorum) {

  static DynamicConfig of(Optional<ConfigRecord> record) {
    JsonNode json = record.map(it -> parse(it.json())).orElseGet(() -> parse("{}"));
    return new DynamicConfig(
        json.path("pause").asBoolean(),
        json.path("synchronous_mode").asText().toLowerCase(Locale.ROOT).equals("quorum"));
  }

  private static JsonNode parse(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the store hands out JSON only", e);
    }
  }
}
