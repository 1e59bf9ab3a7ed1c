package dev.matriarch.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a standby that commits may wait for goes without holding them up (drop-in contract, section
 * 12): it shows {@code nosync} in its key and stays until the leader has let go of it, or a while.
 */
final class Resigning {
  /** No agent's end is put off for others for longer: who stops it has limits of his own. */
  static final Duration LONGEST = Duration.ofSeconds(10);

  private Resigning() {}

  /** Whether its key shows that it is not to be waited for. */
  static boolean isShown(View view, Instant now) {
    return since(view, now).isPresent();
  }

  /** Since when it is about to go: its agent ends, or an operator wants the server restarted. */
  private static Optional<Instant> since(View view, Instant now) {
    if (view.leavingSince().isPresent()) {
      return view.leavingSince().filter(at -> !view.settings().paused());
    }
    return Restarting.due(view, now)
        .filter(wish -> view.server().role() == Role.STANDBY)
        .map(wish -> wish.plan().at().map(at -> at.minus(view.wallAhead())).orElse(wish.since()));
  }

  /** Until when it must not be stopped; empty when it need not be waited with. */
  static Optional<Instant> until(View view, Instant now) {
    boolean awaited =
        view.server().isRunningStandby()
            && view.store().isCurrent()
            && view.otherLeader().isPresent()
            && view.state().sync().voters().contains(view.name());
    Duration twoLooks = view.settings().loopWait().multipliedBy(2);
    return since(view, now)
        .map(at -> at.plus(twoLooks.compareTo(LONGEST) < 0 ? twoLooks : LONGEST))
        .filter(end -> awaited && now.isBefore(end));
  }
}
