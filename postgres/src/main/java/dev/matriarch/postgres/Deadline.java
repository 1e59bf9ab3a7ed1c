package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The end of a budget, on the monotonic clock, and the ways to wait until then. */
final class Deadline {
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final Duration budget;
  private final long end;

  private Deadline(Duration budget) {
    this.budget = requireNonNull(budget, "budget");
    this.end = System.nanoTime() + budget.toNanos();
  }

  static Deadline in(Duration budget) {
    return new Deadline(budget);
  }

  /** What is left, at least a millisecond, so that it may be used as a socket's timeout. */
  Duration left() {
    Duration left = Duration.ofNanos(end - System.nanoTime());
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }

  int leftMillis() {
    return (int) Math.min(Integer.MAX_VALUE, left().toMillis());
  }

  boolean over() {
    return System.nanoTime() - end >= 0;
  }

  Duration budget() {
    return budget;
  }

  /** Sleeps so long, or until the budget ends or the thread is interrupted. */
  void sleep(Duration length) {
    LockSupport.parkNanos(Math.min(length.toNanos(), left().toNanos()));
  }

  /** Asks again and again until there is an answer; empty when the budget ends first. */
  <T> Optional<T> poll(Duration every, Supplier<Optional<T>> question) {
    while (true) {
      Optional<T> answer = question.get();
      if (answer.isPresent() || over()) {
        return answer;
      }
      if (Thread.interrupted()) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
      sleep(every);
    }
  }

  /** False when the budget ends before it comes true. */
  boolean await(Duration every, BooleanSupplier question) {
    return poll(every, () -> question.getAsBoolean() ? Optional.of(true) : Optional.empty())
        .isPresent();
  }

  /** Like {@link #await}, but throws {@link PostgresException.Timeout} naming what was awaited. */
  void require(String what, Duration every, BooleanSupplier question) {
    if (!await(every, question)) {
      throw timeout(what);
    }
  }

  PostgresException.Timeout timeout(String what) {
    return new PostgresException.Timeout(what, budget);
  }
}
