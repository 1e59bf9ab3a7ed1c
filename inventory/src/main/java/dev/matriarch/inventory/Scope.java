package dev.matriarch.inventory;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters that one mapping of the file declares.
 *
 * @param values those that passed their check
 * @param places of all that were declared, broken ones too, so that none is also called missing
 */
record Scope(Map<String, Value> values, Map<String, Place> places) {
  static final Scope EMPTY = new Scope(Map.of(), Map.of());

  Optional<Value> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  boolean declares(String name) {
    return places.containsKey(name);
  }

  Optional<Place> place(String name) {
    return Optional.ofNullable(places.get(name));
  }

  /** The value here, or the one around where none is declared here. */
  Optional<Value> over(Scope around, String name) {
    return declares(name) ? value(name) : around.value(name);
  }

  /** This scope with another laid over it. */
  Scope under(Scope other) {
    if (values.isEmpty() && places.isEmpty()) {
      return other;
    }
    Map<String, Value> allValues = new LinkedHashMap<>(values);
    other.places.keySet().forEach(allValues::remove);
    allValues.putAll(other.values);
    Map<String, Place> allPlaces = new HashMap<>(places);
    allPlaces.putAll(other.places);
    return new Scope(allValues, allPlaces);
  }

  /** Reads a mapping of parameters. */
  static Scope read(Yaml yaml, Place place, Findings findings) {
    if (yaml.isEmpty()) {
      return EMPTY;
    }
    if (!(yaml instanceof Yaml.Mapping(Map<String, Yaml.Entry> entries, int _))) {
      findings.problem(
          place, yaml.shown(), "is no mapping of parameters", "write {pg_seq: 1, ...}");
      return EMPTY;
    }
    Map<String, Value> values = new LinkedHashMap<>();
    Map<String, Place> places = new HashMap<>();
    entries.forEach(
        (written, entry) -> {
          Place here = place.at(written, entry.keyLine());
          String name = currentName(written, here, findings);
          if (Parameters.isKnown(name)) {
            if (!entry.value().isEmpty()) {
              places.put(name, here);
              parameter(Parameters.get(name), entry.value(), here, findings)
                  .ifPresent(value -> values.put(name, value));
            }
          } else {
            unknown(name, here, findings);
          }
        });
    return new Scope(values, places);
  }

  private static String currentName(String written, Place here, Findings findings) {
    Optional<String> renamed = ForeignNames.renamed(written);
    renamed.ifPresent(
        name -> findings.warning(here, "", "is the old name of " + name, "use that one"));
    return renamed.orElse(written);
  }

  private static Optional<Value> parameter(
      Parameter parameter, Yaml yaml, Place here, Findings findings) {
    if (!parameter.actedOn()) {
      findings.notActedOn(here, parameter.sentence());
    }
    return Parameters.type(parameter).read(yaml, here, findings);
  }

  private static void unknown(String name, Place here, Findings findings) {
    if (ForeignNames.isOfAnotherModule(name)) {
      findings.notActedOn(here, "a parameter of another module");
      return;
    }
    findings.problem(
        here,
        "",
        "is no parameter",
        NearestName.of(name, Parameters.names())
            .map(nearest -> "did you mean " + nearest + "?")
            .orElse("no known name is near; remove it"));
  }
}
