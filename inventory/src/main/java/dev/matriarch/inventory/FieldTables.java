package dev.matriarch.inventory;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fields of users, databases, services and access rules by name. */
final class FieldTables {
  static final Map<String, Parameter> GRANT = ParameterTable.parse(ObjectFields.GRANT, "");
  static final Map<String, Parameter> USER = ParameterTable.parse(ObjectFields.USER, "");
  static final Map<String, Parameter> DATABASE = ParameterTable.parse(ObjectFields.DATABASE, "");
  static final Map<String, Parameter> SERVICE = ParameterTable.parse(ObjectFields.SERVICE, "");
  static final Map<String, Parameter> HBA = ParameterTable.parse(ObjectFields.HBA, "");

  // By the words of the table: a check compiles its pattern once.
  private static final Map<String, ParameterType> TYPES =
      Stream.of(GRANT, USER, DATABASE, SERVICE, HBA)
          .flatMap(table -> table.values().stream())
          .map(Parameter::type)
          .distinct()
          .collect(Collectors.toMap(words -> words, ParameterType::of));

  private FieldTables() {}

  static ParameterType type(Parameter field) {
    return TYPES.get(field.type());
  }

  /** The field's value, or its default. */
  static Value value(Map<String, Parameter> table, Map<String, Value> object, String field) {
    Value value = object.get(field);
    return value == null ? table.get(field).defaultValue() : value;
  }
}
