package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Event;
import dev.matriarch.engine.View;
import java.time.Instant;

/**
 * What a decision was made of.
 *
 * @param now monotonic time
 */
public record Inputs(View before, Event event, Instant now) {
  public Inputs {
    requireNonNull(before, "before is null");
    requireNonNull(event, "event is null");
    requireNonNull(now, "now is null");
  }
}
