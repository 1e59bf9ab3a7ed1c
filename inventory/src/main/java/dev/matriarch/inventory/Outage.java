package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long writes stay away at worst after one kind of failure.
 *
 * @param failure in a few words
 * @param parts what the time is made of, in order; empty where writes go on
 * @param until what ends it, where no length of time does; empty elsewhere
 * @param note on what it depends
 */
public record Outage(String failure, List<Part> parts, String until, String note) {
  public Outage {
    requireNonNull(failure, "failure is null");
    parts = List.copyOf(parts);
    requireNonNull(until, "until is null");
    requireNonNull(note, "note is null");
  }

  /** One stretch of an outage. */
  public record Part(String what, Duration time) {
    public Part {
      requireNonNull(what, "what is null");
      requireNonNull(time, "time is null");
    }
  }

  /** One that ends by itself. */
  static Outage of(String failure, List<Part> parts, String note) {
    return new Outage(failure, parts, "", note);
  }

  /** One that lasts until something happens. */
  static Outage until(String what, String failure, String note) {
    return new Outage(failure, List.of(), what, note);
  }

  /** All of it; empty where nothing bounds it. */
  public Optional<Duration> worst() {
    return until.isEmpty()
        ? Optional.of(parts.stream().map(Part::time).reduce(Duration.ZERO, Duration::plus))
        : Optional.empty();
  }
}
