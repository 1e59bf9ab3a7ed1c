package dev.matriarch.chronicle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.matriarch.engine.Lsn;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * JSON that {@link Codec} wrote back to the engine's values. A component that the writer did not
 * have is read as it is when nothing is known ({@link Blanks}); one that this version does not have
 * is passed over. Anything else that does not fit is {@link Unreadable}.
 *
 * @param recorded the shape of the types when it was written
 */
record Decoder(Codec codec, Shape recorded) {

  <T> T read(Class<T> type, JsonNode node) throws Unreadable {
    return type.cast(value(type, node, Form.name(type)));
  }

  private Object value(Type type, JsonNode node, String where) throws Unreadable {
    Class<?> raw = Codec.raw(type);
    if (raw == Optional.class) {
      return Optional.of(value(Codec.argument(type, 0), node, where));
    }
    if (Map.class.isAssignableFrom(raw)) {
      return map(type, raw, node, where);
    }
    if (Iterable.class.isAssignableFrom(raw)) {
      return many(type, raw, node, where);
    }
    if (raw.isSealed()) {
      return object(member(raw, node.path(Codec.KIND).asText(), where), node, where);
    }
    if (raw.isRecord() && raw != Lsn.class) {
      return object(raw, node, where);
    }
    return scalar(raw, node, where);
  }

  private static Object scalar(Class<?> type, JsonNode node, String where) throws Unreadable {
    try {
      if (type == String.class && node.isTextual()) {
        return node.textValue();
      } else if (type == boolean.class && node.isBoolean()) {
        return node.booleanValue();
      } else if ((type == int.class || type == Integer.class) && node.canConvertToInt()) {
        return node.intValue();
      } else if ((type == long.class || type == Long.class) && node.canConvertToLong()) {
        return node.longValue();
      } else if ((type == double.class || type == Double.class) && node.isNumber()) {
        return node.doubleValue();
      } else if (type == Instant.class && node.isTextual()) {
        return Instant.parse(node.textValue());
      } else if (type == Duration.class && node.isTextual()) {
        return Duration.parse(node.textValue());
      } else if (type == Lsn.class && node.isTextual()) {
        return Lsn.parse(node.textValue());
      } else if (type.isEnum()) {
        return constant(type, node.asText());
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new Unreadable(where + ": " + node + " is no " + type.getSimpleName());
    }
    throw new Unreadable(where + ": " + node + " is no " + type.getSimpleName());
  }

  private static Object constant(Class<?> type, String name) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static Class<?> member(Class<?> family, String kind, String where) throws Unreadable {
    for (Class<?> one : family.getPermittedSubclasses()) {
      if (Codec.kind(one).equals(kind)) {
        return one;
      }
    }
    throw new Unreadable(
        "%s: %s has no '%s' in this version".formatted(where, Form.name(family), kind));
  }

  private Object object(Class<?> type, JsonNode node, String where) throws Unreadable {
    if (!node.isObject()) {
      throw new Unreadable(where + ": " + node + " is no " + Form.name(type));
    }
    Form form = codec.form(type);
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : form.components()) {
      String path = where + "." + component.getName();
      JsonNode part = node.get(component.getName());
      values.add(
          part == null
              ? left(form, component, path)
              : value(component.getGenericType(), part, path));
    }
    return form.make(values.toArray());
  }

  /** A component that is not there: it was empty, or unknown to the writer. */
  private Object left(Form form, RecordComponent component, String path) throws Unreadable {
    if (!recorded.has(form.name(), component.getName())) {
      Optional<Object> blank = Blanks.of(form.type());
      if (blank.isPresent()) {
        return form.value(component, blank.get());
      }
    }
    return blank(component.getGenericType(), path);
  }

  private static Object blank(Type type, String path) throws Unreadable {
    Class<?> raw = Codec.raw(type);
    if (raw == String.class) {
      return "";
    } else if (raw == boolean.class) {
      return false;
    } else if (raw == int.class) {
      return 0;
    } else if (raw == long.class) {
      return 0L;
    } else if (raw == Lsn.class) {
      return Lsn.ZERO;
    } else if (raw == Optional.class) {
      return Optional.empty();
    } else if (Map.class.isAssignableFrom(raw)) {
      return new TreeMap<>();
    } else if (Iterable.class.isAssignableFrom(raw)) {
      return collection(raw, List.of());
    }
    throw new Unreadable(path + " is not there, and this version cannot do without it");
  }

  private Object map(Type type, Class<?> raw, JsonNode node, String where) throws Unreadable {
    Map<Object, Object> map =
        SortedMap.class.isAssignableFrom(raw) ? new TreeMap<>() : new LinkedHashMap<>();
    Class<?> keys = Codec.raw(Codec.argument(type, 0));
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String path = where + "." + entry.getKey();
      Object key =
          keys.isEnum() ? scalar(keys, TextNode.valueOf(entry.getKey()), path) : entry.getKey();
      map.put(key, value(Codec.argument(type, 1), entry.getValue(), path));
    }
    return map;
  }

  private Object many(Type type, Class<?> raw, JsonNode node, String where) throws Unreadable {
    List<Object> values = new ArrayList<>();
    for (JsonNode one : node) {
      values.add(value(Codec.argument(type, 0), one, where));
    }
    return collection(raw, values);
  }

  private static Object collection(Class<?> raw, List<Object> values) {
    if (SortedSet.class.isAssignableFrom(raw)) {
      return new TreeSet<>(values);
    }
    return Set.class.isAssignableFrom(raw) ? new LinkedHashSet<>(values) : values;
  }
}
