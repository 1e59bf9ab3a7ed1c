package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A disk that hangs and a disk that is full under the primary: another leads, it stays so for as
 * long as the disk is ill and after, and nothing that was acknowledged is lost.
 */
@Tag("e2e")
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AilingDiskTest {
  private static final int DISK = 1200;

  /** So long the disk stays ill: well beyond the lease and every retry. */
  private static final Duration ILL = Duration.ofSeconds(60);

  private Product product;

  @BeforeAll
  void start() {
    product = Product.onDisksOf(DISK, "pg_rpo: 0");
  }

  @AfterAll
  void stop() {
    product.close();
  }

  @Test
  void aDiskThatHangsIsLeftForAnother() {
    fallsTo(new Fault.DiskHang());
  }

  @Test
  void aDiskThatIsFullIsLeftForAnother() {
    fallsTo(new Fault.DiskFull());
  }

  private void fallsTo(Fault fault) {
    Outcome outcome = Scenario.of(fault).holding(ILL).run(product.cluster(), fault.title());
    System.out.println(outcome.line());
    assertThat(outcome.faults(true)).as(outcome.line()).isEmpty();
  }
}
