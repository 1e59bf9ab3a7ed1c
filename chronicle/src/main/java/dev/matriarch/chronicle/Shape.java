package dev.matriarch.chronicle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.View;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which components each type had when a recording was written. It stands at the head of every
 * recording: so a reader knows a component that was left out because it was empty from one that its
 * writer did not have.
 *
 * @param types the components of a record, or the constants of an enum, by the type's name
 */
record Shape(SortedMap<String, List<String>> types) {
  Shape {
    types = Collections.unmodifiableSortedMap(new TreeMap<>(types));
  }

  /** The types of this version that a recording may hold. */
  static Shape current() {
    SortedMap<String, List<String>> types = new TreeMap<>();
    for (Class<?> root : List.of(View.class, Event.class, Order.class)) {
      collect(root, types);
    }
    return new Shape(types);
  }

  private static void collect(Type type, SortedMap<String, List<String>> types) {
    if (type instanceof ParameterizedType generic) {
      for (Type argument : generic.getActualTypeArguments()) {
        collect(argument, types);
      }
      return;
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isSealed()) {
      for (Class<?> one : plain.getPermittedSubclasses()) {
        collect(one, types);
      }
    } else if (plain.isEnum()) {
      types.put(
          Form.name(plain),
          Arrays.stream(plain.getEnumConstants()).map(it -> ((Enum<?>) it).name()).toList());
    } else if (plain.isRecord() && !types.containsKey(Form.name(plain))) {
      List<RecordComponent> components = List.of(plain.getRecordComponents());
      types.put(Form.name(plain), components.stream().map(RecordComponent::getName).toList());
      components.forEach(it -> collect(it.getGenericType(), types));
    }
  }

  boolean has(String type, String component) {
    return types.getOrDefault(type, List.of()).contains(component);
  }

  /** What this shape has and the other has not, in words such as {@code View.work}. */
  List<String> beyond(Shape other) {
    List<String> more = new ArrayList<>();
    types.forEach(
        (type, parts) -> {
          List<String> there = other.types.getOrDefault(type, List.of());
          if (!other.types.containsKey(type)) {
            more.add(type);
          } else {
            parts.stream()
                .filter(it -> !there.contains(it))
                .forEach(it -> more.add(type + "." + it));
          }
        });
    return more;
  }

  JsonNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    types.forEach((type, parts) -> parts.forEach(json.putArray(type)::add));
    return json;
  }

  static Shape read(JsonNode json) {
    SortedMap<String, List<String>> types = new TreeMap<>();
    for (Map.Entry<String, JsonNode> type : json.properties()) {
      List<String> parts = new ArrayList<>();
      if (type.getValue() instanceof ArrayNode array) {
        array.forEach(it -> parts.add(it.asText()));
      }
      types.put(type.getKey(), List.copyOf(parts));
    }
    return new Shape(types);
  }
}
