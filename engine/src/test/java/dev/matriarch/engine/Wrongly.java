package dev.matriarch.engine;

import java.util.List;

/** The engine's course with one rule of a revocation done wrong. */
final class Wrongly {
  private Wrongly() {}

  /** Takes over with one promise too few. */
  static List<Clause> hasty() {
    Clause.Reading careful = original(Rule.AWAIT_PROMISES);
    return with(
        Rule.AWAIT_PROMISES,
        (view, now) -> {
          long others =
              view.peers().reports().values().stream()
                  .filter(report -> report.promised() > 0)
                  .count();
          return 1 + others >= view.state().sync().quorum() ? Verdict.PASS : careful.of(view, now);
        });
  }

  /** Takes over as if it had the most WAL of all. */
  static List<Clause> bold() {
    Clause.Reading careful = original(Rule.TAKE_OVER);
    return with(
        Rule.TAKE_OVER,
        (view, now) ->
            careful.of(
                view.toBuilder()
                    .server(view.server().toBuilder().written(new Lsn(Long.MAX_VALUE)).build())
                    .build(),
                now));
  }

  /** Goes back to the leader while its promise counts. */
  static List<Clause> faithless() {
    return with(Rule.KEEP_PROMISE, (view, now) -> Verdict.PASS);
  }

  private static List<Clause> with(Rule rule, Clause.Reading other) {
    return Engine.course().stream()
        .map(clause -> clause.rule() == rule ? new Clause(rule, other) : clause)
        .toList();
  }

  private static Clause.Reading original(Rule rule) {
    return Engine.course().stream()
        .filter(clause -> clause.rule() == rule)
        .findFirst()
        .orElseThrow()
        .reading();
  }
}
