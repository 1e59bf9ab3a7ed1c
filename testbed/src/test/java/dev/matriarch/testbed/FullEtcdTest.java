package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An etcd whose database is full reads and takes no write: no renewal either. It is as good as
 * none, and a cluster in failsafe mode gets over it.
 */
@Tag("e2e")
class FullEtcdTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** More than the lease of this cluster, and more than etcd's own of its leader key. */
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void aFullEtcdMovesNobody() throws Exception {
    try (LocalCluster cluster = new LocalCluster()) {
      Await.until("two standbys", SOON, () -> streaming(cluster) == 2);
      String leader = cluster.key("leader");
      cluster
          .patronictl("", "edit-config", LocalCluster.SCOPE, "-s", "failsafe_mode=true", "--force")
          .orThrow();
      Await.until(
          "all in it",
          SOON,
          () -> LocalCluster.NAMES.stream().allMatch(cluster.key("failsafe")::contains));
      String started = sql(cluster, leader, "SELECT pg_postmaster_start_time()");

      cluster.alarm("ACTIVATE");
      Await.until("it is said", SOON, () -> says(cluster, leader, "database space exceeded"));
      Await.elapse(LONG);
      assertThat(sql(cluster, leader, "CREATE TABLE written_meanwhile ()")).isEqualTo("done");
      assertThat(sql(cluster, leader, "SELECT pg_postmaster_start_time()")).isEqualTo(started);
      for (String name : LocalCluster.NAMES) {
        assertThat(sql(cluster, name, "SELECT pg_is_in_recovery()"))
            .as(name)
            .isEqualTo(name.equals(leader) ? "f" : "t");
      }

      cluster.alarm("DEACTIVATE");
      Await.until("it leads by its key", SOON, () -> cluster.key("leader").equals(leader));
      Await.elapse(LONG);
      assertThat(cluster.key("leader")).isEqualTo(leader);
      assertThat(sql(cluster, leader, "SELECT pg_postmaster_start_time()")).isEqualTo(started);
    }
  }

  private static long streaming(LocalCluster cluster) {
    return LocalCluster.NAMES.stream()
        .filter(name -> cluster.key("members/" + name).contains("\"streaming\""))
        .count();
  }

  private static boolean says(LocalCluster cluster, String member, String what) {
    try {
      return cluster.log(member).contains(what);
    } catch (IOException e) {
      return false;
    }
  }

  private static String sql(LocalCluster cluster, String member, String statement) {
    try (Connection connection =
            LocalCluster.SUPERUSER.connect(cluster.server(member), Duration.ofSeconds(5));
        Statement at = connection.createStatement()) {
      boolean rows = at.execute(statement);
      if (!rows) {
        return "done";
      }
      ResultSet row = at.getResultSet();
      return row.next() ? row.getString(1) : "";
    } catch (SQLException e) {
      return "failed: " + e.getMessage();
    }
  }
}
