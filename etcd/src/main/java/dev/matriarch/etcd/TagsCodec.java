package dev.matriarch.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Tags;
import java.util.Locale;
import java.util.Set;

/**
 * Tags as the field spells them in files, member keys and REST answers (drop-in contract, section
 * 10): a yes/no tag is on when its value is not empty, so the text {@code 'false'} counts as well;
 * {@code nostream} alone is a word for yes or no. A switch that is there wins over its priority.
 */
public final class TagsCodec {
  private static final Set<String> NO = Set.of("", "false", "off", "no", "0");

  private TagsCodec() {}

  /** What these tags mean; anything but an object means none. */
  public static Tags read(JsonNode tags) {
    int failover = priority(tags, "failover_priority");
    int sync = priority(tags, "sync_priority");
    return Tags.NONE.toBuilder()
        .nofailover(isOn(tags, "nofailover"))
        .failoverPriority(tags.has("nofailover") ? Math.max(failover, 1) : failover)
        .nosync(tags.has("nosync") ? isOn(tags, "nosync") : sync <= 0)
        .noloadbalance(isOn(tags, "noloadbalance"))
        .clonefrom(isOn(tags, "clonefrom"))
        .replicatefrom(tags.path("replicatefrom").asText(""))
        .syncPriority(sync)
        .nostream(isOn(tags, "nostream"))
        .shown(tags.isObject() && !tags.isEmpty() ? tags.toString() : "")
        .build();
  }

  /** Whether a yes/no tag is on. */
  public static boolean isOn(JsonNode tags, String key) {
    JsonNode value = tags.path(key);
    if (value.isTextual()) {
      return key.equals("nostream")
          ? !NO.contains(value.asText().strip().toLowerCase(Locale.ROOT))
          : !value.asText().isEmpty();
    }
    return value.asBoolean(false) || value.size() > 0;
  }

  /** What is no whole number counts as 1. */
  private static int priority(JsonNode tags, String key) {
    try {
      return tags.has(key) ? Integer.parseInt(tags.path(key).asText().strip()) : 1;
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  /** As a member's key shows them. */
  static ObjectNode write(Tags tags) throws Json.Unreadable {
    return tags.shown().isEmpty() ? fromMeaning(tags) : Json.object(tags.shown());
  }

  private static ObjectNode fromMeaning(Tags tags) {
    ObjectNode json = Json.newObject();
    putTrue(json, "clonefrom", tags.clonefrom());
    if (tags.failoverPriority() != Tags.NONE.failoverPriority()) {
      json.put("failover_priority", tags.failoverPriority());
    }
    putTrue(json, "nofailover", tags.nofailover());
    putTrue(json, "noloadbalance", tags.noloadbalance());
    putTrue(json, "nostream", tags.nostream());
    putTrue(json, "nosync", tags.nosync());
    if (!tags.replicatefrom().isEmpty()) {
      json.put("replicatefrom", tags.replicatefrom());
    }
    if (tags.syncPriority() != Tags.NONE.syncPriority()) {
      json.put("sync_priority", tags.syncPriority());
    }
    return json;
  }

  private static void putTrue(ObjectNode json, String tag, boolean value) {
    if (value) {
      json.put(tag, true);
    }
  }
}
