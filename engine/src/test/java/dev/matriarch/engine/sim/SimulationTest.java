package dev.matriarch.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Rule;
import dev.matriarch.engine.sim.Simulation.Options;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Clusters drawn from seeds, and what is done to them: nothing that must never happen does. */
class SimulationTest {
  private static final Options STANDARD = Options.standard();

  /**
   * Rules of what hardly ever happens. HONOUR_PROMISE needs a question of a leader without etcd
   * that arrives after the one asked gave up a claim, and before that claim; {@link
   * RevocationSimulationTest} comes to it. BOOTSTRAP_FAILED needs three failures in a row;
   * UNKNOWN_CLUSTER an etcd that lost its keys while standbys have data, which is rare.
   */
  private static final Set<Rule> RARE =
      EnumSet.of(Rule.HONOUR_PROMISE, Rule.BOOTSTRAP_FAILED, Rule.UNKNOWN_CLUSTER);

  @Test
  @Promise({"P104", "P105", "P106", "P109", "P167", "P173", "P175", "P176", "P181", "P182", "P201"})
  void aThousandSchedulesBreakNothingAndComeRight() {
    List<String> bad = new ArrayList<>();
    int twins = 0;
    Map<Rule, Long> fired = new EnumMap<>(Rule.class);
    Map<Fault.Kind, Integer> faults = new EnumMap<>(Fault.Kind.class);
    for (long seed = 1; seed <= 1_000; seed++) {
      Report report = Simulation.run(seed, STANDARD);
      long failing = seed;
      twins += report.twins() ? 1 : 0;
      report.breach().ifPresent(breach -> bad.add("seed " + failing + ": " + breach));
      report.fired().forEach((rule, times) -> fired.merge(rule, times, Long::sum));
      report.faults().forEach((kind, times) -> faults.merge(kind, times, Integer::sum));
    }
    assertThat(bad).as("see Shrinking.shrunk for a transcript").isEmpty();
    assertThat(twins).as("a known limit, and hardly ever reached").isLessThanOrEqualTo(2);
    Set<Rule> expected = EnumSet.allOf(Rule.class);
    expected.removeAll(RARE);
    assertThat(fired.keySet()).as("every rule was needed").containsAll(expected);
    assertThat(faults.keySet()).as("every fault came about").contains(Fault.Kind.values());
  }

  /** Wherever a cluster is when its troubles end, somebody brings it on: no state is a dead end. */
  @Test
  @Promise({"P104", "P167", "P175"})
  void noMemberWaitsForEverOnWhatNobodyBringsAbout() {
    List<String> bad = new ArrayList<>();
    for (long seed = 1; seed <= 300; seed++) {
      Options brief = STANDARD.lasting(Duration.ofMillis(500 + seed * 97));
      long failing = seed;
      Simulation.run(seed, brief)
          .breach()
          .ifPresent(breach -> bad.add("seed " + failing + ": " + breach));
    }
    assertThat(bad).isEmpty();
  }

  @Test
  void theSameSeedIsTheSameRun() {
    Report first = Simulation.run(42, STANDARD);
    Report again = Simulation.run(42, STANDARD.recorded());
    assertThat(again.hash()).isEqualTo(first.hash());
    assertThat(again.events()).isEqualTo(first.events());
    assertThat(Simulation.run(43, STANDARD).hash()).isNotEqualTo(first.hash());
  }
}
