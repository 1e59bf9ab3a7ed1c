package dev.matriarch.chronicle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Lsn;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The engine's values to JSON, by the shape of their types: a record is an object of its
 * components, one of a sealed family has its name under {@link #KIND}, a time is its ISO text. What
 * is empty, false, zero or absent is left out, so there are no nulls. It knows no single type of
 * the engine: what is added there is recorded at once.
 */
final class Codec {
  static final String KIND = "$";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<Class<?>, Form> forms = new ConcurrentHashMap<>();

  /**
   * What was written last, part by part. An engine's value shares most of its parts with the one
   * before: such a part need not be written again. For one thread.
   */
  static final class Memory {
    private Object value = this;
    private JsonNode written = JSON.missingNode();
    private final Map<String, Memory> parts = new HashMap<>();

    private Memory part(String name) {
      return parts.computeIfAbsent(name, any -> new Memory());
    }
  }

  /** A record, or one of a sealed family, as an object. */
  ObjectNode write(Type type, Object value) {
    return write(type, value, new Memory());
  }

  /** The same; the object shares parts with those that this memory was used for before. */
  ObjectNode write(Type type, Object value, Memory memory) {
    return (ObjectNode) whole(type, value, memory);
  }

  private JsonNode node(Type type, Object value, Memory of, String name) {
    return switch (value) {
      case String text -> JSON.textNode(text);
      case Boolean flag -> JSON.booleanNode(flag);
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case Enum<?> constant -> JSON.textNode(constant.name());
      case Instant time -> JSON.textNode(time.toString());
      case Duration time -> JSON.textNode(time.toString());
      case Lsn position -> JSON.textNode(position.toString());
      case Optional<?> some -> node(argument(type, 0), some.orElseThrow(), of, name);
      default -> whole(type, value, of.part(name));
    };
  }

  /** Compared by identity: to look whether another is equal takes as long as to write it. */
  @SuppressWarnings("ReferenceEquality")
  private JsonNode whole(Type type, Object value, Memory memory) {
    if (value != memory.value) {
      memory.written =
          switch (value) {
            case Map<?, ?> map -> map(argument(type, 1), map, memory);
            case Collection<?> many -> array(argument(type, 0), many);
            case Record one -> object(raw(type), one, memory);
            default -> throw new IllegalArgumentException("no codec for " + value.getClass());
          };
      memory.value = value;
    }
    return memory.written;
  }

  private ObjectNode object(Class<?> declared, Record value, Memory memory) {
    Form form = form(value.getClass());
    ObjectNode object = JSON.objectNode();
    if (declared.isSealed()) {
      object.put(KIND, kind(value.getClass()));
    }
    for (RecordComponent component : form.components()) {
      Object part = form.value(component, value);
      if (!isBlank(part)) {
        String name = component.getName();
        object.set(name, node(component.getGenericType(), part, memory, name));
      }
    }
    return object;
  }

  private ObjectNode map(Type values, Map<?, ?> map, Memory memory) {
    ObjectNode object = JSON.objectNode();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String name = key(entry.getKey());
      object.set(name, node(values, entry.getValue(), memory, name));
    }
    // Keys come and go without end.
    memory.parts.keySet().removeIf(name -> !object.has(name));
    return object;
  }

  private ArrayNode array(Type elements, Collection<?> many) {
    ArrayNode array = JSON.arrayNode();
    many.forEach(one -> array.add(node(elements, one, new Memory(), "")));
    return array;
  }

  private static String key(Object key) {
    return switch (key) {
      case String text -> text;
      case Enum<?> constant -> constant.name();
      default -> throw new IllegalArgumentException("no codec for a key of " + key.getClass());
    };
  }

  private static boolean isBlank(Object value) {
    return switch (value) {
      case String text -> text.isEmpty();
      case Boolean flag -> !flag;
      case Integer number -> number == 0;
      case Long number -> number == 0;
      case Lsn position -> position.equals(Lsn.ZERO);
      case Optional<?> some -> some.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      case Collection<?> many -> many.isEmpty();
      default -> false;
    };
  }

  Form form(Class<?> type) {
    return forms.computeIfAbsent(type, Form::of);
  }

  static String kind(Class<?> type) {
    return type.getSimpleName();
  }

  static Class<?> raw(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }

  static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }
}
