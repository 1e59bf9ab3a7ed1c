package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A list of users, databases, services, access rules or grants. */
record ObjectList(Kind kind) implements ParameterType {
  /** What the list holds. */
  enum Kind {
    GRANT("role", "name", false),
    USER("user", "name", true),
    DATABASE("database", "name", true),
    SERVICE("service", "name port", true),
    HBA("access rule", "", false),
    POOLER_HBA("access rule", "", false);

    private final String word;
    private final String required;
    private final boolean unique;

    Kind(String word, String required, boolean unique) {
      this.word = word;
      this.required = required;
      this.unique = unique;
    }

    boolean isAccessRule() {
      return this == HBA || this == POOLER_HBA;
    }

    List<String> required() {
      return required.isEmpty() ? List.of() : List.of(required.split(" "));
    }

    Map<String, Parameter> fields() {
      return switch (this) {
        case GRANT -> FieldTables.GRANT;
        case USER -> FieldTables.USER;
        case DATABASE -> FieldTables.DATABASE;
        case SERVICE -> FieldTables.SERVICE;
        case HBA, POOLER_HBA -> FieldTables.HBA;
      };
    }
  }

  @Override
  public Optional<Value> read(Yaml yaml, Place place, Findings findings) {
    if (!(yaml instanceof Yaml.Sequence(List<Yaml> items, int _))) {
      findings.problem(
          place, yaml.shown(), "is not a list of " + kind.word + "s", "write - {name: ...}");
      return Optional.empty();
    }
    List<Value> values = new ArrayList<>();
    Map<String, Integer> names = new HashMap<>();
    for (int i = 0; i < items.size(); i++) {
      Yaml item = items.get(i);
      Place here = place.at(i, item.line());
      Optional<Map<String, Value>> object = object(item, here, findings);
      if (object.isPresent()) {
        checkUnique(object.get(), names, here, findings);
        values.add(new Value.Entries(object.get()));
      }
    }
    return Optional.of(new Value.Items(values));
  }

  private void checkUnique(
      Map<String, Value> object, Map<String, Integer> names, Place here, Findings findings) {
    Value name = object.get("name");
    if (!kind.unique || name == null) {
      return;
    }
    Integer first = names.putIfAbsent(name.toString(), here.line());
    if (first != null) {
      findings.problem(
          here.at("name", here.line()),
          name.toString(),
          "is already a " + kind.word + " of this list, in line " + first,
          "keep one of them or rename it");
    }
  }

  private Optional<Map<String, Value>> object(Yaml item, Place here, Findings findings) {
    if (kind == Kind.GRANT && item instanceof Yaml.Scalar scalar && !scalar.isEmpty()) {
      return Optional.of(Map.of("name", new Value.Text(scalar.text())));
    }
    if (!(item instanceof Yaml.Mapping(Map<String, Yaml.Entry> entries, int _))) {
      findings.problem(here, item.shown(), "is no " + kind.word, "write {" + hint() + "}");
      return Optional.empty();
    }
    Map<String, Value> fields = new LinkedHashMap<>();
    entries.forEach(
        (name, entry) ->
            field(name, entry, here, findings).ifPresent(value -> fields.put(name, value)));
    for (String name : kind.required()) {
      if (!entries.containsKey(name) || entries.get(name).value().isEmpty()) {
        findings.problem(here, "", "the " + kind.word + " has no " + name, "add " + name + ": ...");
      }
    }
    if (kind == Kind.SERVICE && !entries.containsKey("check")) {
      findings.warning(
          here,
          "",
          "the service has no check: it is / then, which only the primary answers",
          "add check: /primary, /replica or /read-only");
    }
    if (kind == Kind.POOLER_HBA
        && fields.getOrDefault("db", new Value.Absent()).toString().equals("replication")) {
      findings.problem(
          here.at("db", entries.get("db").keyLine()),
          "replication",
          "is nothing that a pooler can pass on",
          "put the rule into pg_hba_rules");
    }
    if (kind.isAccessRule() && !entries.containsKey("rules") && !entries.containsKey("addr")) {
      findings.problem(
          here, "", "the access rule has no addr", "add addr: intra, or raw lines under rules");
    }
    return Optional.of(fields);
  }

  private Optional<Value> field(String name, Yaml.Entry entry, Place here, Findings findings) {
    Place place = here.at(name, entry.keyLine());
    Parameter field = kind.fields().get(name);
    if (field == null) {
      findings.problem(
          place,
          "",
          "is no field of a " + kind.word,
          NearestName.of(name, kind.fields().keySet())
              .map(nearest -> "did you mean " + nearest + "?")
              .orElse("the fields are " + String.join(", ", kind.fields().keySet())));
      return Optional.empty();
    }
    if (entry.value().isEmpty()) {
      return Optional.empty();
    }
    return FieldTables.type(field).read(entry.value(), place, findings);
  }

  private String hint() {
    return kind.isAccessRule()
        ? "user: all, db: all, addr: intra, auth: pwd"
        : String.join(", ", kind.required().stream().map(name -> name + ": ...").toList());
  }
}
