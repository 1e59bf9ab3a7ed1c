package dev.matriarch.inventory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All parameters that the inventory may name: the single table of their definitions. */
public final class Parameters {
  private static final Map<String, Parameter> ALL =
      ParameterTable.parse(
          PgParameters.TABLE + AccessParameters.TABLE + HostParameters.TABLE, DefaultObjects.YAML);

  private static final Map<String, ParameterType> TYPES =
      ALL.values().stream()
          .map(Parameter::type)
          .distinct()
          .collect(Collectors.toMap(words -> words, ParameterType::of));

  private Parameters() {}

  /** All of them, in the order of the reference. */
  public static List<Parameter> all() {
    return List.copyOf(ALL.values());
  }

  /** True when there is a parameter of that name. */
  public static boolean isKnown(String name) {
    return ALL.containsKey(name);
  }

  /** The parameter of that name, if there is one. */
  public static Optional<Parameter> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  /** The parameter of that name; an unknown name is a programming error. */
  public static Parameter get(String name) {
    Parameter parameter = ALL.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(name + " is no parameter of the inventory");
    }
    return parameter;
  }

  static ParameterType type(Parameter parameter) {
    return TYPES.get(parameter.type());
  }

  /** All names. */
  static Set<String> names() {
    return ALL.keySet();
  }
}
