package dev.matriarch.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Pooler;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** What a leader hears that asks another host's pooler to let its clients wait. */
class HoldCallTest {
  private static final Pooler AT_A = Pooler.seen(false, "a", true);
  private static final String ASKED = "{\"leader\":\"a\",\"longest_ms\":20000}";

  private final FakeRequests requests = new FakeRequests();

  /** The pooler as it is at each look, the last from then on. */
  private Answer hold(Pooler... looks) throws InterruptedException {
    Statuses replica = Statuses.replica();
    Queue<Pooler> next = new ArrayDeque<>(List.of(looks));
    Endpoints endpoints =
        new Endpoints(
            () -> {
              replica.pooler = next.size() > 1 ? next.remove() : next.element();
              return replica.status();
            },
            requests);
    return endpoints.change("POST", "/hold", ASKED);
  }

  @Test
  void itIsAnsweredOnceTheyWait() throws InterruptedException {
    Answer answer = hold(AT_A, AT_A, AT_A, Pooler.seen(true, "a", true));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("clients wait");
    assertThat(requests.asked).containsExactly("hold a PT20S");
  }

  @Test
  void whereNoneIsNothingIsDone() throws InterruptedException {
    assertThat(hold(Pooler.ABSENT).body()).isEqualTo("no client of a is here");
    assertThat(hold(Pooler.seen(false, "", false)).status()).isEqualTo(200);
    assertThat(requests.asked).isEmpty();
  }

  /** Found in 1 of 40 switchovers: it was waited for until the budget was over. */
  @Test
  void oneWhoseLastClientLeavesMeanwhileIsNotWaitedFor() throws InterruptedException {
    Answer answer = hold(AT_A, AT_A, AT_A, Pooler.seen(false, "", false));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("no client of a is here");
  }
}
