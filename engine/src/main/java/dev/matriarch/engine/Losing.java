package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.when;

import dev.matriarch.engine.Server.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Rule 441: a member that comes back with WAL that its leader does not have lists what is in it
 * before a rewind or a copy throws it away. It is tried once for each time the server went down: a
 * list that cannot be had keeps nobody from coming back.
 */
final class Losing {
  private static final String WHAT_IS_DONE = "what only it has is listed before it is undone";

  static final List<Clause> CLAUSES = List.of(new Clause(Rule.LIST_LOST, Losing::list));

  private Losing() {}

  static Verdict list(View view, Instant now) {
    Optional<String> leader = Following.leader(view);
    boolean due =
        leader.isPresent()
            && Following.leaderIsRecorded(view)
            && Following.isToBeUndone(view)
            && mayHaveMore(view)
            && !isReturning(view)
            && !wasTried(view, now, Effect.ListLost.class);
    return due
        ? when(
            view,
            now,
            WHAT_IS_DONE,
            new Effect.ListLost(leader.get(), Following.isOnUnknownTimeline(view)))
        : PASS;
  }

  /**
   * The same for the leader of a standby cluster before it is taken back to the server outside: by
   * rule 344, as a leader gets no further than that.
   */
  static Verdict listForSource(View view, Instant now, Source source) {
    return wasTried(view, now, Effect.ListGivenUp.class)
        ? PASS
        : when(view, now, WHAT_IS_DONE, new Effect.ListGivenUp(source));
  }

  /** Unless it was shut down cleanly, within what the next timeline began with. */
  private static boolean mayHaveMore(View view) {
    Server server = view.server();
    boolean handedOver =
        server.condition() == Condition.STOPPED
            && server.role() == Role.PRIMARY
            && !Following.isOnUnknownTimeline(view)
            && view.state().history().stream()
                .anyMatch(
                    ended ->
                        ended.timeline() == server.timeline()
                            && !server.written().isBeyond(ended.end()));
    return !handedOver;
  }

  /** It is being undone already. */
  private static boolean isReturning(View view) {
    return view.work()
        .in(Lane.SERVER)
        .filter(effect -> !(effect instanceof Effect.ListLost))
        .isPresent();
  }

  private static boolean wasTried(View view, Instant now, Class<? extends Effect> listing) {
    return wasListedSince(view, listing, view.serverSince()) || view.work().isResting(listing, now);
  }

  /** It was tried to list what would be lost, whatever came of it. */
  static boolean wasListedSince(View view, Class<? extends Effect> listing, Instant since) {
    Instant listed = view.work().successes().get(listing.getSimpleName());
    boolean failed =
        view.work()
            .setback(listing)
            .filter(setback -> !setback.lastAt().isBefore(since))
            .isPresent();
    return failed || (listed != null && !listed.isBefore(since));
  }
}
