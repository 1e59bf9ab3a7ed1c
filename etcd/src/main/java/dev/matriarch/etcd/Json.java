package dev.matriarch.etcd;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON of the cluster's keys: one object or array, nothing after it, no key twice. */
final class Json {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Json() {}

  /** Why a value could not be read; its message is for humans. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String what) {
      super(what);
    }
  }

  static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode newArray() {
    return MAPPER.createArrayNode();
  }

  static ObjectNode object(String text) throws Unreadable {
    if (parse(text) instanceof ObjectNode object) {
      return object;
    }
    throw new Unreadable("must be a JSON object, not " + quote(text));
  }

  static ArrayNode array(String text) throws Unreadable {
    if (parse(text) instanceof ArrayNode array) {
      return array;
    }
    throw new Unreadable("must be a JSON array, not " + quote(text));
  }

  static JsonNode parse(String text) throws Unreadable {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new Unreadable("is not JSON (" + reason(e) + "): " + quote(text));
    }
  }

  /** A string, or empty if it is absent or null. */
  static String text(JsonNode object, String field) throws Unreadable {
    JsonNode value = object.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isTextual()) {
      throw new Unreadable(field + " must be a string, not " + value);
    }
    return value.asText();
  }

  /** A whole number, or zero if it is absent or null; digits in quotes will do. */
  static long number(JsonNode object, String field) throws Unreadable {
    return number(object.path(field), field, 0);
  }

  static long number(JsonNode value, String field, long absent) throws Unreadable {
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.asLong();
    }
    try {
      return Long.parseLong(value.asText());
    } catch (NumberFormatException e) {
      throw new Unreadable(field + " must be a whole number, not " + value);
    }
  }

  /** True for the JSON boolean and for the words that YAML takes for it. */
  static boolean truth(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isBoolean()
        ? value.asBoolean()
        : switch (value.asText().toLowerCase(java.util.Locale.ROOT)) {
          case "true", "on", "yes", "1" -> true;
          default -> false;
        };
  }

  /** Jackson's reason without its remarks on where things began. */
  private static String reason(JsonProcessingException e) {
    String reason = e.getOriginalMessage().lines().findFirst().orElse("");
    int remark = reason.indexOf(" (start");
    reason = remark < 0 ? reason : reason.substring(0, remark);
    return e.getLocation() == null
        ? reason
        : "column " + e.getLocation().getColumnNr() + ": " + reason;
  }

  private static String quote(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }
}
