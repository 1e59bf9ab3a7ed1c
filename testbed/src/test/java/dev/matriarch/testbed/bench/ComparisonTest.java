package dev.matriarch.testbed.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of measurements: a file that can be taken up again, and a table. */
class ComparisonTest {
  private static final Case POWER = Case.named("power-off").orElseThrow();
  private static final Case IDLE = Case.named("switchover-idle").orElseThrow();

  @Test
  void everyCaseIsFoundByItsOwnTitle() {
    assertThat(Case.ALL).extracting(Case::title).doesNotHaveDuplicates();
    assertThat(Case.ALL).allSatisfy(each -> assertThat(Case.named(each.title())).contains(each));
  }

  @Test
  void resultsAreTakenUpAgainAsTheyWere(@TempDir Path folder) {
    Results results = Results.in(folder);
    results.add(run(POWER, Side.MATRIARCH, 1, 21_000));
    results.add(Measurement.failed(POWER, Side.DESCRIBED, 2, "a reason\twith a tab\nand more"));
    Results again = Results.in(folder);
    assertThat(again.all()).isEqualTo(results.all());
    assertThat(again.has(POWER, Side.DESCRIBED, 2)).isTrue();
    assertThat(again.has(POWER, Side.DESCRIBED, 1)).isFalse();
    assertThat(new FailoverBench(Path.of("matriarch"), folder).missing(POWER, Side.DESCRIBED, 3))
        .containsExactly(1, 3);
  }

  @Test
  void aLineThatIsNoneIsNamed() {
    assertThatThrownBy(() -> Measurement.parse("power-off\tmatriarch\t1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("power-off\tmatriarch\t1");
  }

  @Test
  void theTableHasMedianLeastMostAndRatio() {
    String table =
        new Comparison(
                List.of(
                    run(POWER, Side.MATRIARCH, 1, 22_000),
                    run(POWER, Side.MATRIARCH, 2, 20_000),
                    run(POWER, Side.MATRIARCH, 3, 900),
                    run(POWER, Side.DESCRIBED, 1, 30_000),
                    run(POWER, Side.DESCRIBED, 2, 40_000),
                    Measurement.failed(POWER, Side.DESCRIBED, 3, "it did not settle"),
                    run(IDLE, Side.MATRIARCH, 1, 300)))
            .markdown();
    assertThat(table)
        .contains(
            """
            | `switchover-idle` | matriarch | 1 | 300 ms | 10 ms | 4 | 1 | 0 | never | 0 |
            | `power-off` | matriarch | 3 | 20.0 s [900 ms..22.0 s] | 10 ms [10 ms..10 ms] | 4 | 3 | 0 | never |  |
            |  | described | 2 | 35.0 s [30.0 s..40.0 s] | 10 ms [10 ms..10 ms] | 4 | 2 | 0 | never |  |
            |  | ratio |  | 1.8 | 1.0 |  |  |  |  |  |
            """)
        .contains("- `power-off`, described, run 3: it did not settle");
  }

  private static Measurement run(Case what, Side side, int run, long gap) {
    return new Measurement(
        what,
        side,
        run,
        Duration.ofMillis(gap),
        Duration.ofMillis(10),
        4,
        1,
        0,
        Duration.ZERO,
        0,
        "");
  }
}
