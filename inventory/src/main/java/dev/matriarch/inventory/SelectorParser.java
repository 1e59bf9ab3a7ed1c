package dev.matriarch.inventory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recursive descent over {@code [? a == 'x' || !b && (c)]}. */
final class SelectorParser {
  private static final Pattern FILTER = Pattern.compile("\\s*\\[\\s*\\?(.*)]\\s*", Pattern.DOTALL);
  private static final Pattern ALL = Pattern.compile("\\s*\\[\\s*]\\s*");
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(==|!=|\\|\\||&&|!|\\(|\\))|([a-z_][a-z0-9_]*)|('[^']*'|`[^`]*`|\"[^\"]*\"))");
  // Each parenthesis or negation is one level of recursion.
  private static final int LONGEST = 500;

  private static final Set<String> MEMBER_FACTS =
      new TreeSet<>(
          Set.of(
              "pg_cluster",
              "pg_seq",
              "pg_role",
              "pg_offline_query",
              "pg_weight",
              "pg_upstream",
              "pg_version",
              "pg_conf",
              "pg_port",
              "pg_shard",
              "pg_group",
              "nodename"));

  private final String text;
  private final Deque<String> tokens = new ArrayDeque<>();
  private Optional<String> fault = Optional.empty();

  SelectorParser(String text) {
    this.text = text;
  }

  Optional<Selector.Condition> parse() {
    if (ALL.matcher(text).matches()) {
      return Optional.of(new Selector.Condition.Always());
    }
    Matcher filter = FILTER.matcher(text);
    if (text.length() > LONGEST || !filter.matches() || !split(filter.group(1).strip())) {
      return Optional.empty();
    }
    Optional<Selector.Condition> condition = or();
    if (condition.isPresent() && !tokens.isEmpty()) {
      note("what does " + tokens.peek() + " mean there?");
    }
    return condition.filter(_ -> tokens.isEmpty());
  }

  /** The first thing that was wrong with it. */
  String fault() {
    return fault.orElse("it does not have the form [? ... ]");
  }

  private void note(String what) {
    fault = fault.or(() -> Optional.of(what));
  }

  private boolean split(String filter) {
    List<String> found = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(filter);
    int at = 0;
    while (at < filter.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        return false;
      }
      found.add(matcher.group().strip());
      at = matcher.end();
    }
    tokens.addAll(found);
    return true;
  }

  private Optional<Selector.Condition> or() {
    Optional<Selector.Condition> left = and();
    while (left.isPresent() && take("||")) {
      Selector.Condition before = left.get();
      left = and().map(right -> new Selector.Condition.Or(before, right));
    }
    return left;
  }

  private Optional<Selector.Condition> and() {
    Optional<Selector.Condition> left = not();
    while (left.isPresent() && take("&&")) {
      Selector.Condition before = left.get();
      left = not().map(right -> new Selector.Condition.And(before, right));
    }
    return left;
  }

  private Optional<Selector.Condition> not() {
    if (take("!")) {
      return not().map(Selector.Condition.Not::new);
    }
    if (take("(")) {
      return or().filter(
              _ -> {
                boolean closed = take(")");
                if (!closed) {
                  note("a parenthesis is not closed");
                }
                return closed;
              });
    }
    return comparison();
  }

  private Optional<Selector.Condition> comparison() {
    String name = tokens.isEmpty() ? "" : tokens.pop();
    if (!MEMBER_FACTS.contains(name)) {
      note(name.isEmpty() ? "a condition is missing at its end" : unknown(name));
      return Optional.empty();
    }
    if (take("==")) {
      return literal().map(value -> new Selector.Condition.Equal(name, value));
    }
    if (take("!=")) {
      return literal()
          .map(value -> new Selector.Condition.Not(new Selector.Condition.Equal(name, value)));
    }
    return Optional.of(new Selector.Condition.Truthy(name));
  }

  private static String unknown(String name) {
    return name
        + NearestName.of(name, MEMBER_FACTS)
            .map(nearest -> " is no fact of an instance, " + nearest + " is")
            .orElse(" is no fact of an instance (" + String.join(", ", MEMBER_FACTS) + ")");
  }

  private Optional<String> literal() {
    String token = tokens.isEmpty() ? "" : tokens.peek();
    if (token.length() < 2 || "'`\"".indexOf(token.charAt(0)) < 0) {
      note("the value that is compared to must stand in quotes");
      return Optional.empty();
    }
    tokens.pop();
    return Optional.of(token.substring(1, token.length() - 1));
  }

  private boolean take(String expected) {
    if (expected.equals(tokens.peek())) {
      tokens.pop();
      return true;
    }
    return false;
  }
}
