package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * In zero-loss mode the node of the primary is lost: another leads long before the lease of 20 s is
 * over, and nothing acknowledged is missing. How long exactly is for {@code bench/recovery}.
 */
@Tag("root")
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevocationTest {
  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(12);

  private final AtomicInteger runs = new AtomicInteger();
  private Product product;

  @BeforeAll
  void start() {
    product = Product.serving("pg_conf: crit.yml", "pg_rto: 30");
  }

  @AfterAll
  void stop() {
    product.close();
  }

  @Test
  @Promise({"P201", "P202"})
  void theNodeIsPoweredOff() {
    isReplacedBeforeItsLeaseEnds(new Fault.NodeCrash());
  }

  @Test
  @Tag("soak")
  @Promise("P201")
  void theNodeIsPoweredOffAndTheLeaderOfEtcdWithIt() {
    EtcdLeader.moveTo(product.cluster(), product.cluster().primary());
    isReplacedBeforeItsLeaseEnds(new Fault.NodeCrash());
  }

  @Test
  @Tag("soak")
  @Promise("P201")
  void everythingOnTheNodeIsKilled() {
    isReplacedBeforeItsLeaseEnds(new Fault.NodeKill());
  }

  /** Alive, it finds itself replaced when it is back, and follows. */
  @Test
  @Promise({"P181", "P201"})
  void theNodeIsIsolated() {
    isReplacedBeforeItsLeaseEnds(new Fault.NodeIsolate());
  }

  private void isReplacedBeforeItsLeaseEnds(Fault fault) {
    Outcome outcome =
        Scenario.of(fault)
            .holding(LONG_ENOUGH)
            .run(product.cluster(), fault.title() + runs.incrementAndGet());
    System.out.println(outcome.line());
    assertThat(outcome.faults(true)).as(outcome.line()).isEmpty();
    assertThat(outcome.gap()).as(outcome.line()).isLessThan(LEASE.dividedBy(2));
  }
}
