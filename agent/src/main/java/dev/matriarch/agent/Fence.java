package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.guard.LeaseGuard;
import dev.matriarch.engine.Outcome;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the kernel lease with the renewals, on a thread of its own so that no renewal waits for the
 * kernel. A deadline is absolute: a late arming closes the door at the same moment as a punctual
 * one.
 */
final class Fence {
  private static final Logger LOG = LoggerFactory.getLogger(Fence.class);

  /** What the door is to be. */
  private sealed interface Wish {
    /** Always open: there is no primary here. */
    record Open() implements Wish {}

    /** Closed from then on. */
    record Until(Instant deadline) implements Wish {}
  }

  private final LeaseGuard guard;
  private final AtomicReference<Wish> wish = new AtomicReference<>(new Wish.Open());
  private final AtomicReference<Optional<Instant>> lastDeadline =
      new AtomicReference<>(Optional.empty());
  private final Thread keeper;

  Fence(LeaseGuard guard) {
    this.guard = requireNonNull(guard, "guard is null");
    this.keeper = Thread.ofPlatform().daemon().name("kernel-lease").unstarted(this::keep);
    keeper.start();
  }

  /** The lease was renewed: clients may reach a primary until then. Never blocks. */
  void until(Instant deadline) {
    lastDeadline.set(Optional.of(deadline));
    wish.set(new Wish.Until(deadline));
    LockSupport.unpark(keeper);
  }

  /** This member is no primary and holds no lease: reads need no lease. Never blocks. */
  void open() {
    if (guard.isActive() && !(wish.get() instanceof Wish.Open)) {
      wish.set(new Wish.Open());
      LockSupport.unpark(keeper);
    }
  }

  /**
   * Returns once the kernel knows the last deadline, whatever was wished since: it must, before
   * there is a primary to fence.
   */
  void ensure() {
    lastDeadline
        .get()
        .ifPresent(
            deadline -> {
              Wish closing = new Wish.Until(deadline);
              wish.set(closing);
              fulfil(closing);
            });
  }

  private void keep() {
    Wish done = new Wish.Open();
    while (!Thread.currentThread().isInterrupted()) {
      Wish now = wish.get();
      if (now.equals(done)) {
        LockSupport.park(this);
      } else {
        fulfil(now);
        done = now;
      }
    }
  }

  private synchronized void fulfil(Wish now) {
    if (!guard.isActive()) {
      return;
    }
    Outcome outcome =
        switch (now) {
          case Wish.Open open -> guard.disarm();
          case Wish.Until until -> guard.arm(until.deadline());
        };
    if (outcome instanceof Outcome.Failed failed) {
      LOG.error("kernel lease: {}", failed.reason());
    }
  }
}
