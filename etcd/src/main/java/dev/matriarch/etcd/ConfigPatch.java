package dev.matriarch.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How a change is merged into the dynamic configuration (drop-in contract, section 6). */
public final class ConfigPatch {

  private ConfigPatch() {}

  /**
   * Null deletes; a map put where a map is goes into it; anything else replaces. A map where none
   * was is stored as it is, nulls included: unlike RFC 7396.
   *
   * @return the whole merged object; equal to {@code config}, order included, when nothing changes
   * @throws IllegalArgumentException if either text is no JSON object
   */
  public static String merge(String config, String patch) {
    try {
      ObjectNode merged = Json.object(config);
      apply(merged, Json.object(patch));
      return merged.toString();
    } catch (Json.Unreadable e) {
      throw new IllegalArgumentException("configuration " + e.getMessage(), e);
    }
  }

  private static void apply(ObjectNode target, ObjectNode patch) {
    for (var change : patch.properties()) {
      String field = change.getKey();
      JsonNode value = change.getValue();
      if (value.isNull()) {
        target.remove(field);
      } else if (value instanceof ObjectNode map && target.get(field) instanceof ObjectNode inner) {
        apply(inner, map);
      } else if (!target.has(field) || !sameAsText(target.get(field), value)) {
        target.set(field, value);
      }
    }
  }

  /** {@code 10} and {@code "10"} are the same to the clients: neither replaces the other. */
  private static boolean sameAsText(JsonNode a, JsonNode b) {
    return a.isValueNode() && b.isValueNode() && a.asText().equals(b.asText());
  }
}
