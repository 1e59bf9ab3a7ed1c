package dev.matriarch.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * {@code primary_race_backoff}: a leader key that went while WAL still comes is no reason to elect
 * another at once; the leader's agent may only have been slow, and takes its key again (drop-in
 * contract, section 14).
 */
final class RaceBackoff {
  /** Read by the field's tools: the sentence is theirs. */
  static final String REASON = "wal position moved since last heart beat loop";

  private RaceBackoff() {}

  static boolean holds(View view, Instant now) {
    Optional<Instant> since = view.store().vacantSince();
    boolean early =
        since.filter(at -> now.isBefore(at.plus(view.settings().raceBackoff()))).isPresent();
    if (!early || !view.server().isRunningStandby() || Moving.isCandidate(view, now)) {
      return false;
    }
    Instant lately = now.minus(view.settings().loopWait());
    boolean moves = view.movedAt().isAfter(lately);
    // Between two pieces of WAL an idle primary looks like a dead one.
    boolean mayMove = since.get().isAfter(lately) && aPrimaryIsShown(view);
    return moves || mayMove;
  }

  private static boolean aPrimaryIsShown(View view) {
    return view.state().members().values().stream().anyMatch(Member::isPrimary);
  }

  /** When it may be over though nothing happens. */
  static Optional<Instant> end(View view, Instant now) {
    return view.store()
        .vacantSince()
        .filter(at -> holds(view, now))
        .map(at -> at.plus(view.settings().raceBackoff()));
  }
}
