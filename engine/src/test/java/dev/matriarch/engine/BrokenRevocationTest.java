package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.sim.Breach;
import dev.matriarch.engine.sim.Flaw;
import dev.matriarch.engine.sim.RevocationSwarm;
import dev.matriarch.engine.sim.Simulation.Options;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The swarm notices a revocation that is done wrong. */
class BrokenRevocationTest {
  private static final int SEEDS = 1_500;
  private static final Set<String> EXPECTED = Set.of("two writers", "acknowledged write lost");

  private static List<String> caught(Options options) {
    return LongStream.rangeClosed(1, SEEDS)
        .mapToObj(seed -> RevocationSwarm.run(seed, options))
        .flatMap(report -> report.breach().stream())
        .map(Breach::what)
        .filter(EXPECTED::contains)
        .limit(1)
        .toList();
  }

  private static Options with(Rule rule, Clause.Reading other) {
    List<Clause> course =
        Engine.course().stream()
            .map(clause -> clause.rule() == rule ? new Clause(rule, other) : clause)
            .toList();
    return Options.standard().with(new Engine(course, Duties.CLAUSES));
  }

  private static Clause.Reading original(Rule rule) {
    return Engine.course().stream()
        .filter(clause -> clause.rule() == rule)
        .map(Clause::reading)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPositionReadWhileTheReceiverStillRuns() {
    assertThat(caught(Options.standard().with(Flaw.PROMISE_BEFORE_RECEIVER_ENDS))).isNotEmpty();
  }

  @Test
  void onePromiseTooFew() {
    Clause.Reading careful = original(Rule.AWAIT_PROMISES);
    Options hasty =
        with(
            Rule.AWAIT_PROMISES,
            (view, now) -> {
              long promised =
                  view.peers().reports().values().stream()
                      .filter(report -> report.promised() > 0)
                      .count();
              return 1 + promised >= view.state().sync().quorum()
                  ? Verdict.PASS
                  : careful.of(view, now);
            });
    assertThat(caught(hasty)).isNotEmpty();
  }

  @Test
  void aCandidateThatIsNotTheMostAdvanced() {
    Clause.Reading careful = original(Rule.TAKE_OVER);
    Options bold =
        with(
            Rule.TAKE_OVER,
            (view, now) ->
                careful.of(
                    view.toBuilder()
                        .server(view.server().toBuilder().written(new Lsn(Long.MAX_VALUE)).build())
                        .build(),
                    now));
    assertThat(caught(bold)).isNotEmpty();
  }
}
