package dev.matriarch.inventory;

import java.util.Map;

/** The fields of users, databases, services and access rules by name. */
final class FieldTables {
  static final Map<String, Parameter> GRANT = ParameterTable.parse(ObjectFields.GRANT, "");
  static final Map<String, Parameter> USER = ParameterTable.parse(ObjectFields.USER, "");
  static final Map<String, Parameter> DATABASE = ParameterTable.parse(ObjectFields.DATABASE, "");
  static final Map<String, Parameter> SERVICE = ParameterTable.parse(ObjectFields.SERVICE, "");
  static final Map<String, Parameter> HBA = ParameterTable.parse(ObjectFields.HBA, "");

  private FieldTables() {}

  static ParameterType type(Parameter field) {
    return ParameterType.of(field.type());
  }

  /** The field's value, or its default. */
  static Value value(Map<String, Parameter> table, Map<String, Value> object, String field) {
    Value value = object.get(field);
    return value == null ? table.get(field).defaultValue() : value;
  }
}
