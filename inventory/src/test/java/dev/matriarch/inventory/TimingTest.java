package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimingTest {
  private static final Durability ASYNCHRONOUS = Durability.of(Bytes.ofMebi(1), ConfTemplate.OLTP);

  @Test
  @Promise({"P124", "P125", "P126", "P127", "P128", "P129", "P204"})
  void thirtySecondsAreTheDefault() {
    Timing timing = Read.valid(Read.SEED).clusters().getFirst().timing();
    assertThat(timing).isEqualTo(Timing.ofSeconds(30));
    assertThat(timing.ttl()).hasSeconds(30);
    assertThat(timing.loopWait()).hasSeconds(10);
    assertThat(timing.retryTimeout()).hasSeconds(10);
    assertThat(timing.primaryStartTimeout()).hasSeconds(10);
    assertThat(timing.primaryStopTimeout()).hasSeconds(30);
    assertThat(timing.lease()).hasSeconds(20);
    assertThat(timing.leading(ASYNCHRONOUS).renewal()).hasSeconds(4);
    assertThat(timing.healthCheck())
        .isEqualTo(
            new HealthCheck(
                Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(5), 3, 3));
  }

  /** Where no agent is there to tell HAProxy: three checks to fall, three fast ones to rise. */
  @Test
  @Promise("P155")
  void checksAloneFindAFailureWithinNineSecondsAndAReturnWithinThree() {
    RoutingTiming routing = Timing.ofSeconds(30).routing();
    HealthCheck check = routing.check();
    assertThat(check.interval().multipliedBy(check.fall())).hasSeconds(9);
    assertThat(routing.fallTime()).isLessThanOrEqualTo(Duration.ofSeconds(9));
    assertThat(check.fastInterval().multipliedBy(check.rise())).hasSeconds(3);
  }

  /** Where no agent is there to tell HAProxy that a standby leads now. */
  @Test
  @Promise("P50")
  void hostsOfTheirOwnFindTheNewPrimaryByTheirChecks() {
    assertThat(Timing.ofSeconds(30).routing().riseTime()).hasSeconds(7);
    String provided = "    pg_service_provider: proxy\nproxy: {hosts: {10.10.10.21: }}\n";
    Cluster cluster = Read.valid(Read.SEED + provided).clusters().getFirst();
    assertThat(Outages.of(cluster).toString()).contains("checks of HAProxy");
    assertThat(Outages.of(Read.seedWith("pg_rto: 30")).toString())
        .doesNotContain("checks of HAProxy");
  }

  /** The reference installation's figure, as a bound: what a year of bad luck may cost. */
  @Test
  @Promise("P112")
  void fiveNinesOutlastTenLostPrimariesAYear() {
    Duration allowed = Duration.ofDays(365).dividedBy(100_000);
    List<Outage> lost =
        Outages.of(Timing.ofSeconds(30), ASYNCHRONOUS).stream()
            .filter(outage -> Set.of("node crash", "primary isolated").contains(outage.failure()))
            .toList();
    assertThat(lost)
        .hasSize(2)
        .allSatisfy(
            outage ->
                assertThat(outage.worst().orElseThrow().multipliedBy(10)).isLessThan(allowed));
  }

  @Test
  @Promise("P130")
  void smallOnesHoldTheRule() {
    assertThat(Timing.ofSeconds(5).loopWait()).hasSeconds(1);
    assertThat(Timing.ofSeconds(5).retryTimeout()).hasSeconds(2);
    assertThat(Timing.ofSeconds(3).loopWait()).hasSeconds(1);
    assertThat(Timing.ofSeconds(3).retryTimeout()).hasSeconds(1);
    assertThat(Timing.ofSeconds(3).lease()).hasSeconds(2);
    assertThat(Timing.ofSeconds(3).leading(ASYNCHRONOUS).renewal()).hasMillis(400);
    assertThatThrownBy(() -> Timing.ofSeconds(2)).hasMessageContaining("less than 3");
  }

  @Test
  @Promise({"P129", "P130"})
  void everyNumberOfSecondsHoldsTheRule() {
    for (int rto = 3; rto <= 86_400; rto++) {
      Timing timing = Timing.ofSeconds(rto);
      assertThat(timing.ttl()).hasSeconds(rto);
      assertThat(timing.loopWait()).isPositive();
      assertThat(timing.retryTimeout()).isPositive();
      assertThat(timing.leading(ASYNCHRONOUS).renewal()).isLessThan(timing.lease());
      assertThat(timing.safetyMargin()).isLessThan(timing.lease());
    }
  }

  /** What the handbook advises for two nodes without an arbiter. */
  @Test
  @Promise("P190")
  void sixtySecondsWithoutAWatchdogAreATip() {
    Cluster cluster = Read.seedWith("pg_rto: 60\npatroni_watchdog_mode: off");
    assertThat(cluster.timing()).isEqualTo(Timing.ofSeconds(60));
    assertThat(cluster.timing().lease()).hasSeconds(40);
    assertThat(cluster.settings().text("patroni_watchdog_mode")).isEqualTo("off");
  }

  @Test
  void fifteenSecondsCheckAsTheSeedsAggressiveExample() {
    assertThat(Timing.ofSeconds(15).healthCheck())
        .isEqualTo(
            new HealthCheck(
                Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofSeconds(1), 2, 2));
  }

  @Test
  @Promise("P171")
  void checksBearThatAnAgentIsStartedAnew() {
    for (int rto = 3; rto <= 3600; rto++) {
      Timing timing = Timing.ofSeconds(rto);
      RoutingTiming routing = timing.routing();
      Duration borne = timing.healthCheck().fastInterval().multipliedBy(routing.fall() - 1L);
      assertThat(routing.fallTime()).as("pg_rto %d", rto).isLessThan(timing.lease());
      if (rto >= 8) {
        assertThat(borne).as("pg_rto %d", rto).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
        assertThat(routing.answer()).isGreaterThan(timing.lease().dividedBy(4));
      }
    }
    assertThat(Timing.ofSeconds(10).routing().fall()).isEqualTo(9);
    assertThat(Timing.ofSeconds(30).routing().fall()).isEqualTo(4);
    assertThat(Read.seedWith("pg_rto: wide").timing().routing().fall()).isEqualTo(3);
  }

  @Test
  @Promise({"P125", "P127"})
  void planNormHasItsOwnRow() {
    Timing timing = Read.seedWith("pg_rto: norm").timing();
    assertThat(timing.plan()).isEqualTo("norm");
    assertThat(timing.ttl()).hasSeconds(30);
    assertThat(timing.loopWait()).hasSeconds(5);
    assertThat(timing.retryTimeout()).hasSeconds(10);
    assertThat(timing.primaryStartTimeout()).hasSeconds(25);
    assertThat(timing.healthCheck().fastInterval()).hasSeconds(1);
  }

  @Test
  void planFastHasHalfSeconds() {
    assertThat(Read.seedWith("pg_rto: fast").timing().healthCheck().fastInterval()).hasMillis(500);
  }

  @Test
  void anOwnPlanStandsBesideTheOthers() {
    String mine = "pg_rto: mine\npg_rto_plan: {mine: [12, 4, 4, 9, 2, 1s, 500ms, 1s, 2, 2]}";
    assertThat(Read.seedWith(mine).timing().ttl()).hasSeconds(12);
    assertThat(Read.seedWith(mine.replace("pg_rto: mine", "pg_rto: wide")).timing().ttl())
        .hasSeconds(120);
  }

  @Test
  @Promise("P130")
  void theSeedsOwnSampleIsRefusedWithWhatHolds() {
    String sample = "pg_rto: mine\npg_rto_plan: {mine: [30, 10, 30, 10, 5, 2s, 1s, 2s, 3, 3]}";
    assertThat(Read.problemsOfSeedWith(sample))
        .containsExactly(
            "matriarch.yml:9: pg-test.vars.pg_rto_plan.mine: mine breaks ttl >= loop_wait + 2 x"
                + " retry_timeout: 30 < 10 + 2 x 30; the nearest that hold are retry_timeout 10,"
                + " or ttl 70");
  }

  @Test
  void unknownPlansAndTooShortTimesAreRefused() {
    assertThat(Read.problemsOfSeedWith("pg_rto: nrom"))
        .singleElement()
        .asString()
        .endsWith("nrom is no plan; there are fast, norm, safe, wide; did you mean norm?");
    assertThat(Read.problemsOfSeedWith("pg_rto: 2")).singleElement().asString().contains("3 to");
    assertThat(Read.problemsOfSeedWith("pg_rto: 7.5")).hasSize(1);
    assertThat(Read.problemsOfSeedWith("pg_rto_plan: {a: [1, 2]}")).hasSize(1);
    assertThat(Read.problemsOfSeedWith("pg_rto_plan: {a: [0, 1, 1, 1, 1, 1, 1, 1, x, 1]}"))
        .hasSize(2);
  }

  @Test
  @Promise({"P129", "P130", "P204"})
  void everyNumberOfSecondsKeepsItsRulesAndItsPromise() {
    Durability strict = Durability.of(new Bytes(0), ConfTemplate.CRIT);
    for (int rto = 3; rto <= 3600; rto++) {
      Timing timing = Timing.ofSeconds(rto);
      for (Durability durability : List.of(ASYNCHRONOUS, strict)) {
        assertThat(TimingChecks.of(timing, durability))
            .as("pg_rto %d", rto)
            .allMatch(TimingChecks.Check::holds);
        assertThat(worst(timing, durability, "node crash"))
            .as("node crash at pg_rto %d, %s", rto, durability)
            .isLessThanOrEqualTo(timing.ttl());
      }
    }
  }

  /** The handbook's phases, each by its end: lease gone, elected, promoted, clients served. */
  @Test
  @Promise("P164")
  void thePhasesOfAFailoverEndInTheirTime() {
    for (String failure : List.of("node crash", "silent power-off", "primary isolated")) {
      List<Outage.Part> phases = outage(Timing.ofSeconds(30), ASYNCHRONOUS, failure).parts();
      assertThat(phases)
          .extracting(Outage.Part::what)
          .containsExactly("lease", "election", "promotion", "routing");
      Duration elected = phases.get(0).time().plus(phases.get(1).time());
      assertThat(phases.get(0).time()).isLessThanOrEqualTo(Duration.ofSeconds(20));
      assertThat(elected.plus(phases.get(2).time())).isLessThan(Duration.ofSeconds(30));
      assertThat(worst(Timing.ofSeconds(30), ASYNCHRONOUS, failure))
          .isLessThan(Duration.ofSeconds(30));
    }
  }

  /** TTL, 2 s of election, 5 s of promotion, and HAProxy's checks, which nobody waits for here. */
  @Test
  @Promise("P168")
  void noLostPrimaryCostsMoreThanTheHandbooksFormula() {
    Durability strict = Durability.of(new Bytes(0), ConfTemplate.CRIT);
    for (int rto = 3; rto <= 3600; rto++) {
      Timing timing = Timing.ofSeconds(rto);
      HealthCheck check = timing.healthCheck();
      Duration found =
          check
              .interval()
              .multipliedBy(check.fall())
              .plus(check.fastInterval().multipliedBy(check.rise()));
      Duration formula = timing.ttl().plusSeconds(2 + 5).plus(found);
      for (Durability durability : List.of(ASYNCHRONOUS, strict)) {
        for (String failure :
            List.of("postmaster crash", "node crash", "silent power-off", "primary isolated")) {
          assertThat(worst(timing, durability, failure))
              .as("%s at pg_rto %d, %s", failure, rto, durability)
              .isLessThan(formula);
        }
      }
      if (rto == 30) {
        assertThat(found).as("fall x inter + rise x fastinter").hasSeconds(12);
        assertThat(worst(timing, ASYNCHRONOUS, "node crash")).isLessThan(Duration.ofSeconds(40));
      }
    }
  }

  private static Duration worst(Timing timing, Durability durability, String failure) {
    return outage(timing, durability, failure).worst().orElseThrow();
  }

  private static Outage outage(Timing timing, Durability durability, String failure) {
    return Outages.of(timing, durability).stream()
        .filter(it -> it.failure().equals(failure))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void thePlansKeepTheirRules() {
    for (String plan : List.of("fast", "norm", "safe", "wide")) {
      assertThat(TimingChecks.of(Read.seedWith("pg_rto: " + plan).timing(), ASYNCHRONOUS))
          .as(plan)
          .allMatch(TimingChecks.Check::holds);
    }
  }
}
