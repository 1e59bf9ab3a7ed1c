package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All that a client tried, and what follows from it.
 *
 * @param life from its start to its stop, or to the moment of looking
 * @param attempts in the order of their answers
 */
public record ClientLog(Span life, List<Attempt> attempts) {
  /** Validates and freezes. */
  public ClientLog {
    requireNonNull(life, "life is null");
    attempts = List.copyOf(attempts);
  }

  /** What was acknowledged. */
  public List<Attempt.Acknowledged> acknowledged() {
    return attempts.stream()
        .filter(Attempt.Acknowledged.class::isInstance)
        .map(Attempt.Acknowledged.class::cast)
        .toList();
  }

  /** What was not, connections that failed included. */
  public List<Attempt> errors() {
    return attempts.stream().filter(a -> !(a instanceof Attempt.Acknowledged)).toList();
  }

  /** Errors by what was said, for a message. */
  public Map<String, Long> errorsByReason() {
    return errors().stream()
        .collect(
            Collectors.groupingBy(
                attempt ->
                    switch (attempt) {
                      case Attempt.Acknowledged none -> "";
                      case Attempt.Failed failed -> failed.state() + " " + failed.reason();
                      case Attempt.Unreachable refused -> refused.reason();
                    },
                Collectors.counting()));
  }

  /** The longest time without an acknowledgement, from the first one to the end. */
  public Duration gap() {
    return gap(life);
  }

  /**
   * The longest time without an acknowledgement within a span.
   *
   * @param span cut to begin at the first acknowledgement: what is before it is start-up
   */
  public Duration gap(Span span) {
    List<Long> moments = acknowledged().stream().map(Attempt::answered).sorted().toList();
    if (moments.isEmpty() || moments.getFirst() - span.to() > 0) {
      return span.length();
    }
    long first = moments.getFirst();
    Span counted = first - span.from() > 0 ? new Span(first, span.to()) : span;
    return counted.longestWithout(moments).length();
  }

  /** Judges the rows that are there in the end, with how often each number is. */
  public Verdict verdict(Map<Long, Integer> rows) {
    Collection<Long> numbers = new TreeSet<>();
    acknowledged().forEach(attempt -> numbers.add(attempt.number()));
    TreeSet<Long> lost = new TreeSet<>(numbers);
    lost.removeAll(rows.keySet());
    TreeSet<Long> doubled = new TreeSet<>();
    TreeSet<Long> unacknowledged = new TreeSet<>();
    rows.forEach(
        (number, count) -> {
          if (count > 1) {
            doubled.add(number);
          }
          if (!numbers.contains(number)) {
            unacknowledged.add(number);
          }
        });
    return new Verdict(numbers.size(), lost, doubled, unacknowledged);
  }
}
