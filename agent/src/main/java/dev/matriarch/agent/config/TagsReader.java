package dev.matriarch.agent.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Tags;
import dev.matriarch.etcd.TagsCodec;
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
    checkPriority("nofailover", "failover_priority");
    checkPriority("nosync", "sync_priority");
    ObjectNode shown = published();
    Tags meaning =
        TagsCodec.read(tags).toBuilder().shown(shown.isEmpty() ? "" : shown.toString()).build();
    return new MemberTags(meaning, shown.toString());
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

  private boolean isOn(String key) {
    return TagsCodec.isOn(tags, key);
  }

  private void checkPriority(String switchKey, String key) {
    if (!tags.has(key)) {
      return;
    }
    Optional<Integer> priority = whole(tags.path(key).asText());
    if (priority.isEmpty()) {
      section.warn(key, "is no whole number and counts as 1");
      return;
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
