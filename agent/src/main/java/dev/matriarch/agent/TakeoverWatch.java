package dev.matriarch.agent;

import dev.matriarch.agent.rest.Takeovers;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Measures how this member takes the lead from another, from one view after the other: the last
 * renewal that it saw, the end of the key, its own key, its server as primary. Observed by one
 * thread, told to any.
 */
final class TakeoverWatch {
  private long revision;
  private Optional<Instant> renewed = Optional.empty();
  private Optional<Instant> vacant = Optional.empty();
  private Optional<Instant> held = Optional.empty();
  private boolean asked;
  private volatile Takeovers told = Takeovers.NONE;

  Takeovers told() {
    return told;
  }

  void observe(View view, Instant now) {
    switch (view.state().leadership()) {
      case Leadership.Held by when !by.name().equals(view.name()) -> another(by, now);
      case Leadership.Held _ -> {}
      case Leadership.Unowned _ -> {}
      case Leadership.Vacant _ -> {
        if (renewed.isPresent() && vacant.isEmpty()) {
          vacant = Optional.of(now);
        }
      }
    }
    if (renewed.isEmpty()) {
      return;
    }
    asked |= view.moveNow(now).isPresent();
    if (view.leads(now)) {
      held = held.or(() -> Optional.of(now));
      if (view.server().isRunningPrimary()) {
        took(view, now);
      }
    }
  }

  private void another(Leadership.Held leader, Instant now) {
    if (leader.revision() != revision) {
      revision = leader.revision();
      renewed = Optional.of(now);
      vacant = Optional.empty();
      held = Optional.empty();
      asked = false;
    }
  }

  private void took(View view, Instant now) {
    Instant led = held.orElse(now);
    Instant ended = vacant.filter(led::isAfter).orElse(led);
    told =
        told.with(
            asked,
            new Takeovers.Last(
                view.wall(now),
                Duration.between(renewed.orElse(ended), ended),
                Duration.between(ended, led),
                Duration.between(led, now)));
    renewed = Optional.empty();
    vacant = Optional.empty();
    held = Optional.empty();
  }
}
