package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cluster whose standbys have every acknowledged commit: what it chooses when a recovery would be
 * long, and what its drills and its audit measure.
 */
@Tag("root")
@Tag("e2e")
class RecoveryChoiceTest {
  private static final int MEGABYTES = 300;
  private static final Duration SOON = Duration.ofSeconds(60);

  private static Product product;
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    product = Product.serving("pg_rpo: 0", "pg_rto: 10");
    cluster = product.cluster();
  }

  @AfterAll
  static void stop() {
    product.close();
  }

  @BeforeEach
  void settled() {
    cluster.awaitSettled(SOON);
  }

  /**
   * The postmaster of a primary is killed that has much WAL to replay: another leads at once, and
   * nothing is lost.
   */
  @Test
  @Promise({"P169", "P201"})
  void aLongRecoveryIsSpared() throws SQLException, IOException {
    Host before = cluster.primary();
    writeMuch(cluster);
    Outcome outcome = Scenario.of(new Fault.PostmasterKill()).run(cluster, "recovery");
    System.out.println(outcome.line());
    assertThat(outcome.faults(true)).as(outcome.line()).isEmpty();
    assertThat(Files.readString(cluster.folder(before).resolve("log/agent.log")))
        .contains("SPARE_RECOVERY: it would recover for", "has every acknowledged commit");
    assertThat(cluster.primary()).isNotEqualTo(before);
  }

  private static void writeMuch(Cluster cluster) throws SQLException {
    try (Connection connection = cluster.connectToPrimary();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < MEGABYTES; i++) {
        statement.execute("SELECT pg_logical_emit_message(true, 'test', repeat('x', 1000000))");
      }
    }
  }

  /** A failover drill on demand; what it is about backups comes with backups. */
  @Test
  @Promise("P211")
  void aDrillBySwitchoverKeepsItsPromises() {
    Host before = cluster.primary();
    Await.until("somebody who could take over", SOON, RecoveryChoiceTest::couldFailOver);
    String told = cluster.matriarch(cluster.client(), "drill", "failover", "pg-test", "--yes");
    System.out.println(told);
    assertThat(told)
        .contains("through the service primary, port 5433", "| kept ", ", 0 bytes of WAL")
        .doesNotContain("broken");
    assertThat(cluster.primary()).isNotEqualTo(before);
    assertThat(tablesLeft()).isEqualTo("0");
  }

  private static boolean couldFailOver() {
    String url = "http://" + cluster.primary().address() + ":8008/failover-readiness";
    return cluster.client().run(Launch.of("curl", "-sf", "-o", "/dev/null", url), SOON).exitCode()
        == 0;
  }

  /** The plug of the primary's host is pulled meanwhile. */
  @Test
  @Promise("P211")
  void aDrillByHandMeasuresTheLossOfAHost() {
    Host lost = cluster.primary();
    Proc drill =
        cluster
            .client()
            .start(
                "drill",
                Launch.of(
                    Product.launcher().toString(),
                    "drill",
                    "failover",
                    "--by-hand",
                    "--yes",
                    "-o",
                    "json",
                    "--inventory",
                    product.folder().resolve("matriarch.yml").toString()));
    Await.until(
        "the drill to begin", SOON, () -> drill.tail(20).contains("now take"), drill::toString);
    lost.crash();
    assertThat(drill.awaitExit(Duration.ofMinutes(2))).as(cluster.situation()).isTrue();
    String told = drill.tail(60);
    System.out.println(told);
    lost.revive();
    cluster.start(lost);
    assertThat(drill.exitCode()).as(told).isZero();
    assertThat(told)
        .contains("\"from\" : \"" + cluster.instance(lost) + "\"", "\"lost_rows\" : 0,")
        .contains("\"kept\" : true");
  }

  @Test
  @Promise({"P145", "P209"})
  void anAuditMeasuresHowFarAllAre() {
    Launch audit =
        Launch.of(
            Product.launcher().toString(),
            "audit",
            "--inventory",
            product.folder().resolve("matriarch.yml").toString());
    String told = cluster.client().run(audit, SOON).output();
    System.out.println(told);
    // Whether that is near enough is another matter on a machine that is busy.
    assertThat(told)
        .containsPattern("\\| etcd-latency +\\| (ok|fails) +\\| .*pg-test-[123] to .* [0-9.]+ ms")
        .containsPattern(
            "\\| replication-latency +\\| (ok|fails) +\\| .*pg-test-[123] to .* [0-9.]+ ms");
  }

  private static String tablesLeft() {
    Host primary = cluster.primary();
    Launch psql =
        Launch.of(
                "psql",
                "-XAtq",
                "-h",
                String.valueOf(cluster.socket(primary).socket().getParent()),
                "-c",
                "SELECT count(*) FROM pg_class WHERE relname LIKE 'matriarch_drill%'")
            .as("postgres");
    return primary.run(psql).strip();
  }
}
