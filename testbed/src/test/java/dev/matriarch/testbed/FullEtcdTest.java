package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
      String leader = cluster.leader();
      cluster
          .patronictl("", "edit-config", LocalCluster.SCOPE, "-s", "failsafe_mode=true", "--force")
          .orThrow();
      Await.until(
          "all in it",
          SOON,
          () -> LocalCluster.NAMES.stream().allMatch(cluster.key("failsafe")::contains));
      String started = cluster.sql(leader, "SELECT pg_postmaster_start_time()");

      cluster.alarm("ACTIVATE");
      Await.until("it is said", SOON, () -> says(cluster, leader, "database space exceeded"));
      Await.elapse(LONG);
      assertThat(cluster.sql(leader, "CREATE TABLE written_meanwhile ()")).isEmpty();
      assertThat(cluster.sql(leader, "SELECT pg_postmaster_start_time()")).isEqualTo(started);
      for (String name : LocalCluster.NAMES) {
        assertThat(cluster.sql(name, "SELECT pg_is_in_recovery()"))
            .as(name)
            .isEqualTo(name.equals(leader) ? "f" : "t");
      }

      cluster.alarm("DEACTIVATE");
      Await.until("it leads by its key", SOON, () -> cluster.leader().equals(leader));
      Await.elapse(LONG);
      assertThat(cluster.leader()).isEqualTo(leader);
      assertThat(cluster.sql(leader, "SELECT pg_postmaster_start_time()")).isEqualTo(started);
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
}
