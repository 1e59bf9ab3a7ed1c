package dev.matriarch.chronicle;

import dev.matriarch.engine.Decision;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Engine;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.View;
import java.time.Instant;
import java.util.Optional;

/** Decisions on views that are drawn: not likely ones, but ones that the engine makes. */
record Decisions(View before, Event event, Instant now, Decision made) {

  static Decisions drawn(long seed) {
    for (long i = seed * 1000; ; i++) {
      Optional<Decisions> some = tried(i);
      if (some.isPresent()) {
        return some.get();
      }
    }
  }

  /** Some drawn views contradict themselves: then the engine says nothing. */
  private static Optional<Decisions> tried(long seed) {
    Values values = new Values(seed);
    View view = values.any(View.class);
    Event event = values.any(Event.class);
    Instant now = Instant.EPOCH.plusSeconds(seed);
    try {
      Decision made = new Engine().decide(view, event, now);
      return Optional.of(new Decisions(view, event, now, made))
          .filter(it -> it.made().orders().stream().anyMatch(Decisions::isDeed));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** A proof that the disk works is ordered all the time, and not recorded. */
  private static boolean isDeed(Order order) {
    return !(order.effect() instanceof Effect.ProveCommit);
  }

  void on(Recorder recorder) {
    recorder.took(before, event, now, made);
  }
}
