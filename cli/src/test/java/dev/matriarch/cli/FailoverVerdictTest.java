package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What agents say about a failover, as status tells it. */
class FailoverVerdictTest {
  private static String awaiting(String member) {
    return """
        {"ready": false, "verdict": "no failover is possible now", "missing": [
          {"condition": "leader", "reason": "nobody leads; %s: it waits for m3, who led last"},
          {"condition": "running", "member": "m3", "reason": "m3 is no running replica"}]}
        """
        .formatted(member);
  }

  @Test
  void eachMissingConditionIsToldOnceWhoeverNamesIt() {
    FailoverVerdict verdict = FailoverVerdict.read(List.of(awaiting("m1"), awaiting("m2")));
    assertThat(verdict.lines())
        .containsExactly(
            "Failover: no failover is possible now",
            "  missing: leader (nobody leads; m1: it waits for m3, who led last)",
            "  missing: running (m3 is no running replica)",
            "  missing: leader (nobody leads; m2: it waits for m3, who led last)");
    assertThat(verdict.data()).containsEntry("ready", false);
    assertThat(verdict.data().get("missing")).asInstanceOf(LIST).hasSize(3);
  }

  @Test
  void whoDoesNotKnowTheQuestionSaysNothing() {
    assertThat(FailoverVerdict.read(List.of("{\"state\": \"running\"}", "<html>")).lines())
        .isEmpty();
    assertThat(FailoverVerdict.read(List.of()).data()).isEmpty();
  }
}
