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

/**
 * The swarm notices a revocation that is done wrong. A voter that goes back to the leader too early
 * it notices once in thousands of seeds: that is {@link RevocationModelTest}'s.
 */
class BrokenRevocationTest {
  private static final int SEEDS = 1_500;
  private static final Set<String> EXPECTED = Set.of("two writers", "acknowledged write lost");

  /** A seed that is known to show it goes first. */
  private static List<String> caught(Options options, long known) {
    return LongStream.concat(LongStream.of(known), LongStream.rangeClosed(1, SEEDS))
        .mapToObj(seed -> RevocationSwarm.run(seed, options))
        .flatMap(report -> report.breach().stream())
        .map(Breach::what)
        .filter(EXPECTED::contains)
        .limit(1)
        .toList();
  }

  private static Options with(List<Clause> course) {
    return Options.standard().with(new Engine(course, Duties.CLAUSES));
  }

  @Test
  void aPositionReadWhileTheReceiverStillRuns() {
    assertThat(caught(Options.standard().with(Flaw.PROMISE_BEFORE_RECEIVER_ENDS), 44)).isNotEmpty();
  }

  @Test
  void onePromiseTooFew() {
    assertThat(caught(with(Wrongly.hasty()), 21)).isNotEmpty();
  }

  @Test
  void aCandidateThatIsNotTheMostAdvanced() {
    assertThat(caught(with(Wrongly.bold()), 7)).isNotEmpty();
  }
}
