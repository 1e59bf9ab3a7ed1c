package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/** An effect on its way: {@code id} ties the outcome to it. */
public record Order(long id, Effect effect, Instant since) {
  public Order {
    requireNonNull(effect, "effect is null");
    requireNonNull(since, "since is null");
  }
}
