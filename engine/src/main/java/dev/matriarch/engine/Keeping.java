package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.waiting;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Rule 451: what went another way than the leader's history and may neither be rewound nor removed
 * stays as it is, running or not, until an operator decides. A server that is down and may have
 * diverged is judged when it comes back ({@link Rule#REJOIN}).
 */
final class Keeping {
  static final List<Clause> CLAUSES =
      List.of(new Clause(Rule.KEEP_DIVERGED, Keeping::keepDiverged));

  private Keeping() {}

  private static Verdict keepDiverged(View view, Instant now) {
    Optional<String> leader = Following.leader(view);
    Undoing undoing = view.settings().undoing();
    if (leader.isEmpty()) {
      return PASS;
    }
    if (!undoing.discards() && isBeyondRewinding(view)) {
      return kept(
          view.server().halfRewound() ? "a rewind was cut off" : "its timeline was given up",
          undoing);
    }
    return undoing.isForbidden() && Following.isRunningAway(view, now)
        ? kept("its WAL went beyond the point where the leader's timeline began", undoing)
        : PASS;
  }

  private static boolean isBeyondRewinding(View view) {
    return view.server().halfRewound()
        || (view.server().isDown() && Following.isOnUnknownTimeline(view));
  }

  private static Verdict kept(String why, Undoing undoing) {
    return waiting("for an operator: " + why + ", and the data is kept; " + undoing.wayOut());
  }
}
