package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.promises.Promise;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Planned moves of the primary, as pooled clients see them: not at all. */
@Tag("root")
@Tag("e2e")
class HandoverTest {
  private static final int MOVES = 3;
  private static final Duration SOON = Duration.ofMinutes(2);

  @Test
  @Promise("P111")
  void noClientNoticesASwitchoverButThatItWaits() {
    try (Product product = Product.serving()) {
      Cluster cluster = product.cluster();
      for (int move = 1; move <= MOVES; move++) {
        withoutAnError(new Fault.Switchover(), cluster, "move" + move);
      }
      withoutAnError(new Fault.RollingRestart(), cluster, "restart");
      cluster.client().call(() -> aLongTransactionIsNotCutOff(cluster));
      cluster.client().call(() -> whoWouldBreakIsNamed(cluster));
    }
  }

  private static void withoutAnError(Fault fault, Cluster cluster, String run) {
    Outcome outcome = Scenario.of(fault).run(cluster, run);
    System.out.println(outcome.line());
    assertThat(outcome.faults(true)).as(outcome.line()).isEmpty();
    assertThat(outcome.writer().errors()).as(outcome.line()).isEmpty();
    cluster.awaitSettled(SOON);
  }

  /** It is named, the switchover is given up, and all go on where they were. */
  private static Void aLongTransactionIsNotCutOff(Cluster cluster) throws Exception {
    Host primary = cluster.primary();
    Endpoint service = Service.PRIMARY.on(cluster.hosts()).getFirst();
    try (Connection stays = cluster.plan().application().connect(service, SOON);
        Connection works = cluster.plan().application().connect(service, SOON);
        Statement inside = stays.createStatement();
        Statement outside = works.createStatement()) {
      stays.setAutoCommit(false);
      inside.execute("SELECT 1");
      assertThatThrownBy(() -> switchover(cluster, "--max-pause", "700ms"))
          .hasMessageContaining("clients could not be held")
          .hasMessageContaining("a transaction of")
          .hasMessageContaining("has been open for");
      assertThat(cluster.primary()).isEqualTo(primary);
      assertThatThrownBy(() -> switchover(cluster, "--max-pause", "500ms", "--wait-idle", "1s"))
          .hasMessageContaining("a transaction of app in app (process")
          .hasMessageContaining("idle in transaction, has been open for")
          .hasMessageContaining("waited 1 s for it, nothing was begun");
      outside.execute("CREATE TABLE IF NOT EXISTS went_on (id int)");
      inside.execute("SELECT 1");
      stays.commit();
    }
    return null;
  }

  /** Whoever comes past the poolers; with him gone it is done. */
  private static Void whoWouldBreakIsNamed(Cluster cluster) throws Exception {
    Host primary = cluster.primary();
    Endpoint pooled = Service.PRIMARY.on(cluster.hosts()).getLast();
    Endpoint straight = Service.DEFAULT.on(cluster.hosts()).getLast();
    try (Connection stays = cluster.plan().application().connect(pooled, SOON);
        Statement waits = stays.createStatement()) {
      waits.execute("SELECT 1");
      try (Connection breaks = cluster.plan().application().connect(straight, SOON)) {
        assertThat(breaks.isValid(5)).isTrue();
        assertThatThrownBy(() -> switchover(cluster, "--require-zero-errors"))
            .hasMessageContaining("would break: app in app (process")
            .hasMessageContaining(", connected straight to the server");
        assertThat(cluster.primary()).isEqualTo(primary);
      }
      switchover(cluster, "--require-zero-errors", "--wait-idle");
      assertThat(cluster.primary()).isNotEqualTo(primary);
      waits.execute("SELECT 1");
    }
    return null;
  }

  private static void switchover(Cluster cluster, String... options) {
    List<String> arguments = new ArrayList<>(List.of(cluster.plan().cluster(), "--yes"));
    arguments.addAll(List.of(options));
    cluster.matriarch(cluster.client(), "switchover", arguments.toArray(String[]::new));
  }
}
