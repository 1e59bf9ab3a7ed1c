package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.act;
import static dev.matriarch.engine.Verdict.when;

import dev.matriarch.engine.Effect.StopMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Rules 442 and 443: the leader of a standby cluster that has WAL which its source does not have:
 * it was sent more than the source's next primary had, or led itself. It receives nothing, as if
 * the source were down; only a look at both histories tells which it is. Then it is stopped, what
 * only it has is listed, and it is taken back (rule 344), where that may be done.
 */
final class Straying {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(30);
  private static final Duration AGAIN = Duration.ofMinutes(1);
  private static final String WAY_OUT =
      "to let it be rewound: matriarch config set --set postgresql.use_pg_rewind=true";

  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.COMPARE_SOURCE, Straying::compare),
          new Clause(Rule.LEAVE_OWN_WAY, Straying::leave));

  private Straying() {}

  /** What comes before leading as one does. */
  static boolean isDue(View view, Instant now) {
    return !(compare(view, now) instanceof Verdict.Pass)
        || !(leave(view, now) instanceof Verdict.Pass);
  }

  private static Optional<Source> followed(View view, Instant now) {
    return Standing.source(view, now)
        .filter(source -> !source.host().isEmpty())
        .filter(source -> view.server().isRunningStandby())
        .filter(source -> view.server().upstreamAddress().equals(source.address()));
  }

  private static Verdict compare(View view, Instant now) {
    Optional<Source> source = followed(view, now);
    boolean due =
        source.isPresent()
            && Standing.isDry(view, now)
            && !mayLeave(view, now)
            && view.work().isFree(Lane.PROBE)
            && !view.work().isResting(Effect.CompareSource.class, now)
            && !view.work().succeededSince(Effect.CompareSource.class, now.minus(ASK_AGAIN));
    return due
        ? act(
            "nothing comes from " + source.get().address() + "; is its history still its own?",
            new Effect.CompareSource(source.get(), view.server().timeline()))
        : PASS;
  }

  private static Verdict leave(View view, Instant now) {
    return followed(view, now).isPresent() && mayLeave(view, now)
        ? when(
            view,
            now,
            said(view).orElse(""),
            new Effect.StopServer(StopMode.FAST, "to be taken back to its source's history"))
        : PASS;
  }

  private static boolean mayLeave(View view, Instant now) {
    return said(view).isPresent()
        && !view.settings().undoing().isForbidden()
        && !view.settings().paused()
        && !wasTakenBackInVain(view, now);
  }

  /** What the comparison found, while nothing came since. */
  static Optional<String> said(View view) {
    return view.server().streaming()
        ? Optional.empty()
        : refusal(view)
            .filter(setback -> !setback.lastAt().isBefore(view.drySince()))
            .map(Setback::reason);
  }

  private static Optional<Setback> refusal(View view) {
    return view.work().setback(Effect.CompareSource.class).filter(Setback::refused);
  }

  /** It was taken back a moment ago, and nothing came since: something else is wrong. */
  private static boolean wasTakenBackInVain(View view, Instant now) {
    return !view.server().streamed()
        && Losing.wasListedSince(view, Effect.ListGivenUp.class, now.minus(AGAIN));
  }

  /** It was stopped for that, and could not be brought back since. */
  static boolean wasStopped(View view) {
    return refusal(view)
        .map(Setback::lastAt)
        .filter(at -> view.work().succeededSince(Effect.StopServer.class, at))
        .filter(at -> !view.work().succeededSince(Effect.FromSource.class, at))
        .isPresent();
  }

  /** What to add where it leads on as it is. */
  static String remark(View view) {
    return said(view).map(why -> ": " + why + "; " + next(view)).orElse("");
  }

  private static String next(View view) {
    if (view.settings().undoing().isForbidden()) {
      return "its data is kept; " + WAY_OUT;
    }
    return view.settings().paused()
        ? "it is taken back once the cluster is resumed"
        : "it was taken back a moment ago, which did not help";
  }
}
