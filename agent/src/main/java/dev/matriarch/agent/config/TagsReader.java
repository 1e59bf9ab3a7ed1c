package dev.matriarch.agent.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Tags;
import java.util.Optional;
import java.util.Set;

/** Reads {@code tags} (drop-in contract, section 10). */
final class TagsReader {
  private static final Set<String> SWITCHES =
      Set.of("nofailover", "nosync", "noloadbalance", "clonefrom", "nostream");

  private final Section section;
  private final Section warnings;
  private final ObjectNode tags = JsonNodeFactory.instance.objectNode();

  private TagsReader(Section section, Section warnings) {
    this.section = section;
    this.warnings = warnings;
    for (String key : section.keys()) {
      section.entry(key).ifPresent(entry -> tags.set(key, YamlJson.of(entry)));
    }
  }

  static MemberTags read(Section section, Section file) {
    return new TagsReader(section, file).read();
  }

  private MemberTags read() {
    int failoverPriority = priority("nofailover", "failover_priority");
    int syncPriority = priority("nosync", "sync_priority");
    boolean nofailover = isOn("nofailover");
    Tags meaning =
        new Tags(
            nofailover,
            // A nofailover that is there wins, also one that says no.
            tags.has("nofailover") ? Math.max(failoverPriority, 1) : failoverPriority,
            tags.has("nosync") ? isOn("nosync") : syncPriority <= 0,
            isOn("noloadbalance"),
            isOn("clonefrom"),
            tags.path("replicatefrom").asText(""));
    return new MemberTags(meaning, published().toString());
  }

  private ObjectNode published() {
    ObjectNode shown = tags.deepCopy();
    for (String key : SWITCHES) {
      boolean paired =
          (key.equals("nofailover") && tags.has("failover_priority"))
              || (key.equals("nosync") && tags.has("sync_priority"));
      if (!isOn(key) && !paired) {
        shown.remove(key);
      }
    }
    return shown;
  }

  /** A switch is on when its value is not empty: the text 'false' counts as well. */
  private boolean isOn(String key) {
    JsonNode value = tags.path(key);
    if (value.isTextual()) {
      return key.equals("nostream")
          ? Words.truth(value.asText()).orElse(true)
          : !value.asText().isEmpty();
    }
    return value.asBoolean(false) || value.size() > 0;
  }

  private int priority(String switchKey, String key) {
    if (!tags.has(key)) {
      return 1;
    }
    Optional<Integer> priority = whole(tags.path(key).asText());
    if (priority.isEmpty()) {
      section.warn(key, "is no whole number and counts as 1");
      return 1;
    }
    boolean denied = priority.get() <= 0;
    if (tags.has(switchKey) && isOn(switchKey) != denied) {
      String value = python(tags.path(switchKey));
      // Read by the field's tools: the sentence is theirs.
      warnings.warn(
          "tags",
          "Conflicting configuration between %s: %s and %s: %s. Defaulting to %s: %s"
              .formatted(switchKey, value, key, tags.path(key).asText(), switchKey, value));
    }
    return priority.get();
  }

  private static Optional<Integer> whole(String text) {
    try {
      return Optional.of(Integer.valueOf(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String python(JsonNode value) {
    return value.isBoolean() ? (value.asBoolean() ? "True" : "False") : value.asText();
  }
}
