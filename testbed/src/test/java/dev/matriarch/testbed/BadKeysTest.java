package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What whoever can write to etcd may put into a cluster's keys: it is said, and nobody is promoted,
 * stopped or kept down by it.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadKeysTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** More than a lease of this cluster: who is to be replaced would be by then. */
  private static final Duration LEASE = Duration.ofSeconds(9);

  private static final List<String> KEYS =
      List.of(
          "initialize",
          "history",
          "sync",
          "status",
          "failover",
          "failsafe",
          "members/m1",
          "members/m2",
          "members/m3",
          "members/nobody",
          "leader",
          "config");

  /** The last is an object: as a configuration it would be read, and say nothing. */
  private static final List<String> JUNK =
      List.of(
          "garbage{",
          "[]",
          "null",
          "\u0001\u00ff\ufffd",
          "x".repeat(100_000),
          "{\"leader\":5,\"quorum\":[],\"optime\":{},\"timeline\":\"x\",\"a\":1}");

  private LocalCluster cluster;

  @BeforeAll
  void start() throws IOException {
    cluster = new LocalCluster();
    Await.until("a whole cluster", SOON, cluster::isWhole, cluster::logs);
    cluster
        .patronictl(
            "", "edit-config", LocalCluster.SCOPE, "-s", "synchronous_mode=quorum", "--force")
        .orThrow();
    Await.until(
        "two voters",
        SOON,
        () -> cluster.key("sync").contains(String.join(",", cluster.replicas())),
        cluster::logs);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void keysThatCannotBeReadMoveNobody() throws Exception {
    String leader = cluster.leader();
    String started = cluster.sql(leader, "SELECT pg_postmaster_start_time()");
    String config = cluster.key("config");
    for (String key : KEYS) {
      int count = key.equals("config") ? JUNK.size() - 1 : JUNK.size();
      JUNK.subList(0, count).forEach(junk -> cluster.putKey(key, junk));
      Await.until(key + " is told of", SOON, () -> says(leader, "batman/" + key + ": "));
    }
    Await.elapse(LEASE);

    assertThat(cluster.leader()).isEqualTo(leader);
    assertThat(cluster.sql(leader, "CREATE TABLE written_meanwhile ()")).isEmpty();
    for (String name : LocalCluster.NAMES) {
      assertThat(cluster.agent(name).isAlive()).as("the agent of " + name).isTrue();
      assertThat(cluster.sql(name, "SELECT pg_is_in_recovery()"))
          .as(name)
          .isEqualTo(name.equals(leader) ? "f" : "t");
    }
    assertThat(cluster.sql(leader, "SELECT pg_postmaster_start_time()")).isEqualTo(started);
    assertThat(cluster.key("initialize"))
        .as("what the leader knows is there again")
        .matches("\\d+");
    assertThat(cluster.key("sync")).contains("\"leader\":\"" + leader + "\"");
    assertThat(cluster.key("history")).startsWith("[");
    assertThat(cluster.key("status")).startsWith("{\"optime\":");

    cluster.deleteKey("config");
    Await.until(
        "the configuration is there again",
        SOON,
        () -> unspaced(cluster.key("config")).equals(unspaced(config)));
    // Who was started after all this can still take over.
    cluster.replicas().forEach(this::startAnew);
    Await.until("a whole cluster again", SOON, cluster::isWhole, cluster::logs);
    cluster.kill(leader);
    Await.until(
        "another leads",
        SOON,
        () -> {
          String now = cluster.leader();
          return !now.isEmpty() && !now.equals(leader);
        },
        cluster::logs);
    cluster.start(leader);
    Await.until("a whole cluster at last", SOON, cluster::isWhole, cluster::logs);
  }

  private static String unspaced(String json) {
    return json.replace(" ", "");
  }

  private void startAnew(String name) {
    try {
      cluster.killAgent(name);
      cluster.start(name);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** As {@code patronictl edit-config} does: no agent is asked before it is stored. */
  @Test
  void aConfigurationWrittenPastTheAgentsKeepsNoServerDown() throws Exception {
    String leader = cluster.leader();
    String config = cluster.key("config");
    String connections = cluster.sql(leader, "SHOW max_connections");
    cluster.putKey(
        "config",
        config.replaceFirst(
            "\"parameters\": ?\\{",
            "\"pg_hba\":[\"host nonsense\"],\"parameters\":{\"work_mem\":\"lots\","
                + "\"shared_preload_libraries\":\"nolib\",\"max_wal_senders\":\"999999\","
                + "\"log_statement\":\"ddl\","));
    for (String name : LocalCluster.NAMES) {
      Await.until(
          name + " says why",
          SOON,
          () ->
              says(name, "work_mem: lots is not taken: PostgreSQL says: invalid value")
                  && says(name, "could not access file \"nolib\"")
                  && says(name, "max_wal_senders: 999999 is not taken: "),
          cluster::logs);
    }
    String process = Files.readAllLines(cluster.data(leader).resolve("postmaster.pid")).getFirst();
    Shell.run("kill", "-KILL", process.strip()).orThrow();
    Await.until(
        "it is there again with what can be used",
        SOON,
        () -> cluster.sql(leader, "SHOW log_statement").equals("ddl"),
        cluster::logs);

    assertThat(cluster.leader()).isEqualTo(leader);
    assertThat(cluster.sql(leader, "SHOW work_mem")).isEqualTo("4MB");
    assertThat(cluster.sql(leader, "SHOW max_connections")).isEqualTo(connections);
    cluster.putKey("config", config);
    Await.until("a whole cluster", SOON, cluster::isWhole, cluster::logs);
  }

  private boolean says(String member, String what) {
    try {
      return cluster.log(member).contains(what);
    } catch (IOException e) {
      return false;
    }
  }
}
