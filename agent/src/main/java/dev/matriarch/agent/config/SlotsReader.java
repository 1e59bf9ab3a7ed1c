package dev.matriarch.agent.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.matriarch.engine.SlotKind;
import dev.matriarch.engine.SlotRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads what the dynamic configuration says of replication slots (drop-in contract, section 11).
 */
final class SlotsReader {
  private static final List<String> PERMANENT =
      List.of("slots", "permanent_slots", "permanent_replication_slots");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,63}");
  private static final long MEMBER_TTL = 1800;

  private final JsonNode config;
  private final List<String> mistakes;

  private SlotsReader(JsonNode config, List<String> mistakes) {
    this.config = config;
    this.mistakes = mistakes;
  }

  static SlotRules read(JsonNode config, boolean used, List<String> mistakes) {
    SlotsReader reader = new SlotsReader(config, mistakes);
    return new SlotRules(used, reader.permanent(), reader.ignored(), reader.memberTtl());
  }

  /** The first of the key's spellings that is there counts. */
  private SortedMap<String, SlotKind> permanent() {
    SortedMap<String, SlotKind> slots = new TreeMap<>();
    PERMANENT.stream()
        .map(config::path)
        .filter(JsonNode::isObject)
        .findFirst()
        .ifPresent(
            declared -> {
              for (var slot : declared.properties()) {
                kind(slot.getKey(), slot.getValue()).ifPresent(k -> slots.put(slot.getKey(), k));
              }
            });
    return slots;
  }

  /** A number, null or an empty map is a physical slot as well. */
  private Optional<SlotKind> kind(String name, JsonNode value) {
    if (!NAME.matcher(name).matches()) {
      mistakes.add(
          "slots."
              + name
              + " is no name for a slot (lower case letters, digits and _, at most 63); left aside");
      return Optional.empty();
    }
    String database = value.path("database").asText("");
    String plugin = value.path("plugin").asText("");
    boolean complete = !database.isEmpty() && !plugin.isEmpty();
    String type = value.path("type").asText(complete ? "logical" : "physical");
    if (type.equals("physical")) {
      return Optional.of(SlotKind.PHYSICAL);
    }
    if (type.equals("logical") && complete) {
      return Optional.of(new SlotKind.Logical(database, plugin));
    }
    mistakes.add("slots." + name + " needs type physical, or logical with database and plugin");
    return Optional.empty();
  }

  private List<SlotRules.Matcher> ignored() {
    List<SlotRules.Matcher> matchers = new ArrayList<>();
    JsonNode list = config.path("ignore_slots");
    for (JsonNode each : list.isArray() ? list : List.<JsonNode>of()) {
      if (each.isObject()) {
        matchers.add(
            new SlotRules.Matcher(
                each.path("name").asText(""),
                each.path("type").asText(""),
                each.path("database").asText(""),
                each.path("plugin").asText("")));
      } else {
        mistakes.add(
            "ignore_slots has " + each + ", which is no map of name, type, ...; left aside");
      }
    }
    return matchers;
  }

  private Duration memberTtl() {
    JsonNode value = config.path("member_slots_ttl");
    if (value.isMissingNode() || value.isNull()) {
      return Duration.ofSeconds(MEMBER_TTL);
    }
    return Words.duration(value.asText())
        .filter(length -> !length.isNegative())
        .orElseGet(
            () -> {
              mistakes.add("member_slots_ttl " + value + " is no number of seconds; 1800 is used");
              return Duration.ofSeconds(MEMBER_TTL);
            });
  }
}
