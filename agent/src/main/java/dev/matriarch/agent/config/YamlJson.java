package dev.matriarch.agent.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Values of the file as JSON, typed as a YAML 1.1 reader does: that is what the field's tools
 * compare with. Numbers with leading zeros stay text, since they mean a file mode more often than
 * an octal number.
 */
final class YamlJson {
  private static final Pattern WHOLE = Pattern.compile("[+-]?(0|[1-9][0-9]{0,17})");
  private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]+\\.[0-9]+");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private YamlJson() {}

  static JsonNode of(Entry entry) {
    return switch (entry) {
      case Entry.Scalar scalar -> scalar(scalar);
      case Entry.Sequence sequence -> {
        ArrayNode array = NODES.arrayNode();
        sequence.items().forEach(item -> array.add(of(item)));
        yield array;
      }
      case Entry.Mapping mapping -> object(mapping);
    };
  }

  static ObjectNode object(Entry.Mapping mapping) {
    ObjectNode object = NODES.objectNode();
    mapping.entries().forEach((key, value) -> object.set(key, of(value)));
    return object;
  }

  private static JsonNode scalar(Entry.Scalar scalar) {
    if (scalar.isNull()) {
      return NODES.nullNode();
    }
    String text = scalar.text();
    if (!scalar.plain()) {
      return NODES.textNode(text);
    }
    if (WHOLE.matcher(text).matches()) {
      return NODES.numberNode(Long.parseLong(text));
    }
    if (DECIMAL.matcher(text).matches()) {
      return NODES.numberNode(new BigDecimal(text));
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> NODES.booleanNode(true);
      case "false", "no", "off" -> NODES.booleanNode(false);
      default -> NODES.textNode(text);
    };
  }
}
