package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of the inventory after its type was checked. */
public sealed interface Value {
  /** A text; also names, paths, addresses, choices. */
  record Text(String text) implements Value {
    public Text {
      requireNonNull(text, "text is null");
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** A whole number. */
  record Whole(long number) implements Value {
    @Override
    public String toString() {
      return Long.toString(number);
    }
  }

  /** A number with a fraction. */
  record Decimal(double number) implements Value {
    @Override
    public String toString() {
      return Double.toString(number);
    }
  }

  /** Yes or no. */
  record Flag(boolean on) implements Value {
    @Override
    public String toString() {
      return Boolean.toString(on);
    }
  }

  /** A list. */
  record Items(List<Value> items) implements Value {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String toString() {
      return items.toString();
    }
  }

  /** A mapping, in the order of the file. */
  record Entries(Map<String, Value> entries) implements Value {
    public Entries {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public String toString() {
      return entries.toString();
    }
  }

  /** No value given and no default. */
  record Absent() implements Value {
    @Override
    public String toString() {
      return "";
    }
  }
}
