package dev.matriarch.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a standby that commits may wait for goes without holding them up (drop-in contract, section
 * 12): it shows {@code nosync} in its key and stays until the leader has let go of it, or a while.
 */
final class Resigning {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private Resigning() {}

  /** Whether its key shows that it is not to be waited for. */
  static boolean isShown(View view) {
    return view.leavingSince().isPresent() && !view.settings().paused();
  }

  /** Until when it must not be stopped; empty when it need not be waited with. */
  static Optional<Instant> until(View view, Instant now) {
    boolean awaited =
        isShown(view)
            && view.server().isRunningStandby()
            && view.store().isCurrent()
            && view.otherLeader().isPresent()
            && view.state().sync().voters().contains(view.name());
    Duration twoLooks = view.settings().loopWait().multipliedBy(2);
    return view.leavingSince()
        .map(since -> since.plus(twoLooks.compareTo(LONGEST) < 0 ? twoLooks : LONGEST))
        .filter(end -> awaited && now.isBefore(end));
  }
}
