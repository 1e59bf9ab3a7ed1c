package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a parameter may hold, as the words in the tables say. */
sealed interface ParameterType
    permits ParameterType.AnyType,
        ParameterType.ScalarType,
        ParameterType.ScalarsType,
        ParameterType.JoinedType,
        ParameterType.ListType,
        ParameterType.MappingType,
        ParameterType.SettingsType,
        ParameterType.TimingPlans,
        ObjectList {
  Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,18}");
  Pattern DECIMAL = Pattern.compile("[-+]?[0-9]{1,18}\\.[0-9]{1,18}");

  /** The checked value, or nothing when it is not of this type, which is then reported. */
  Optional<Value> read(Yaml yaml, Place place, Findings findings);

  /** The type that the words of a table mean. */
  static ParameterType of(String words) {
    return switch (words) {
      case "any" -> new AnyType();
      case "list" -> new ListType();
      case "mapping" -> new MappingType();
      case "settings" -> new SettingsType();
      case "dns records" -> new ScalarsType(ScalarCheck.of("dns record"));
      case "blocks" -> new ScalarsType(ScalarCheck.of("block"));
      case "timing plans" -> new TimingPlans();
      case "users" -> new ObjectList(ObjectList.Kind.USER);
      case "grants" -> new ObjectList(ObjectList.Kind.GRANT);
      case "databases" -> new ObjectList(ObjectList.Kind.DATABASE);
      case "services" -> new ObjectList(ObjectList.Kind.SERVICE);
      case "pooler hba rules" -> new ObjectList(ObjectList.Kind.POOLER_HBA);
      case "hba rules" -> new ObjectList(ObjectList.Kind.HBA);
      case String several when several.startsWith(JoinedType.WORDS) ->
          new JoinedType(ScalarCheck.of(several.substring(JoinedType.WORDS.length())));
      default -> new ScalarType(ScalarCheck.of(words), words.equals("secret"));
    };
  }

  /** Any value; nothing is checked. */
  record AnyType() implements ParameterType {
    @Override
    public Optional<Value> read(Yaml yaml, Place place, Findings findings) {
      return Optional.of(valueOf(yaml));
    }
  }

  /** One value with a check of its own. */
  record ScalarType(ScalarCheck check, boolean secret) implements ParameterType {
    @Override
    public Optional<Value> read(Yaml yaml, Place place, Findings findings) {
      if (!(yaml instanceof Yaml.Scalar scalar)) {
        findings.problem(place, shown(yaml), "is not a single value", "give " + check.wanted());
        return Optional.empty();
      }
      if (!scalar.tag().isEmpty()) {
        findings.problem(
            place,
            scalar.tag(),
            "is a tag that is not understood here",
            scalar.tag().equals("!vault")
                ? "decrypt the value before handing the file over"
                : "remove it");
        return Optional.empty();
      }
      return switch (check.check(scalar.text())) {
        case ScalarCheck.Good(Value value) -> Optional.of(value);
        case ScalarCheck.Bad(String rule, String wayOut) -> {
          findings.problem(place, shown(yaml), rule, wayOut);
          yield Optional.empty();
        }
      };
    }

    private String shown(Yaml yaml) {
      String shown = secret ? "***" : yaml.shown();
      return shown.isEmpty() ? "''" : shown;
    }
  }

  /** A list of values that all pass one check. */
  record ScalarsType(ScalarCheck check) implements ParameterType {
    @Override
    public Optional<Value> read(Yaml yaml, Place place, Findings findings) {
      ScalarType type = new ScalarType(check, false);
      if (!(yaml instanceof Yaml.Sequence(List<Yaml> items, int _))) {
        findings.problem(place, yaml.shown(), "is not a list", "write [a, b]");
        return Optional.empty();
      }
      List<Value> values = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        type.read(items.get(i), place.at(i, items.get(i).line()), findings).ifPresent(values::add);
      }
      return Optional.of(new Value.Items(values));
    }
  }

  /** One value or a list of them, which is joined by commas. */
  record JoinedType(ScalarCheck check) implements ParameterType {
    static final String WORDS = "one or more of ";

    @Override
    public Optional<Value> read(Yaml yaml, Place place, Findings findings) {
      if (!(yaml instanceof Yaml.Sequence(List<Yaml> items, int _))) {
        return new ScalarType(check, false).read(yaml, place, findings);
      }
      if (items.isEmpty()) {
        findings.problem(place, "[]", "is empty", "give " + check.wanted());
        return Optional.empty();
      }
      return new ScalarsType(check)
          .read(yaml, place, findings)
          .filter(value -> value instanceof Value.Items all && all.items().size() == items.size())
          .map(
              value ->
                  new Value.Text(
                      ((Value.Items) value)
                          .items().stream().map(Value::toString).collect(Collectors.joining(","))));
    }
  }

  /** A list of anything. */
  record ListType() implements ParameterType {
    @Override
    public Optional<Value> read(Yaml yaml, Place place, Findings findings) {
      if (yaml instanceof Yaml.Sequence) {
        return Optional.of(valueOf(yaml));
      }
      findings.problem(place, yaml.shown(), "is not a list", "write [a, b]");
      return Optional.empty();
    }
  }

  /** A mapping of anything. */
  record MappingType() implements ParameterType {
    @Override
    public Optional<Value> read(Yaml yaml, Place place, Findings findings) {
      if (yaml instanceof Yaml.Mapping) {
        return Optional.of(valueOf(yaml));
      }
      findings.problem(place, yaml.shown(), "is not a mapping", "write {name: value}");
      return Optional.empty();
    }
  }

  /** A mapping of names to single values, or lists of them which are joined by commas. */
  record SettingsType() implements ParameterType {
    @Override
    public Optional<Value> read(Yaml yaml, Place place, Findings findings) {
      if (!(yaml instanceof Yaml.Mapping(Map<String, Yaml.Entry> entries, int _))) {
        findings.problem(place, yaml.shown(), "is not a mapping", "write {name: value}");
        return Optional.empty();
      }
      Map<String, Value> values = new LinkedHashMap<>();
      entries.forEach(
          (name, entry) ->
              setting(entry.value(), place.at(name, entry.keyLine()), findings)
                  .ifPresent(value -> values.put(name, value)));
      return Optional.of(new Value.Entries(values));
    }

    private static Optional<Value> setting(Yaml yaml, Place place, Findings findings) {
      if (!place.step().matches("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?")) {
        findings.problem(
            place, "", "is no name of a setting", "use letters, digits, _ and one dot at most");
        return Optional.empty();
      }
      return switch (yaml) {
        case Yaml.Scalar(String text, boolean _, String _, int _) ->
            Optional.of(new Value.Text(text));
        case Yaml.Sequence(List<Yaml> items, int _)
            when items.stream().allMatch(Yaml.Scalar.class::isInstance) ->
            Optional.of(
                new Value.Text(String.join(", ", items.stream().map(Yaml::shown).toList())));
        case Yaml.Sequence _, Yaml.Mapping _ -> {
          findings.problem(place, yaml.shown(), "is not a single value", "give a text or number");
          yield Optional.empty();
        }
      };
    }
  }

  /** Timing plans by name. */
  record TimingPlans() implements ParameterType {
    @Override
    public Optional<Value> read(Yaml yaml, Place place, Findings findings) {
      if (!(yaml instanceof Yaml.Mapping(Map<String, Yaml.Entry> entries, int _))) {
        findings.problem(
            place, yaml.shown(), "is not a mapping", "write {name: [" + TimingPlan.COLUMNS + "]}");
        return Optional.empty();
      }
      Map<String, Value> plans = new LinkedHashMap<>();
      entries.forEach(
          (name, entry) -> {
            Place here = place.at(name, entry.keyLine());
            if (TimingPlan.check(name, entry.value(), here, findings)) {
              plans.put(name, valueOf(entry.value()));
            }
          });
      return Optional.of(new Value.Entries(plans));
    }
  }

  /** The value as YAML's own rules see it. */
  static Value valueOf(Yaml yaml) {
    return switch (yaml) {
      case Yaml.Sequence(List<Yaml> items, int _) ->
          new Value.Items(items.stream().map(ParameterType::valueOf).toList());
      case Yaml.Mapping(Map<String, Yaml.Entry> entries, int _) -> {
        Map<String, Value> values = new LinkedHashMap<>();
        entries.forEach((name, entry) -> values.put(name, valueOf(entry.value())));
        yield new Value.Entries(values);
      }
      case Yaml.Scalar scalar -> scalarOf(scalar);
    };
  }

  private static Value scalarOf(Yaml.Scalar scalar) {
    String text = scalar.text();
    if (!scalar.plain()) {
      return new Value.Text(text);
    }
    if (scalar.isEmpty()) {
      return new Value.Absent();
    }
    if (WHOLE.matcher(text).matches()) {
      return new Value.Whole(Long.parseLong(text));
    }
    if (DECIMAL.matcher(text).matches()) {
      return new Value.Decimal(Double.parseDouble(text));
    }
    if (text.equals("true") || text.equals("false")) {
      return new Value.Flag(text.equals("true"));
    }
    return new Value.Text(text);
  }
}
