package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.sim.Breach;
import dev.matriarch.engine.sim.Simulation;
import dev.matriarch.engine.sim.Simulation.Options;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The simulator notices when a rule is broken: else its silence would mean nothing. */
class BrokenRulesTest {
  private static final int SEEDS = 4_000;

  private static List<Clause> without(Rule rule) {
    return Engine.course().stream().filter(clause -> clause.rule() != rule).toList();
  }

  private static Engine duties(Clause.Reading synchrony) {
    List<Clause> duties =
        Duties.CLAUSES.stream()
            .map(
                clause ->
                    clause.rule() == Rule.SYNC_STEP
                        ? new Clause(Rule.SYNC_STEP, synchrony)
                        : clause)
            .toList();
    return new Engine(Engine.course(), duties);
  }

  private static List<String> caught(Engine broken, String... breaches) {
    Options options = Options.standard().with(broken);
    Set<String> expected = Set.of(breaches);
    return LongStream.rangeClosed(1, SEEDS)
        .mapToObj(seed -> Simulation.run(seed, options))
        .flatMap(report -> report.breach().stream())
        .map(Breach::what)
        .filter(expected::contains)
        .limit(1)
        .toList();
  }

  @Test
  void aPrimaryThatIsNotStoppedWhenItsLeaseRanOut() {
    Engine broken = new Engine(without(Rule.LEASE_RAN_OUT), Duties.CLAUSES);
    assertThat(caught(broken, "two writers", "writes after the lease")).isNotEmpty();
  }

  @Test
  void aKeyThatIsTakenThoughItsLeaderWasPromisedTime() {
    List<Clause> hasty =
        without(Rule.COUNT_ALIVE).stream()
            .filter(clause -> clause.rule() != Rule.HONOUR_PROMISE)
            .toList();
    Engine broken = new Engine(hasty, Duties.CLAUSES);
    assertThat(caught(broken, "two writers", "writes after the lease")).isNotEmpty();
  }

  @Test
  void aLeaderThatGoesOnThoughNotAllHaveAgreed() {
    List<Clause> duties =
        Duties.CLAUSES.stream()
            .map(
                clause ->
                    clause.rule() == Rule.ASK_FAILSAFE
                        ? new Clause(Rule.ASK_FAILSAFE, BrokenRulesTest::askNobody)
                        : clause)
            .toList();
    Engine broken = new Engine(Engine.course(), duties);
    assertThat(caught(broken, "two writers", "writes after the lease")).isNotEmpty();
  }

  private static Verdict askNobody(View view, Instant now) {
    return Surviving.ask(view, now) instanceof Verdict.Act
        ? Verdict.act("hasty", new Effect.AskFailsafe(new TreeMap<>(), Duration.ofSeconds(1)))
        : Verdict.PASS;
  }

  @Test
  void anElectionWithoutEnoughVoters() {
    Engine broken = new Engine(without(Rule.QUORUM_MISSING), Duties.CLAUSES);
    assertThat(caught(broken, "acknowledged write lost")).isNotEmpty();
  }

  @Test
  void aPromotionThatDoesNotRecordItsVotersFirst() {
    Engine broken = new Engine(without(Rule.PREPARE_SYNC), Duties.CLAUSES);
    assertThat(caught(broken, "acknowledged write lost")).isNotEmpty();
  }

  @Test
  void votersWhoseQuorumIsLoweredAtOnce() {
    Engine hasty =
        duties(
            (view, now) -> {
              boolean leads =
                  view.leads(now)
                      && view.server().isRunningPrimary()
                      && view.store().isCurrent()
                      && view.work().isFree(Lane.NOTES)
                      && view.work().isFree(Lane.SETTINGS);
              if (!leads) {
                return Verdict.PASS;
              }
              return SyncPlan.next(view)
                  .map(BrokenRulesTest::lowered)
                  .filter(effect -> !isRecorded(view, effect))
                  .filter(effect -> !view.work().isResting(effect.getClass(), now))
                  .map(effect -> Verdict.act("hasty", effect))
                  .orElse(Verdict.PASS);
            });
    assertThat(caught(hasty, "acknowledged write lost")).isNotEmpty();
  }

  private static boolean isRecorded(View view, Effect effect) {
    return effect instanceof Effect.WriteSync(SyncState sync)
        && sync.saysSameAs(view.state().sync());
  }

  private static Effect lowered(Effect effect) {
    return effect instanceof Effect.WriteSync(SyncState sync)
        ? new Effect.WriteSync(new SyncState(sync.revision(), sync.leader(), 0, sync.voters()))
        : effect;
  }
}
