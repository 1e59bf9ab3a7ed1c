package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The postmaster of a primary is killed that has much WAL to replay, and whose standbys have every
 * acknowledged commit: another leads at once, and nothing is lost.
 */
@Tag("root")
@Tag("e2e")
class RecoveryChoiceTest {
  private static final int MEGABYTES = 300;

  @Test
  @Promise({"P169", "P201"})
  void aLongRecoveryIsSpared() throws SQLException, IOException {
    try (Product product = Product.serving("pg_rpo: 0")) {
      Cluster cluster = product.cluster();
      Host before = cluster.primary();
      writeMuch(cluster);
      Outcome outcome = Scenario.of(new Fault.PostmasterKill()).run(cluster, "recovery");
      System.out.println(outcome.line());
      assertThat(outcome.faults(true)).as(outcome.line()).isEmpty();
      assertThat(Files.readString(cluster.folder(before).resolve("log/agent.log")))
          .contains("SPARE_RECOVERY: it would recover for", "has every acknowledged commit");
      assertThat(cluster.primary()).isNotEqualTo(before);
    }
  }

  private static void writeMuch(Cluster cluster) throws SQLException {
    try (Connection connection = cluster.connectToPrimary();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < MEGABYTES; i++) {
        statement.execute("SELECT pg_logical_emit_message(true, 'test', repeat('x', 1000000))");
      }
    }
  }
}
