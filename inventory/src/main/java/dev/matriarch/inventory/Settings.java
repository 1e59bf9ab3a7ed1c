package dev.matriarch.inventory;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters in effect somewhere: host over cluster over globals over defaults.
 *
 * <p>Names are those of {@link Parameters}; asking for a name that is not there is a programming
 * error and throws {@link IllegalArgumentException}, as does asking for the wrong type.
 *
 * @param host declared for the host
 * @param cluster declared for the cluster
 * @param globals declared for all
 */
public record Settings(
    Map<String, Value> host, Map<String, Value> cluster, Map<String, Value> globals) {
  public Settings {
    host = Collections.unmodifiableMap(host);
    cluster = Collections.unmodifiableMap(cluster);
    globals = Collections.unmodifiableMap(globals);
  }

  /** Only defaults. */
  public static Settings defaults() {
    return new Settings(Map.of(), Map.of(), Map.of());
  }

  /** The value in effect; {@link Value.Absent} when none was given and there is no default. */
  public Value value(String name) {
    Parameter parameter = Parameters.get(name);
    for (Map<String, Value> layer : List.of(host, cluster, globals)) {
      Value value = layer.get(name);
      if (value != null) {
        return value;
      }
    }
    return parameter.defaultValue();
  }

  /** True when the inventory itself gives a value, at any level. */
  public boolean isDeclared(String name) {
    Parameters.get(name);
    return host.containsKey(name) || cluster.containsKey(name) || globals.containsKey(name);
  }

  /** A text, or any other scalar as its text; empty when absent. */
  public String text(String name) {
    return switch (value(name)) {
      case Value.Items _, Value.Entries _ -> throw wrongType(name, "text");
      case Value.Text v -> v.text();
      case Value.Whole v -> v.toString();
      case Value.Decimal v -> v.toString();
      case Value.Flag v -> v.toString();
      case Value.Absent _ -> "";
    };
  }

  /** A password or key. */
  public Secret secret(String name) {
    return new Secret(text(name));
  }

  /** A whole number. */
  public int number(String name) {
    if (value(name) instanceof Value.Whole(long number)) {
      return Math.toIntExact(number);
    }
    throw wrongType(name, "a whole number");
  }

  /** A number with a fraction. */
  public double decimal(String name) {
    return switch (value(name)) {
      case Value.Decimal(double number) -> number;
      case Value.Whole(long number) -> number;
      case Value.Text _, Value.Flag _, Value.Items _, Value.Entries _, Value.Absent _ ->
          throw wrongType(name, "a number");
    };
  }

  /** Yes or no. */
  public boolean flag(String name) {
    if (value(name) instanceof Value.Flag(boolean on)) {
      return on;
    }
    throw wrongType(name, "true or false");
  }

  /** A list; a single scalar counts as a list of one, an absent value as an empty one. */
  public List<Value> items(String name) {
    return switch (value(name)) {
      case Value.Items(List<Value> items) -> items;
      case Value.Absent _ -> List.of();
      case Value.Text v -> List.of(v);
      case Value.Whole v -> List.of(v);
      case Value.Decimal v -> List.of(v);
      case Value.Flag v -> List.of(v);
      case Value.Entries _ -> throw wrongType(name, "a list");
    };
  }

  /** A list of texts. */
  public List<String> texts(String name) {
    return items(name).stream().map(Value::toString).toList();
  }

  /** A mapping in the order of the file; empty when absent. */
  public Map<String, Value> entries(String name) {
    return switch (value(name)) {
      case Value.Entries(Map<String, Value> entries) -> entries;
      case Value.Absent _ -> Map.of();
      case Value.Text _, Value.Whole _, Value.Decimal _, Value.Flag _, Value.Items _ ->
          throw wrongType(name, "a mapping");
    };
  }

  /** A mapping of scalars as texts, such as {@code pg_parameters}. */
  public Map<String, String> textEntries(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    entries(name).forEach((key, value) -> texts.put(key, value.toString()));
    return Collections.unmodifiableMap(texts);
  }

  /** These settings with values of a host laid over them. */
  public Settings withHost(Map<String, Value> values) {
    return new Settings(values, cluster, globals);
  }

  /** Only how much there is: values may be secret. */
  @Override
  public String toString() {
    return "Settings[host=%d, cluster=%d, globals=%d]"
        .formatted(host.size(), cluster.size(), globals.size());
  }

  private IllegalArgumentException wrongType(String name, String wanted) {
    return new IllegalArgumentException(name + " is not " + wanted);
  }
}
