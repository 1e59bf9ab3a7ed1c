package dev.matriarch.chronicle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What changed between two JSON values, in the manner of a merge patch (RFC 7396): only the members
 * that changed, {@code null} for one that went. That needs values without nulls, which the codec
 * makes.
 */
final class Delta {
  private Delta() {}

  /** What makes {@code to} of {@code from}; an empty object when they are equal. */
  @SuppressWarnings("ReferenceEquality") // Shared parts are passed over unread.
  static ObjectNode between(ObjectNode from, ObjectNode to) {
    ObjectNode delta = to.objectNode();
    for (Map.Entry<String, JsonNode> member : to.properties()) {
      JsonNode before = from.get(member.getKey());
      JsonNode after = member.getValue();
      if (before == after) {
        continue;
      }
      if (before instanceof ObjectNode old && after instanceof ObjectNode young) {
        ObjectNode inner = between(old, young);
        if (!inner.isEmpty()) {
          delta.set(member.getKey(), inner);
        }
      } else if (!after.equals(before)) {
        delta.set(member.getKey(), after);
      }
    }
    for (Map.Entry<String, JsonNode> member : from.properties()) {
      if (!to.has(member.getKey())) {
        delta.putNull(member.getKey());
      }
    }
    return delta;
  }

  /** The value after a change; neither argument is touched, parts of them may be shared. */
  static ObjectNode apply(ObjectNode from, ObjectNode delta) {
    ObjectNode after = from.objectNode();
    after.setAll(from);
    for (Map.Entry<String, JsonNode> member : delta.properties()) {
      JsonNode before = from.get(member.getKey());
      JsonNode change = member.getValue();
      if (change.isNull()) {
        after.remove(member.getKey());
      } else if (before instanceof ObjectNode old && change instanceof ObjectNode inner) {
        after.set(member.getKey(), apply(old, inner));
      } else {
        after.set(member.getKey(), change);
      }
    }
    return after;
  }
}
