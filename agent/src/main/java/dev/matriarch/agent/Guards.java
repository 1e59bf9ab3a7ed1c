package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.guard.Watchdog;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Settings;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * What stops a primary that the agent does not stop itself: the kernel's door and a watchdog
 * device. Both hear of each proof of the lease.
 *
 * @param settings of now, for how long the device waits
 */
record Guards(Fence fence, Watchdog watchdog, Supplier<Settings> settings)
    implements LeaseHands.Renewals {
  Guards {
    requireNonNull(fence, "fence is null");
    requireNonNull(watchdog, "watchdog is null");
    requireNonNull(settings, "settings is null");
  }

  @Override
  public Outcome shorten(Instant deadline) {
    return fence.shorten(deadline);
  }

  /** The lease was renewed by what was sent then. Never blocks. */
  @Override
  public void renewed(Instant sentAt, Instant deadline, long revision) {
    fence.until(deadline, revision);
    watchdog.proven(sentAt);
  }

  /** All members wait for this leader, as they were asked to then. Never blocks. */
  void spared(Instant sentAt, Instant deadline) {
    fence.spare(deadline);
    watchdog.proven(sentAt);
  }

  /** Returns once all that is needed is in place: it must, before there is a primary to stop. */
  Outcome ensure() throws InterruptedException {
    Outcome fenced = fence.ensure();
    return fenced instanceof Outcome.Done ? watchdog.ensure(settings.get()) : fenced;
  }
}
