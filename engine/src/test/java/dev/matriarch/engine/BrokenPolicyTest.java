package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.sim.Breach;
import dev.matriarch.engine.sim.Fault;
import dev.matriarch.engine.sim.Fault.Kind;
import dev.matriarch.engine.sim.Report;
import dev.matriarch.engine.sim.Setup;
import dev.matriarch.engine.sim.Simulation;
import dev.matriarch.engine.sim.Simulation.Options;
import dev.matriarch.engine.sim.Weather;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What a cluster of two, a leader that recovers and a cold start do in the simulator, and that it
 * is noticed when they don't.
 */
class BrokenPolicyTest {
  private static final Duration AT = Duration.ofSeconds(30);
  private static final int SEEDS = 8;
  private static final Duration DOWN = AT.plusSeconds(10);
  private static final Synchrony QUORUM = new Synchrony(Synchrony.Mode.QUORUM, true, 1, -1);

  private static Setup of(int members, Settings settings, List<Fault> faults) {
    return new Setup(
        Collections.nCopies(members, Tags.NONE),
        settings,
        true,
        Weather.FAIR,
        faults,
        Duration.ofMinutes(3));
  }

  private static Fault fault(Duration at, Kind kind, int member, int seconds) {
    return new Fault(at, kind, member, -1, Duration.ofSeconds(seconds));
  }

  private static List<Report> run(Engine engine, Setup setup) {
    return LongStream.rangeClosed(1, SEEDS)
        .mapToObj(seed -> Simulation.run(seed, setup, Options.standard().with(engine)))
        .toList();
  }

  private static List<String> breaches(List<Report> reports) {
    return reports.stream().flatMap(report -> report.breach().stream()).map(Breach::what).toList();
  }

  private static int promotions(List<Report> reports) {
    return reports.stream().mapToInt(Report::promotions).sum();
  }

  /** Rules that see the world otherwise than it is. */
  private static Engine seeing(UnaryOperator<View> otherwise) {
    return new Engine(
        Engine.course().stream()
            .map(
                clause ->
                    new Clause(
                        clause.rule(),
                        (view, now) -> clause.reading().of(otherwise.apply(view), now)))
            .toList(),
        Duties.CLAUSES);
  }

  /** The leader's host comes back last, and those before it are behind. */
  private static Setup coldStart() {
    List<Fault> faults = new ArrayList<>();
    for (int member = 0; member < 3; member++) {
      faults.add(fault(AT, Kind.SLOW_NETWORK, member, 20));
    }
    faults.addAll(allDown(fault(DOWN, Kind.NODE_CRASH, Fault.LEADER, 60)));
    return of(3, Settings.DEFAULT, faults);
  }

  private static List<Fault> allDown(Fault leaders) {
    List<Fault> faults = new ArrayList<>(List.of(leaders));
    for (int member = 0; member < 3; member++) {
      faults.add(fault(DOWN.plusMillis(1), Kind.NODE_CRASH, member, 20 + member));
    }
    return faults;
  }

  @Test
  @Promise({"P107", "P165"})
  void whoBootsFirstDoesNotLeadBecauseOfThat() {
    assertThat(breaches(run(new Engine(), coldStart()))).isEmpty();
    Engine hasty =
        seeing(
            view -> {
              StoreSight seen = view.store();
              return view.toBuilder()
                  .store(
                      new StoreSight(
                          seen.state(),
                          seen.known(),
                          seen.trouble(),
                          seen.sighting(),
                          seen.vacantSince(),
                          true))
                  .build();
            });
    assertThat(breaches(run(hasty, coldStart()))).contains("elected before who led last");
  }

  /** That its agents were started anew just then is no outage of its members. */
  @Test
  @Promise({"P104", "P106"})
  void agentsThatAreStartedAnewWhileTheLeaderIsLostDoNotWait() {
    List<Fault> faults = new ArrayList<>();
    faults.add(fault(AT, Kind.NODE_CRASH, Fault.LEADER, 50));
    for (int member = 0; member < 3; member++) {
      faults.add(fault(AT.plusMillis(1), Kind.AGENT_CRASH, member, 2));
    }
    List<Report> reports = run(new Engine(), of(3, Settings.DEFAULT, faults));
    assertThat(breaches(reports)).isEmpty();
    assertThat(reports).allMatch(report -> !report.fired().containsKey(Rule.AWAIT_LAST));
    assertThat(promotions(reports)).isEqualTo(SEEDS);
  }

  @Test
  void aClusterWhoseLastLeaderIsLostForGoodIsLedAgain() {
    List<Fault> faults = allDown(fault(DOWN, Kind.NODE_LOST, Fault.LEADER, 1));
    List<Report> reports = run(new Engine(), of(3, Settings.DEFAULT, faults));
    assertThat(breaches(reports)).isEmpty();
    assertThat(promotions(reports)).isEqualTo(reports.size());
  }

  private static Setup two(TwoNodePolicy policy, Synchrony synchrony) {
    Settings settings =
        Settings.DEFAULT.toBuilder().twoNodePolicy(policy).synchrony(synchrony).build();
    return of(2, settings, List.of(fault(AT, Kind.NODE_CRASH, Fault.LEADER, 90)));
  }

  @Test
  @Promise({"P104", "P109", "P189"})
  void ofTwoTheStandbyLeadsAsThePolicyHasIt() {
    List<Report> available = run(new Engine(), two(TwoNodePolicy.AVAILABILITY, Synchrony.OFF));
    List<Report> undeclared = run(new Engine(), two(TwoNodePolicy.UNDECLARED, Synchrony.OFF));
    List<Report> consistent = run(new Engine(), two(TwoNodePolicy.CONSISTENCY, Synchrony.OFF));
    Synchrony lenient = new Synchrony(Synchrony.Mode.QUORUM, false, 1, -1);
    List<Report> synchronous = run(new Engine(), two(TwoNodePolicy.CONSISTENCY, lenient));
    for (List<Report> reports : List.of(available, undeclared, consistent, synchronous)) {
      assertThat(breaches(reports)).isEmpty();
    }
    assertThat(promotions(available)).isEqualTo(SEEDS);
    assertThat(promotions(undeclared)).isEqualTo(SEEDS);
    assertThat(synchronous).as("it has every commit").allMatch(report -> report.promotions() == 1);
    assertThat(consistent)
        .as("the standby waits; who led last comes back, and loses nothing")
        .allMatch(report -> report.fired().containsKey(Rule.KEEP_POLICY));
    Engine heedless =
        seeing(
            view ->
                view.toBuilder()
                    .settings(
                        view.settings().toBuilder()
                            .twoNodePolicy(TwoNodePolicy.AVAILABILITY)
                            .build())
                    .build());
    assertThat(breaches(run(heedless, two(TwoNodePolicy.CONSISTENCY, Synchrony.OFF))))
        .contains("led against the policy");
  }

  /** Recovery as it is reckoned: ten seconds for what was written in ten. */
  private static Setup recovering(Synchrony synchrony) {
    Settings settings =
        Settings.DEFAULT.toBuilder()
            .synchrony(synchrony)
            .recoveryRate(5_000)
            .primaryStartTimeout(Duration.ofMinutes(5))
            .build();
    Weather fair = Weather.FAIR;
    Weather slow =
        new Weather(
            fair.latency(),
            0,
            0,
            1,
            Duration.ofSeconds(60),
            fair.writes(),
            0,
            fair.jitter(),
            fair.flush(),
            0);
    return new Setup(
        Collections.nCopies(3, Tags.NONE),
        settings,
        true,
        slow,
        List.of(fault(AT, Kind.SERVER_KILL, Fault.LEADER, 1)),
        Duration.ofMinutes(3));
  }

  @Test
  @Promise({"P106", "P169", "P201"})
  void aLongRecoveryIsSparedWhereNothingIsLostByIt() {
    List<Report> synchronous = run(new Engine(), recovering(QUORUM));
    List<Report> async = run(new Engine(), recovering(Synchrony.OFF));
    assertThat(breaches(synchronous)).isEmpty();
    assertThat(breaches(async)).isEmpty();
    assertThat(synchronous).allMatch(report -> report.promotions() == 1);
    assertThat(async).as("a recovery loses nothing").allMatch(report -> report.promotions() == 0);
    Engine patient =
        seeing(
            view ->
                view.toBuilder()
                    .server(view.server().toBuilder().redo(Redo.UNKNOWN).build())
                    .build());
    assertThat(run(patient, recovering(QUORUM)))
        .as("as it was before: it recovers, however long")
        .allMatch(report -> report.promotions() == 0);
  }

  /** On every other member the list of what was lost cannot be had. */
  @Test
  @Promise("P175")
  void aFormerPrimaryComesBackWhetherOrNotWhatItLostIsListed() {
    Setup lostLeader = of(3, Settings.DEFAULT, List.of(fault(AT, Kind.NODE_CRASH, -1, 40)));
    assertThat(breaches(run(new Engine(), lostLeader))).isEmpty();
    Clause insisting =
        new Clause(
            Rule.LIST_LOST,
            (view, now) -> {
              boolean due =
                  Following.leader(view).isPresent()
                      && Following.isToBeUndone(view)
                      && !view.work()
                          .succeededSince(Effect.ListLost.class, view.serverSince().minusNanos(1));
              return due
                  ? Verdict.when(view, now, "insists", new Effect.ListLost("", false))
                  : Verdict.PASS;
            });
    Engine stubborn =
        new Engine(
            Engine.course().stream()
                .map(clause -> clause.rule() == Rule.LIST_LOST ? insisting : clause)
                .toList(),
            Duties.CLAUSES);
    assertThat(breaches(run(stubborn, lostLeader))).contains("not healed");
  }
}
