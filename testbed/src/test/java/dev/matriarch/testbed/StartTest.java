package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From nothing to a cluster that serves; what it costs at rest; how it stops. */
@Tag("root")
class StartTest {
  private static final Duration REST =
      Duration.ofSeconds(Integer.getInteger("testbed.rest.seconds", 60));
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int POOLER = 6432;
  private static final long MEMORY = 130L * 1024 * 1024;

  @Test
  @Tag("e2e")
  @Promise({"P113", "P146", "P147", "P148", "P149"})
  void allTwelvePortsAnswerWithinTwentySeconds() {
    try (Product product = Product.lay()) {
      Ticker ticker = Ticker.system();
      long started = ticker.nanos();
      product.cluster().start();
      product.cluster().awaitServing(Product.START);
      Duration took = ticker.since(started);
      System.out.println("serving after " + took.toMillis() + " ms");
      assertThat(took).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  @Tag("bench")
  void anAgentAtRestNeedsLittle() {
    try (Product product = Product.serving()) {
      Cluster cluster = product.cluster();
      List<Long> agents =
          cluster.hosts().stream().flatMap(host -> host.pids(Role.AGENT).stream()).toList();
      assertThat(agents).hasSize(3);
      // In its first minute the machine still compiles what a start needs.
      Await.elapse(REST);
      List<ProcessUse> before = agents.stream().map(ProcessUse::of).toList();
      Await.elapse(REST);
      for (int i = 0; i < agents.size(); i++) {
        ProcessUse now = ProcessUse.of(agents.get(i));
        Duration used = now.processor().minus(before.get(i).processor());
        System.out.printf(
            "agent at rest: %d MiB, %d ms of processor in %s%n",
            now.residentBytes() >> 20, used.toMillis(), REST);
        assertThat(now.residentBytes()).isLessThan(MEMORY);
        assertThat(used).isLessThan(REST.dividedBy(100));
      }
    }
  }

  @Test
  @Tag("e2e")
  @Promise({"P10", "P26", "P29", "P111", "P114"})
  void stoppedNodesLeaveNoProcessAndStartAgainWithTheirData() throws Exception {
    try (Product product = Product.serving()) {
      Cluster cluster = product.cluster();
      cluster.client().call(() -> clientsGoOnWhenOnlyTheAgentStops(cluster));
      for (Host host : cluster.hosts()) {
        assertThat(cluster.stop(host)).as("%s stops when asked", host).isTrue();
        assertThat(host.pids()).as("processes left on %s", host).isEmpty();
      }
      cluster.start();
      cluster.awaitServing(Product.START);
      cluster.awaitSettled(Product.START);
      try (var connection = cluster.connectToPrimary()) {
        assertThat(Pgbench.balanced(connection)).isTrue();
      }
    }
  }

  /** It is the primary's; they stay on its host's pooler, which sends them to the next. */
  private static Void clientsGoOnWhenOnlyTheAgentStops(Cluster cluster) throws SQLException {
    Host before = cluster.primary();
    Login login = cluster.plan().application();
    try (Connection near = login.connect(new Endpoint.Tcp(before.address(), POOLER), SOON);
        Connection far = login.connect(Service.PRIMARY.on(cluster.replicas()).getFirst(), SOON);
        Statement straight = near.createStatement();
        Statement routed = far.createStatement()) {
      straight.execute("CREATE TABLE goes_on (id int)");
      routed.execute("INSERT INTO goes_on VALUES (1)");
      before.signal(Role.NODE, Signal.USR1);
      Await.until("the server to stop", SOON, () -> before.pids(Role.POSTMASTER).isEmpty());
      straight.execute("INSERT INTO goes_on VALUES (2)");
      routed.execute("INSERT INTO goes_on VALUES (3)");
      Await.until("the agent to end", SOON, () -> before.pids(Role.AGENT).isEmpty());
      straight.execute("INSERT INTO goes_on VALUES (4)");
      routed.execute("INSERT INTO goes_on VALUES (5)");
      assertThat(cluster.folder(before).resolve("run/pooler-6432.held"))
          .as("the mark that clients wait")
          .doesNotExist();
    }
    assertThat(cluster.primary()).isNotEqualTo(before);
    return null;
  }
}
