package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.sim.Breach;
import dev.matriarch.engine.sim.Fault;
import dev.matriarch.engine.sim.Report;
import dev.matriarch.engine.sim.Setup;
import dev.matriarch.engine.sim.Simulation;
import dev.matriarch.engine.sim.Simulation.Options;
import dev.matriarch.engine.sim.Weather;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The simulator notices when a rule is broken: else its silence would mean nothing. */
class BrokenRulesTest {
  /** How many are tried should those known to catch it not do so any more. */
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

  /** Those seeds come first, each of which caught it when it was last looked at. */
  private static List<String> caught(Engine broken, List<Long> known, String... breaches) {
    Options options = Options.standard().with(broken);
    Set<String> expected = Set.of(breaches);
    return LongStream.concat(
            known.stream().mapToLong(Long::longValue), LongStream.rangeClosed(1, SEEDS))
        .mapToObj(seed -> Simulation.run(seed, options))
        .filter(report -> isCaught(report, expected))
        .limit(1)
        .map(report -> report.breach().orElseThrow().what() + " by seed " + report.seed())
        .peek(System.out::println)
        .toList();
  }

  private static boolean isCaught(Report report, Set<String> expected) {
    return report.breach().map(Breach::what).filter(expected::contains).isPresent();
  }

  @Test
  void aPrimaryThatIsNotStoppedWhenItsLeaseRanOut() {
    Engine broken = new Engine(without(Rule.LEASE_RAN_OUT), Duties.CLAUSES);
    assertThat(caught(broken, List.of(264L, 41L, 233L), "two writers", "writes after the lease"))
        .isNotEmpty();
  }

  @Test
  void aKeyThatIsTakenThoughItsLeaderWasPromisedTime() {
    List<Clause> hasty =
        without(Rule.COUNT_ALIVE).stream()
            .filter(clause -> clause.rule() != Rule.HONOUR_PROMISE)
            .toList();
    Engine broken = new Engine(hasty, Duties.CLAUSES);
    assertThat(caught(broken, List.of(284L, 285L, 362L), "two writers", "writes after the lease"))
        .isNotEmpty();
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
    assertThat(caught(broken, List.of(72L, 174L, 233L), "two writers", "writes after the lease"))
        .isNotEmpty();
  }

  private static Verdict askNobody(View view, Instant now) {
    return Surviving.ask(view, now) instanceof Verdict.Act
        ? Verdict.act("hasty", new Effect.AskFailsafe(new TreeMap<>(), Duration.ofSeconds(1)))
        : Verdict.PASS;
  }

  @Test
  void anElectionWithoutEnoughVoters() {
    Engine broken = new Engine(without(Rule.QUORUM_MISSING), Duties.CLAUSES);
    assertThat(caught(broken, List.of(108L, 367L, 697L), "acknowledged write lost")).isNotEmpty();
  }

  /** Four members of which one is far ahead of two when the leader's host goes down. */
  private static List<String> caughtLagging(Engine broken, Synchrony.Mode mode, Tags ahead) {
    Synchrony synchrony = new Synchrony(mode, false, 1, -1);
    Duration at = Duration.ofSeconds(30);
    List<Fault> faults = new ArrayList<>();
    for (int slow = 0; slow < 4; slow++) {
      if (slow != 2) {
        faults.add(new Fault(at, Fault.Kind.SLOW_NETWORK, slow, -1, Duration.ofSeconds(11)));
      }
    }
    faults.add(
        new Fault(
            at.plusSeconds(10), Fault.Kind.NODE_LOST, Fault.LEADER, -1, Duration.ofSeconds(60)));
    Setup setup =
        new Setup(
            List.of(Tags.NONE, Tags.NONE, ahead, Tags.NONE),
            Settings.DEFAULT.toBuilder().synchrony(synchrony).build(),
            true,
            Weather.FAIR,
            faults,
            Duration.ofMinutes(2));
    return LongStream.rangeClosed(1, 60)
        .mapToObj(seed -> Simulation.run(seed, setup, Options.standard().with(broken)))
        .flatMap(report -> report.breach().stream())
        .map(Breach::what)
        .distinct()
        .toList();
  }

  @Test
  @Promise("P165")
  void anElectionThatPassesOverTheMostAdvanced() {
    Engine broken = new Engine(without(Rule.BETTER_PEER), Duties.CLAUSES);
    assertThat(caughtLagging(new Engine(), Synchrony.Mode.QUORUM, Tags.NONE)).isEmpty();
    assertThat(caughtLagging(broken, Synchrony.Mode.QUORUM, Tags.NONE))
        .containsAnyOf("acknowledged write lost", "better peer passed over");
    assertThat(caughtLagging(broken, Synchrony.Mode.OFF, Tags.NONE))
        .contains("better peer passed over");
  }

  @Test
  void anElectionOfOneThatDoesNotFetchWhatItLacks() {
    Tags mayNot = Tags.NONE.toBuilder().nofailover(true).build();
    Engine broken = new Engine(without(Rule.CATCH_UP), Duties.CLAUSES);
    assertThat(caughtLagging(new Engine(), Synchrony.Mode.QUORUM, mayNot)).isEmpty();
    assertThat(caughtLagging(broken, Synchrony.Mode.QUORUM, mayNot))
        .containsAnyOf("acknowledged write lost", "not healed");
  }

  @Test
  void aCandidateThatCountsByALeaseTheLeaderDoesNotKnowYet() {
    Clause hasty =
        new Clause(
            Rule.EXPIRE,
            (view, now) ->
                view.store()
                    .sighting()
                    .filter(seen -> view.server().isRunningStandby())
                    .filter(seen -> !view.settings().paused() && view.store().isCurrent())
                    .filter(
                        seen ->
                            now.isAfter(seen.receivedAt().plus(view.settings().lease().lease())))
                    .map(
                        seen ->
                            Verdict.when(
                                view,
                                now,
                                "hasty",
                                new Effect.ExpireLeader(seen.leader(), seen.revision())))
                    .orElse(Verdict.PASS));
    List<Clause> rules =
        Engine.course().stream()
            .map(clause -> clause.rule() == Rule.EXPIRE ? hasty : clause)
            .toList();
    Engine broken = new Engine(rules, Duties.CLAUSES);
    assertThat(caught(broken, List.of(750L, 1134L), "two writers", "writes after the lease"))
        .isNotEmpty();
  }

  @Test
  void aPromotionThatDoesNotRecordItsVotersFirst() {
    Engine broken = new Engine(without(Rule.PREPARE_SYNC), Duties.CLAUSES);
    assertThat(caught(broken, List.of(296L, 570L, 720L), "acknowledged write lost")).isNotEmpty();
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
    assertThat(caught(hasty, List.of(349L, 371L, 450L), "acknowledged write lost")).isNotEmpty();
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
