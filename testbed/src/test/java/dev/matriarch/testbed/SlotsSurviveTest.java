package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A subscriber's logical slot is there after a switchover and after the primary's node was lost: it
 * goes on where it was, without a gap and without what it had already.
 */
@Tag("root")
@Tag("e2e")
class SlotsSurviveTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String DECLARED =
      """
      {"slots": {"archive": null,
       "feed": {"type": "logical", "database": "app", "plugin": "test_decoding"}}}""";

  @Test
  void aLogicalSlotGoesOnAfterASwitchoverAndAFailover() {
    try (Product product = Product.serving("pg_rto: 10")) {
      Cluster cluster = product.cluster();
      Agents.configure(cluster.client(), cluster.primary(), DECLARED);
      awaitSlotsEverywhere(cluster);
      sql(cluster, cluster.primary(), "CREATE TABLE public.fed (n int)");

      consumed(cluster, 1);
      sql(cluster, cluster.primary(), "INSERT INTO public.fed VALUES (2)");
      Host before = cluster.primary();
      new Fault.Switchover().apply(cluster);
      awaitAnotherThan(cluster, before);
      assertThat(changes(cluster)).contains("n[integer]:2").doesNotContain("n[integer]:1");
      awaitSlotsEverywhere(cluster);

      consumed(cluster, 3);
      sql(cluster, cluster.primary(), "INSERT INTO public.fed VALUES (4)");
      awaitReplayed(cluster);
      Host lost = cluster.primary();
      Fault.Applied crashed = new Fault.NodeCrash().apply(cluster);
      awaitAnotherThan(cluster, lost);
      assertThat(changes(cluster)).contains("n[integer]:4").doesNotContain("n[integer]:3");
      crashed.heal();
      cluster.awaitSettled(SOON);
      awaitSlotsEverywhere(cluster);
    }
  }

  private static void awaitAnotherThan(Cluster cluster, Host former) {
    Await.until(
        "another primary than " + former,
        SOON,
        () -> cluster.observe().primary().filter(name -> !name.equals(former.name())).isPresent(),
        cluster::situation);
  }

  /** Writes a row, lets the subscriber take it, and waits until the standbys know that. */
  private static void consumed(Cluster cluster, int row) {
    Host primary = cluster.primary();
    sql(cluster, primary, "INSERT INTO public.fed VALUES (" + row + ")");
    assertThat(changes(cluster)).contains("n[integer]:" + row);
    String confirmed = confirmed(cluster, primary);
    for (Host standby : cluster.replicas()) {
      Await.until(
          "the slot of " + standby + " at " + confirmed,
          SOON,
          () -> confirmed(cluster, standby).equals(confirmed),
          cluster::situation);
    }
  }

  private static void awaitSlotsEverywhere(Cluster cluster) {
    for (Host host : cluster.hosts()) {
      List<String> wanted =
          cluster.hosts().stream()
              .filter(other -> !other.equals(host))
              .map(other -> cluster.instance(other).replace('-', '_'))
              .toList();
      String expected = "archive,feed," + String.join(",", wanted);
      Await.until(
          "the slots " + expected + " on " + host,
          SOON,
          () -> slots(cluster, host).equals(expected),
          () -> slots(cluster, host) + "\n" + cluster.situation());
    }
  }

  private static void awaitReplayed(Cluster cluster) {
    String end = sql(cluster, cluster.primary(), "SELECT pg_current_wal_lsn()");
    for (Host standby : cluster.replicas()) {
      Await.until(
          "replay on " + standby,
          SOON,
          () ->
              sql(cluster, standby, "SELECT pg_last_wal_replay_lsn() >= '" + end + "'")
                  .equals("t"));
    }
  }

  private static String slots(Cluster cluster, Host host) {
    return sql(
        cluster,
        host,
        "SELECT string_agg(slot_name, ',' ORDER BY slot_name) FROM pg_replication_slots");
  }

  private static String confirmed(Cluster cluster, Host host) {
    return sql(
        cluster,
        host,
        "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = 'feed'");
  }

  private static String changes(Cluster cluster) {
    return sql(
        cluster,
        cluster.primary(),
        "SELECT string_agg(data, ' ') FROM pg_logical_slot_get_changes('feed', NULL, NULL)");
  }

  /** The answer; empty while the server does not give one. */
  private static String sql(Cluster cluster, Host host, String statement) {
    String folder = String.valueOf(cluster.socket(host).socket().getParent());
    Launch psql =
        Launch.of("psql", "-XAtq", "-h", folder, "-d", "app", "-c", statement).as("postgres");
    Shell.Result result = host.run(psql, SOON);
    return result.exitCode() == 0 ? result.output().strip() : "";
  }
}
