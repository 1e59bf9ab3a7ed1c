package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.guard.Watchdog;
import dev.matriarch.agent.vip.VirtualAddresses;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Settings;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * What stops a primary that the agent does not stop itself: the kernel's door and a watchdog
 * device; and the addresses that clients find it by. All hear of each proof of the lease.
 *
 * @param settings of now, for how long the device waits
 */
record Guards(
    Fence fence, Watchdog watchdog, VirtualAddresses addresses, Supplier<Settings> settings)
    implements LeaseHands.Renewals {
  Guards {
    requireNonNull(fence, "fence is null");
    requireNonNull(watchdog, "watchdog is null");
    requireNonNull(addresses, "addresses is null");
    requireNonNull(settings, "settings is null");
  }

  @Override
  public Outcome shorten(Instant deadline) {
    Outcome fenced = fence.shorten(deadline);
    Outcome shortened = addresses.shorten(deadline);
    return fenced instanceof Outcome.Done ? shortened : fenced;
  }

  /** Its holder-to-be is no primary yet. Never blocks. */
  @Override
  public void foreseen(Instant deadline) {
    fence.foresee(deadline);
  }

  /** Another may lead from the next moment on. Bounded. */
  @Override
  public Outcome releasing() {
    return addresses.release();
  }

  /** The lease was renewed by what was sent then. Never blocks. */
  @Override
  public void renewed(Instant sentAt, Instant deadline, long revision) {
    fence.until(deadline, revision);
    addresses.until(sentAt, deadline);
    watchdog.proven(sentAt);
  }

  /** All members wait for this leader, as they were asked to then. Never blocks. */
  void spared(Instant sentAt, Instant deadline) {
    fence.spare(deadline);
    addresses.spare(sentAt, deadline);
    watchdog.proven(sentAt);
  }

  /** Returns once all that is needed is in place: it must, before there is a primary to stop. */
  Outcome ensure() throws InterruptedException {
    Outcome fenced = fence.ensure();
    return fenced instanceof Outcome.Done ? watchdog.ensure(settings.get()) : fenced;
  }
}
