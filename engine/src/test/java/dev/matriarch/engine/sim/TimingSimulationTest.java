package dev.matriarch.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Settings;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The timing that follows from {@code pg_rto}, also below what the field's controller takes (20 s),
 * under the same faults as everything else.
 */
class TimingSimulationTest {
  private static final int SCHEDULES = 25;

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 8, 15, 30, 60, 300})
  @Promise({"P129", "P130", "P204"})
  void everyRecoveryTimeBreaksNothingAndComesRight(int rto) {
    List<String> bad = new ArrayList<>();
    long promotions = 0;
    for (long seed = 1; seed <= SCHEDULES; seed++) {
      Duration trouble = Duration.ofSeconds(Math.max(120, 4L * rto));
      Setup drawn = Setup.drawn(new SplittableRandom(seed), Setup.Limits.NONE, trouble);
      Setup timed =
          new Setup(
              drawn.tags(),
              timed(drawn.settings(), rto),
              drawn.guarded(),
              drawn.weather(),
              drawn.faults(),
              drawn.trouble());
      Report report = Simulation.run(seed, timed, Simulation.Options.standard());
      promotions += report.promotions();
      String which = "pg_rto " + rto + ", seed " + seed + ": ";
      report.breach().ifPresent(breach -> bad.add(which + breach));
    }
    assertThat(bad).isEmpty();
    assertThat(promotions).as("the lead moved").isGreaterThan(SCHEDULES / 2);
  }

  /** As the inventory derives it; {@code TimingAgreementTest} compares the two. */
  private static Settings timed(Settings settings, int rto) {
    int loop = rto / 3;
    return settings.toBuilder()
        .ttl(Duration.ofSeconds(rto))
        .loopWait(Duration.ofSeconds(loop))
        .retryTimeout(Duration.ofSeconds((rto - loop) / 2))
        .primaryStartTimeout(Duration.ofSeconds(loop))
        .build();
  }
}
