package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb that tries the rules, as an operator uses it. */
class SimulateTest {
  @TempDir private Path folder;

  @Test
  void theSameSeedsGiveTheSameFigures() throws Exception {
    Captured once = new Captured(folder);
    Captured again = new Captured(folder);
    String[] asked = {
      "simulate", "--schedules", "6", "--seed", "40", "--seconds", "20", "-o", "json"
    };
    assertThat(once.run(asked)).as(once.out()).isZero();
    assertThat(again.run(asked)).isZero();
    JsonNode first = new ObjectMapper().readTree(once.out());
    JsonNode second = new ObjectMapper().readTree(again.out());
    assertThat(first.path("schedules").asLong()).isEqualTo(6);
    assertThat(first.path("events").asLong())
        .isPositive()
        .isEqualTo(second.path("events").asLong());
    assertThat(first.path("rules_fired")).isEqualTo(second.path("rules_fired"));
    assertThat(first.path("breaches")).isEmpty();
  }

  @Test
  void aScheduleIsToldAsAStory() {
    Captured here = new Captured(folder);
    assertThat(
            here.run(
                "simulate",
                "--schedules",
                "1",
                "--seed",
                "7",
                "--seconds",
                "15",
                "--members",
                "3",
                "--mode",
                "quorum",
                "--transcript"))
        .as(here.err())
        .isZero();
    assertThat(here.out())
        .contains(
            "seed 7: 3 members", "synchronous mode quorum", "CLAIM_CLUSTER", "rules never fired");
  }

  @Test
  void whatCannotBeSimulatedIsRefused() {
    assertMisused("--members 31: a cluster has 1 to 30", "--members", "31");
    assertMisused("--schedules 0: at least one", "--schedules", "0");
    assertMisused("--seconds 0: trouble lasts", "--seconds", "0");
    assertMisused("--mode sync: it is off, priority or quorum", "--mode", "sync");
  }

  private void assertMisused(String reason, String... options) {
    Captured here = new Captured(folder);
    String[] line = new String[options.length + 1];
    line[0] = "simulate";
    System.arraycopy(options, 0, line, 1, options.length);
    assertThat(here.run(line)).isEqualTo(ExitCode.USAGE.number());
    assertThat(here.err()).contains(reason);
  }
}
