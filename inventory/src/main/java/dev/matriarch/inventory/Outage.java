package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * How long writes stay away at worst after one kind of failure.
 *
 * @param failure in a few words
 * @param parts what the time is made of, in order; empty where writes go on
 * @param note on what it depends
 */
public record Outage(String failure, List<Part> parts, String note) {
  public Outage {
    requireNonNull(failure, "failure is null");
    parts = List.copyOf(parts);
    requireNonNull(note, "note is null");
  }

  /** One stretch of an outage. */
  public record Part(String what, Duration time) {
    public Part {
      requireNonNull(what, "what is null");
      requireNonNull(time, "time is null");
    }
  }

  /** All of it. */
  public Duration worst() {
    return parts.stream().map(Part::time).reduce(Duration.ZERO, Duration::plus);
  }
}
