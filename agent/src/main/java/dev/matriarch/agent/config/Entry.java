package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of the agent's file, with where it stands. */
sealed interface Entry {

  Origin origin();

  /** Where a value stands: a line of the file, or an environment variable. */
  record Origin(String file, int line) {
    public Origin {
      requireNonNull(file, "file is null");
    }
  }

  /**
   * A single value as written.
   *
   * @param plain it stands without quotes, so that it may be a number, a boolean or null
   */
  record Scalar(String text, boolean plain, Origin origin) implements Entry {
    public Scalar {
      requireNonNull(text, "text is null");
      requireNonNull(origin, "origin is null");
    }

    boolean isNull() {
      return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
    }
  }

  /** A list. */
  record Sequence(List<Entry> items, Origin origin) implements Entry {
    public Sequence {
      items = List.copyOf(items);
      requireNonNull(origin, "origin is null");
    }
  }

  /** A map in the file's order. */
  record Mapping(Map<String, Entry> entries, Origin origin) implements Entry {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
      requireNonNull(origin, "origin is null");
    }

    /** The same with another over it: what both have is the other's, maps are merged. */
    Mapping under(Mapping other) {
      Map<String, Entry> merged = new LinkedHashMap<>(entries);
      other.entries.forEach(
          (key, value) ->
              merged.put(
                  key,
                  value instanceof Mapping later && entries.get(key) instanceof Mapping earlier
                      ? earlier.under(later)
                      : value));
      return new Mapping(merged, origin);
    }

    /** The same with a value put below a path; what stands in the way is replaced. */
    Mapping with(List<String> path, Entry value) {
      Map<String, Entry> changed = new LinkedHashMap<>(entries);
      String key = path.getFirst();
      List<String> rest = path.subList(1, path.size());
      if (rest.isEmpty()) {
        changed.put(key, value);
      } else {
        Mapping inner =
            entries.get(key) instanceof Mapping there
                ? there
                : new Mapping(Map.of(), value.origin());
        changed.put(key, inner.with(rest, value));
      }
      return new Mapping(changed, origin);
    }
  }
}
