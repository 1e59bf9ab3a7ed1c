package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a server is to be restarted, as the member's key keeps it until its time has come.
 *
 * @param only what must hold then
 * @param timeout how long it may take to start before another may lead; empty for the usual
 * @param at wall time; empty for now
 * @param startedBefore when the server that is meant was started: once another runs, it is over
 */
public record RestartPlan(
    RestartConditions only,
    Optional<Duration> timeout,
    Optional<Instant> at,
    Optional<Instant> startedBefore) {
  public RestartPlan {
    requireNonNull(only, "only is null");
    requireNonNull(timeout, "timeout is null");
    requireNonNull(at, "at is null");
    requireNonNull(startedBefore, "startedBefore is null");
  }

  /** The same for the server that runs now. */
  RestartPlan of(Server server) {
    return new RestartPlan(only, timeout, at, server.startedAt());
  }
}
