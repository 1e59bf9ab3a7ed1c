package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.guard.DeadlineFile;
import dev.matriarch.agent.guard.LeaseGuard;
import dev.matriarch.agent.guard.Sentinel;
import dev.matriarch.engine.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the kernel lease with the renewals, on a thread of its own so that no renewal waits for the
 * kernel. Where the host does not allow one, the {@link Sentinel} is told instead. A deadline is
 * absolute: a late arming closes the door at the same moment as a punctual one.
 */
final class Fence {
  private static final Logger LOG = LoggerFactory.getLogger(Fence.class);

  /** What the door is to be. */
  private sealed interface Wish {
    /** Left as it was found: it may be the lease of a primary that an agent before left running. */
    record AsFound() implements Wish {}

    /** Always open: there is no primary here. */
    record Open() implements Wish {}

    /**
     * Closed from then on, for a lease that is not this member's yet: there will be no time to tell
     * the kernel between having it and a promotion.
     */
    record Foreseen(Instant deadline) implements Wish {}

    /** Not there: the agent ends, and there is no primary here. */
    record Gone() implements Wish {}

    /** Closed from then on; the leader key had that revision. */
    record Until(Instant deadline, long revision) implements Wish {}
  }

  private static final Duration AGAIN = Duration.ofMillis(500);

  /**
   * A lease that was foreseen and did not come must not close a standby: so long before, it opens.
   */
  private static final Duration REOPENING = Duration.ofSeconds(1);

  private final LeaseGuard guard;
  private final Sentinel sentinel;
  private final Optional<DeadlineFile> file;
  private final InstantSource monotonic;
  private final AtomicReference<Wish> wish = new AtomicReference<>(new Wish.AsFound());
  private final AtomicReference<Optional<Wish.Until>> last =
      new AtomicReference<>(Optional.empty());
  private final Thread keeper;

  /** What the kernel was told last. */
  private volatile Wish fulfilled = new Wish.AsFound();

  private volatile boolean finished = false;

  /** What it is being told now. */
  private volatile Wish underWay = new Wish.AsFound();

  /**
   * @param file where the deadline is kept for the agent that comes after a crash of this one
   * @param monotonic the clock of the deadlines
   */
  Fence(LeaseGuard guard, Sentinel sentinel, Optional<DeadlineFile> file, InstantSource monotonic) {
    this.guard = requireNonNull(guard, "guard is null");
    this.sentinel = requireNonNull(sentinel, "sentinel is null");
    this.file = requireNonNull(file, "file is null");
    this.monotonic = requireNonNull(monotonic, "monotonic is null");
    this.keeper = Thread.ofPlatform().daemon().name("kernel-lease").unstarted(this::keep);
    keeper.start();
  }

  /** The lease was renewed: clients may reach a primary until then. Never blocks. */
  void until(Instant deadline, long revision) {
    Wish.Until closing = new Wish.Until(deadline, revision);
    last.set(Optional.of(closing));
    wish.set(closing);
    LockSupport.unpark(keeper);
  }

  /** All members wait for this leader without etcd: as after a renewal. Never blocks. */
  void spare(Instant deadline) {
    Optional<Wish.Until> before = last.get();
    // A renewal that got through meanwhile may have moved it further.
    if (before.filter(known -> deadline.isAfter(known.deadline())).isPresent()) {
      until(deadline, before.get().revision());
    }
  }

  /** Closes earlier than it was to: returns once the kernel knows. */
  Outcome shorten(Instant deadline) {
    Optional<Wish.Until> before = last.get();
    if (before.filter(known -> deadline.isBefore(known.deadline())).isEmpty()) {
      return new Outcome.Done();
    }
    until(deadline, before.get().revision());
    return ensure();
  }

  /**
   * This member is no primary and holds no lease: reads need no lease. Never blocks. What is
   * foreseen ends by itself.
   */
  void open() {
    Wish now = wish.get();
    if (!(now instanceof Wish.Open || now instanceof Wish.Foreseen)
        && wish.compareAndSet(now, new Wish.Open())) {
      LockSupport.unpark(keeper);
    }
  }

  /** A standby is about to be given a lease, which will last until then at least. Never blocks. */
  void foresee(Instant deadline) {
    Wish now = wish.get();
    if (now instanceof Wish.Open && wish.compareAndSet(now, new Wish.Foreseen(deadline))) {
      LockSupport.unpark(keeper);
    }
  }

  /**
   * Returns once the kernel knows the last deadline, whatever was wished since: it must, before
   * there is a primary to fence.
   */
  Outcome ensure() {
    Optional<Wish.Until> closing = last.get();
    if (closing.isEmpty()) {
      return new Outcome.Failed("no lease was renewed yet");
    }
    wish.set(closing.get());
    if (wasForeseen(closing.get())) {
      return new Outcome.Done();
    }
    return isFulfilled(closing.get()) || fulfil(closing.get())
        ? new Outcome.Done()
        : new Outcome.Failed("the kernel did not take the lease");
  }

  /**
   * The kernel closes earlier still, as it was told ahead, and as the file says; it is not being
   * told to open: {@link #fulfilIfStill} looks at the wish after it has said what is under way,
   * this the other way round.
   */
  private boolean wasForeseen(Wish.Until closing) {
    return !(underWay instanceof Wish.Open)
        && fulfilled instanceof Wish.Foreseen(Instant deadline)
        && deadline.isAfter(monotonic.instant())
        && !deadline.isAfter(closing.deadline());
  }

  /** Opens the door before the agent ends with its server down: nobody else would. */
  void finish() {
    Wish gone = new Wish.Gone();
    wish.set(gone);
    finished = true;
    LockSupport.unpark(keeper);
    fulfil(gone);
  }

  private void keep() {
    Wish done = new Wish.AsFound();
    while (!finished) {
      Wish now = wish.get();
      if (now.equals(done)) {
        rest(now);
      } else if (fulfilIfStill(now)) {
        done = now;
      } else if (wish.get().equals(now)) {
        LockSupport.parkNanos(this, AGAIN.toNanos());
      }
    }
  }

  private void rest(Wish now) {
    if (!(now instanceof Wish.Foreseen(Instant deadline))) {
      LockSupport.park(this);
      return;
    }
    Duration left = Duration.between(monotonic.instant(), deadline.minus(REOPENING));
    if (left.isPositive()) {
      LockSupport.parkNanos(this, left.toNanos());
    } else {
      wish.compareAndSet(now, new Wish.Open());
    }
  }

  /** Waits for what is being told it now. */
  private synchronized boolean isFulfilled(Wish now) {
    return guard.isActive() && now.equals(fulfilled);
  }

  /** Tells it unless something else is wished by now. */
  private synchronized boolean fulfilIfStill(Wish now) {
    underWay = now;
    boolean told = wish.get().equals(now) && fulfil(now);
    underWay = new Wish.AsFound();
    return told;
  }

  private synchronized boolean fulfil(Wish now) {
    remember(now);
    if (!guard.isActive()) {
      tellSentinel(now);
      return true;
    }
    if (isNothingNew(now)) {
      fulfilled = now;
      return true;
    }
    Outcome outcome =
        switch (now) {
          case Wish.AsFound found -> new Outcome.Done();
          case Wish.Open open -> guard.disarm();
          case Wish.Foreseen(Instant deadline) -> guard.arm(deadline);
          case Wish.Gone gone -> guard.remove();
          case Wish.Until until -> guard.arm(until.deadline());
        };
    if (outcome instanceof Outcome.Failed failed) {
      LOG.error("kernel lease: {}", failed.reason());
    }
    fulfilled = outcome instanceof Outcome.Done ? now : new Wish.AsFound();
    return outcome instanceof Outcome.Done;
  }

  /** The lease came as it was foreseen; another call would take time from what clients wait for. */
  private boolean isNothingNew(Wish now) {
    return now instanceof Wish.Until(Instant deadline, long _)
        && fulfilled.equals(new Wish.Foreseen(deadline));
  }

  private void tellSentinel(Wish now) {
    switch (now) {
      case Wish.AsFound found -> {}
      case Wish.Foreseen foreseen -> {}
      case Wish.Open open -> sentinel.leave();
      case Wish.Gone gone -> sentinel.leave();
      case Wish.Until until -> sentinel.until(until.deadline());
    }
  }

  private void remember(Wish now) {
    if (file.isEmpty()) {
      return;
    }
    try {
      switch (now) {
        case Wish.AsFound found -> {}
        // A standby goes by no lease; when it is a primary, it has one that lasts until then.
        case Wish.Foreseen(Instant deadline) ->
            file.get().write(Duration.between(monotonic.instant(), deadline), 0);
        case Wish.Open open -> file.get().clear();
        case Wish.Gone gone -> file.get().clear();
        case Wish.Until until ->
            file.get()
                .write(Duration.between(monotonic.instant(), until.deadline()), until.revision());
      }
    } catch (IOException e) {
      LOG.warn("the lease's deadline could not be written down: {}", e.getMessage());
    }
  }
}
