package dev.matriarch.testbed;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for a state with a deadline: what the testbed does instead of sleeping. */
public final class Await {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration CLOSE = Duration.ofMillis(1);

  private Await() {}

  /**
   * Returns as soon as {@code condition} holds.
   *
   * @throws TestbedException when it does not hold within {@code deadline}; the message carries
   *     what {@code situation} then says
   */
  public static void until(
      String awaited, Duration deadline, BooleanSupplier condition, Supplier<String> situation) {
    until(awaited, deadline, POLL, condition, situation);
  }

  /** As above, within a millisecond: for a moment that is to be hit. */
  static void closely(
      String awaited, Duration deadline, BooleanSupplier condition, Supplier<String> situation) {
    until(awaited, deadline, CLOSE, condition, situation);
  }

  private static void until(
      String awaited,
      Duration deadline,
      Duration poll,
      BooleanSupplier condition,
      Supplier<String> situation) {
    Ticker ticker = Ticker.system();
    long start = ticker.nanos();
    while (!condition.getAsBoolean()) {
      if (ticker.since(start).compareTo(deadline) > 0) {
        throw new TestbedException(
            "waited %s in vain for: %s%nseen last: %s"
                .formatted(deadline, awaited, situation.get()));
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new TestbedException("interrupted while waiting for: " + awaited);
      }
      LockSupport.parkNanos(poll.toNanos());
    }
  }

  /** As above, for a condition whose failure needs no more words. */
  public static void until(String awaited, Duration deadline, BooleanSupplier condition) {
    until(awaited, deadline, condition, () -> "not so");
  }

  /**
   * Lets time pass where time itself is the test, such as a fault that lasts longer than a lease.
   *
   * @param time none when zero or negative
   */
  public static void elapse(Duration time) {
    Ticker ticker = Ticker.system();
    long start = ticker.nanos();
    until("time to pass", time.plusMinutes(1), () -> ticker.since(start).compareTo(time) >= 0);
  }
}
