package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import dev.matriarch.render.MonitoringFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the handbook tells operators to do by hand, done to three live agents. */
@Tag("e2e")
class RunbookTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LATER = Duration.ofSeconds(90);

  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = new LocalCluster();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void whole() {
    await("the cluster to be whole", LATER, cluster::isWhole);
    done(cluster.leader(), "CREATE TABLE IF NOT EXISTS told(what text)");
    done(cluster.leader(), "DELETE FROM told");
  }

  private static void await(String what, Duration limit, BooleanSupplier condition) {
    Await.until(what, limit, condition, cluster::logs);
  }

  private static void done(String member, String statement) {
    assertThat(cluster.sql(member, statement)).isEmpty();
  }

  private static String told(String member) {
    return cluster.sql(member, "SELECT string_agg(what, ',' ORDER BY what) FROM told");
  }

  private static boolean isPrimary(String member) {
    return cluster.sql(member, "SELECT pg_is_in_recovery()").equals("f");
  }

  @Test
  @Promise("P199")
  void theLagOfEachReplicaCanBeAsked() {
    String leader = cluster.leader();
    String replica = cluster.replicas().getFirst();
    String lag =
        "SELECT pg_wal_lsn_diff(sent_lsn, replay_lsn)::bigint FROM pg_stat_replication"
            + " WHERE application_name = '%s'".formatted(replica);
    cluster.sql(replica, "SELECT pg_wal_replay_pause()");
    done(leader, "INSERT INTO told SELECT repeat('x', 1000) FROM generate_series(1, 500)");
    await(
        "bytes that are sent and not replayed",
        SOON,
        () -> Long.parseLong(cluster.sql(leader, lag)) > 500_000);
    cluster.sql(replica, "SELECT pg_wal_replay_resume()");
    await("no lag", SOON, () -> cluster.sql(leader, lag).equals("0"));
  }

  /** Every agent serves each metric that the alerts and boards ask of agents. */
  @Test
  @Promise({"P210", "P215"})
  void agentsServeWhatAlertsAndBoardsAskFor() {
    String before = cluster.leader();
    assertThat(cluster.ask(before, "POST", "/switchover", "{\"leader\":\"" + before + "\"}"))
        .endsWith(" 200");
    await("the cluster to be whole after its switchover", LATER, cluster::isWhole);
    Await.until("all metrics", SOON, () -> notServed().isEmpty(), () -> notServed().toString());
    assertThat(cluster.ask(cluster.leader(), "GET", "/metrics", ""))
        .contains("kind=\"switchover\"} 1\n");
  }

  /** What is asked of agents and no member serves. */
  private static SortedSet<String> notServed() {
    SortedSet<String> missing = new TreeSet<>(MonitoringFiles.metrics());
    missing.removeIf(name -> name.startsWith("haproxy_") || name.startsWith("etcd_"));
    for (String name : LocalCluster.NAMES) {
      String served = cluster.ask(name, "GET", "/metrics", "");
      missing.removeIf(metric -> served.contains("\n" + metric + "{"));
    }
    return missing;
  }

  /** The false one is stopped, rewound and made to follow, by starting its agent. */
  @Test
  @Promise("P213")
  void aSecondPrimaryMadeByHandIsUndone() throws Exception {
    String leader = cluster.leader();
    String misled = cluster.replicas().getFirst();
    cluster.killAgent(misled);
    cluster.control(misled, "promote");
    done(misled, "INSERT INTO told VALUES ('false')");
    done(leader, "INSERT INTO told VALUES ('true')");
    cluster.start(misled);
    await("the end of the false primary", SOON, () -> !isPrimary(misled));
    await("the cluster to be whole again", LATER, cluster::isWhole);
    assertThat(cluster.leader()).isEqualTo(leader);
    await("what is true", SOON, () -> told(misled).equals("true"));
  }

  /** Two of three members and etcd are lost: the survivor is promoted by hand, etcd comes back. */
  @Test
  @Promise({"P176", "P177"})
  void aSurvivorWithoutEtcdIsPromotedByHandAndLeadsOnOnceEtcdIsBack() throws Exception {
    String lost = cluster.leader();
    String survivor = cluster.replicas().getFirst();
    String other = cluster.replicas().getLast();
    done(lost, "INSERT INTO told VALUES ('before')");
    await("the row", SOON, () -> told(survivor).equals("before"));
    cluster.signalEtcd("STOP");
    cluster.kill(lost);
    cluster.kill(other);
    Await.elapse(Duration.ofSeconds(10));
    assertThat(cluster.sql(survivor, "SELECT pg_is_in_recovery()"))
        .as("nobody is promoted without etcd")
        .isEqualTo("t");
    cluster.killAgent(survivor);
    cluster.control(survivor, "promote");
    done(survivor, "INSERT INTO told VALUES ('emergency')");
    cluster.signalEtcd("CONT");
    await("the end of the lost one's lease", SOON, () -> cluster.leader().isEmpty());
    cluster.start(survivor);
    await("the survivor to lead", LATER, () -> cluster.leader().equals(survivor));
    await("it to take writes", SOON, () -> isPrimary(survivor));
    cluster.start(lost);
    cluster.start(other);
    await("the cluster to be whole again", LATER, cluster::isWhole);
    assertThat(cluster.leader()).isEqualTo(survivor);
    for (String name : LocalCluster.NAMES) {
      await("both rows on " + name, SOON, () -> told(name).equals("before,emergency"));
    }
  }

  /** What the handbook tells under "Two members", step by step. */
  @Test
  @Promise("P178")
  void ofTwoMembersTheReplicaIsPromotedByHandAndLeadsOn() throws Exception {
    String lost = cluster.leader();
    String replica = cluster.replicas().getFirst();
    String third = cluster.replicas().getLast();
    cluster.stop(third);
    await("the end of its key", SOON, () -> cluster.key("members/" + third).isEmpty());
    setPolicy(lost, "\"consistency\"");
    done(lost, "INSERT INTO told VALUES ('before')");
    await("the row", SOON, () -> told(replica).equals("before"));
    cluster.kill(lost);
    await("the end of the lease", SOON, () -> cluster.leader().isEmpty());
    await(
        "the reason why it does not lead",
        SOON,
        () -> cluster.logs().contains("two_node_policy consistency"));
    Await.elapse(Duration.ofSeconds(10));
    assertThat(isPrimary(replica)).as("nobody is promoted").isFalse();

    cluster.stop(replica);
    cluster.control(replica, "restart", "-l", cluster.data(replica) + "/by-hand.log");
    cluster.control(replica, "promote");
    done(replica, "INSERT INTO told VALUES ('by hand')");
    assertThat(cluster.leader()).as("as far as etcd knows").isEmpty();

    cluster.start(replica);
    await("it to lead", LATER, () -> cluster.leader().equals(replica));
    await("it to take writes", SOON, () -> isPrimary(replica));
    cluster.start(lost);
    await("both rows on the former primary", LATER, () -> told(lost).equals("before,by hand"));
    setPolicy(replica, "null");
    cluster.start(third);
    await("the cluster to be whole again", LATER, cluster::isWhole);
    assertThat(cluster.leader()).isEqualTo(replica);
  }

  private static void setPolicy(String member, String policy) {
    String change = "{\"matriarch\": {\"two_node_policy\": " + policy + "}}";
    assertThat(cluster.ask(member, "PATCH", "/config", change)).endsWith(" 200");
  }

  /** Both replicas are held back for longer than their sockets can make up for. */
  @Test
  @Promise({"P107", "P198"})
  void noReplicaLeadsThatWouldLoseMoreThanIsAllowed() throws Exception {
    String leader = cluster.leader();
    List<String> replicas = cluster.replicas();
    List<String> receivers =
        replicas.stream()
            .map(name -> cluster.sql(name, "SELECT pid FROM pg_stat_wal_receiver"))
            .toList();
    receivers.forEach(pid -> Shell.run("kill", "-STOP", pid).orThrow());
    done(leader, "INSERT INTO told SELECT repeat('x', 1000) FROM generate_series(1, 20000)");
    Await.elapse(Duration.ofSeconds(3));
    cluster.kill(leader);
    receivers.forEach(pid -> Shell.run("kill", "-CONT", pid).orThrow());
    await("the end of the lease", SOON, () -> cluster.leader().isEmpty());
    Await.elapse(Duration.ofSeconds(10));
    assertThat(cluster.leader()).as(cluster.logs()).isEmpty();
    assertThat(replicas).noneMatch(RunbookTest::isPrimary);
    assertThat(cluster.logs()).contains("more than maximum_lag_on_failover 1048576");
    cluster.start(leader);
    await("the cluster to be whole again", LATER, cluster::isWhole);
    assertThat(cluster.leader()).isEqualTo(leader);
    for (String name : LocalCluster.NAMES) {
      await(
          "all rows on " + name,
          SOON,
          () -> cluster.sql(name, "SELECT count(*) FROM told").equals("20000"));
    }
  }
}
