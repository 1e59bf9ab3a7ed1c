package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.promises.Promise;
import java.nio.file.Path;
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
  private static final int IDLE = 500;
  private static final Login REPORT = new Login("report", "report", "report-of-the-testbed");
  private static final Duration SOON = Duration.ofMinutes(2);

  @Test
  @Promise("P111")
  void noClientNoticesASwitchoverButThatItWaits() {
    try (Product product = product()) {
      Cluster cluster = product.cluster();
      Login application = cluster.plan().application();
      List<Login> all = List.of(application, application.withTls(), REPORT, REPORT.withTls());
      try (IdleClients idle = IdleClients.connect(cluster, IDLE, all)) {
        for (int move = 1; move <= MOVES; move++) {
          withoutAnError(new Fault.Switchover(), cluster, "move" + move);
        }
        aSettingThatNeedsARestart(cluster);
        assertThat(idle.lost()).as("sessions that a switchover cost").isZero();
        Outcome crash = Scenario.of(new Fault.PostmasterKill()).run(cluster, "crash");
        System.out.println(crash.line());
        assertThat(crash.faults(false)).as(crash.line()).isEmpty();
        assertThat(idle.lost()).as("idle sessions that a crash cost").isZero();
      }
      cluster.client().call(() -> aLongTransactionIsNotCutOff(cluster));
      cluster.client().call(() -> whoWouldBreakIsNamed(cluster));
    }
  }

  /** Two databases with a user each, and a pooler that takes TLS. */
  private static Product product() {
    ClusterPlan plan =
        ClusterPlan.pgTest(Product.launcher(), "pgbouncer_sslmode: prefer").withLogin(REPORT);
    return Product.servingWith(plan, HandoverTest::certify);
  }

  private static void certify(Cluster cluster) {
    for (Host host : cluster.hosts()) {
      Path folder = cluster.folder(host).resolve("cert");
      String subject = "/CN=" + host.name();
      Launch make =
          Launch.of(
              "sh",
              "-c",
              "mkdir -p \"$1\" && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj \"$2\""
                  + " -out \"$1/server.crt\" -keyout \"$1/server.key\""
                  + " && chown -R postgres \"$1\" && chmod 600 \"$1/server.key\"",
              "certify",
              folder.toString(),
              subject);
      host.run(make, SOON).orThrow();
    }
  }

  /** Taken by a rolling restart, which nobody notices either. */
  private static void aSettingThatNeedsARestart(Cluster cluster) {
    Agents.configure(
        cluster.client(),
        cluster.primary(),
        "{\"postgresql\":{\"parameters\":{\"track_activity_query_size\":2048}}}");
    Await.until(
        "all members to tell that they have to be restarted",
        SOON,
        () -> cluster.hosts().stream().allMatch(host -> size(cluster, host).equals("1024|t")));
    withoutAnError(new Fault.RollingRestart(), cluster, "restart");
    for (Host host : cluster.hosts()) {
      assertThat(size(cluster, host)).isEqualTo("2048|f");
    }
  }

  private static String size(Cluster cluster, Host host) {
    String folder = String.valueOf(cluster.socket(host).socket().getParent());
    String sql =
        "SELECT setting, pending_restart FROM pg_settings WHERE name = 'track_activity_query_size'";
    Launch psql = Launch.of("psql", "-XAtq", "-h", folder, "-d", "app", "-c", sql).as("postgres");
    return host.run(psql, SOON).output().strip();
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
