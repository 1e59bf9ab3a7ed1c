package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A switchover that fails at any of its steps ends in a state that is known: one leader that all
 * follow, nothing lost, nobody let wait any more, and the next switchover goes as if nothing was.
 */
@Tag("root")
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StruckHandoverTest {
  private static final Duration RECOVERY_TIME = Duration.ofSeconds(10);

  /** Longer than the lease. */
  private static final Duration HELD = Duration.ofSeconds(9);

  private final AtomicInteger runs = new AtomicInteger();
  private Optional<Product> product = Optional.empty();

  @BeforeAll
  void start() {
    product =
        Optional.of(Product.serving("pg_conf: crit.yml", "pg_rto: " + RECOVERY_TIME.toSeconds()));
  }

  @AfterAll
  void stop() {
    product.ifPresent(Product::close);
  }

  /** One for each blow; which step it hits is as good as any. */
  @Test
  @Promise("P111")
  void aStruckSwitchoverEndsInAKnownState() {
    List<String> wrong = new ArrayList<>();
    // First, as it need not be waited for then: whoever was settled lately is not settled again.
    wrong.addAll(strike(HandoverStep.SETTLE, HandoverBlow.SHUTDOWN_HANGS));
    wrong.addAll(strike(HandoverStep.HOLD, HandoverBlow.AGENT_DIES));
    wrong.addAll(strike(HandoverStep.STOP, HandoverBlow.CANDIDATE_DIES));
    wrong.addAll(strike(HandoverStep.TAKE, HandoverBlow.CANDIDATES_AGENT_DIES));
    wrong.addAll(strike(HandoverStep.HOLD, HandoverBlow.ETCD_GONE));
    wrong.addAll(strike(HandoverStep.RELEASE, HandoverBlow.CUT_APART));
    assertThat(wrong).isEmpty();
    nothingIsLeftOfThem();
  }

  @Test
  @Tag("soak")
  void soDoesOneThatIsStruckByAnythingAtAnyStep() {
    List<String> wrong = new ArrayList<>();
    for (HandoverBlow blow : HandoverBlow.values()) {
      for (HandoverStep step : HandoverStep.values()) {
        wrong.addAll(strike(step, blow));
      }
    }
    assertThat(wrong).isEmpty();
    nothingIsLeftOfThem();
  }

  private List<String> strike(HandoverStep step, HandoverBlow blow) {
    Cluster cluster = product.orElseThrow().cluster();
    Fault fault = new Fault.StruckSwitchover(step, blow);
    Outcome outcome =
        Scenario.of(fault)
            .holding(blow.isOver() ? Duration.ZERO : HELD)
            .run(cluster, "struck" + runs.incrementAndGet());
    System.out.println(outcome.line() + " " + outcome.writer().errorsByReason());
    List<String> wrong = new ArrayList<>(outcome.faults(true));
    wrong.addAll(cluster.silentServices());
    for (Host host : cluster.hosts()) {
      if (Files.exists(mark(cluster, host))) {
        wrong.add("clients are marked as waiting on " + host);
      }
    }
    return wrong.stream().map(each -> fault.title() + ": " + each).toList();
  }

  private static Path mark(Cluster cluster, Host host) {
    return cluster.folder(host).resolve("run/pooler-6432.held");
  }

  private void nothingIsLeftOfThem() {
    Cluster cluster = product.orElseThrow().cluster();
    Outcome outcome = Scenario.of(new Fault.Switchover()).run(cluster, "whole");
    assertThat(Stream.concat(outcome.faults(true).stream(), outcome.writer().errors().stream()))
        .as(outcome.line())
        .isEmpty();
  }
}
