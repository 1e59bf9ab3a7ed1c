package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Which instances of a cluster a service means: the filter language of the described system, {@code
 * []} for all of them or {@code [? pg_role == 'offline' || pg_offline_query ]}.
 *
 * @param text as declared; two selectors of the same text are equal
 * @param condition what it says
 */
public record Selector(String text, Condition condition) {
  /** All instances. */
  public static final Selector ALL = new Selector("[]", new Condition.Always());

  public Selector {
    requireNonNull(text, "text is null");
    requireNonNull(condition, "condition is null");
  }

  /** Reads a selector; nothing when the text is not one. */
  public static Optional<Selector> parse(String text) {
    return new SelectorParser(text).parse().map(condition -> new Selector(text, condition));
  }

  /** Why the text is no selector; nothing when it is one. */
  static Optional<String> fault(String text) {
    SelectorParser parser = new SelectorParser(text);
    return parser.parse().isPresent() ? Optional.empty() : Optional.of(parser.fault());
  }

  /** True when it means that instance. */
  public boolean matches(Instance instance) {
    return condition.holds(instance);
  }

  /** What an instance has to fulfil. */
  public sealed interface Condition {
    /** True for that instance. */
    boolean holds(Instance instance);

    /** Any instance. */
    record Always() implements Condition {
      @Override
      public boolean holds(Instance instance) {
        return true;
      }
    }

    /** The parameter has exactly that value. */
    record Equal(String parameter, String value) implements Condition {
      @Override
      public boolean holds(Instance instance) {
        return instance.settings().text(parameter).equals(value);
      }
    }

    /** The parameter is neither absent, empty nor false. */
    record Truthy(String parameter) implements Condition {
      @Override
      public boolean holds(Instance instance) {
        return switch (instance.settings().value(parameter)) {
          case Value.Absent _ -> false;
          case Value.Flag(boolean on) -> on;
          case Value.Text(String text) -> !text.isEmpty();
          case Value.Items(var items) -> !items.isEmpty();
          case Value.Entries(var entries) -> !entries.isEmpty();
          case Value.Whole _, Value.Decimal _ -> true;
        };
      }
    }

    /** The contrary. */
    record Not(Condition inner) implements Condition {
      @Override
      public boolean holds(Instance instance) {
        return !inner.holds(instance);
      }
    }

    /** Both. */
    record And(Condition left, Condition right) implements Condition {
      @Override
      public boolean holds(Instance instance) {
        return left.holds(instance) && right.holds(instance);
      }
    }

    /** At least one. */
    record Or(Condition left, Condition right) implements Condition {
      @Override
      public boolean holds(Instance instance) {
        return left.holds(instance) || right.holds(instance);
      }
    }
  }
}
