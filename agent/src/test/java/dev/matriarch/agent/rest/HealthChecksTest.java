package dev.matriarch.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.MemberTags;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Pooler;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Source;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Tags;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
  private static final List<String> PATHS =
      List.of(
          "/",
          "/primary",
          "/master",
          "/leader",
          "/read-write",
          "/replica",
          "/read-only",
          "/standby_leader",
          "/sync",
          "/synchronous",
          "/async",
          "/quorum",
          "/read-only-sync",
          "/read-only-quorum",
          "/health",
          "/liveness",
          "/readiness",
          "/patroni",
          "/nonsense");

  private static Set<String> healthy(Statuses statuses) {
    Endpoints endpoints = new Endpoints(statuses::status, new FakeRequests());
    Set<String> healthy = new TreeSet<>();
    for (String path : PATHS) {
      if (endpoints.read(path, "", true).status() == 200) {
        healthy.add(path);
      }
    }
    return healthy;
  }

  private static int status(Statuses statuses, String path, String query) {
    return new Endpoints(statuses::status, new FakeRequests()).read(path, query, false).status();
  }

  @Test
  @Promise({"P131", "P133", "P134", "P135"})
  void aPrimaryThatLeads() {
    assertThat(healthy(Statuses.primary()))
        .containsExactlyInAnyOrder(
            "/",
            "/primary",
            "/master",
            "/leader",
            "/read-write",
            "/read-only",
            "/read-only-sync",
            "/read-only-quorum",
            "/health",
            "/liveness",
            "/readiness",
            "/patroni");
  }

  /** It is a standby, but no replica: who balances reads over replicas does not want it. */
  @Test
  void theLeaderOfAStandbyCluster() {
    Statuses statuses = Statuses.primary();
    statuses.role = Role.STANDBY;
    statuses.settings =
        Settings.DEFAULT.toBuilder().source(Optional.of(new Source("far", 5432, ""))).build();
    assertThat(healthy(statuses))
        .containsExactlyInAnyOrder(
            "/leader",
            "/standby_leader",
            "/read-only",
            "/read-only-sync",
            "/read-only-quorum",
            "/health",
            "/liveness",
            "/readiness",
            "/patroni");
  }

  @Test
  @Promise({"P132", "P133", "P136"})
  void anAsynchronousReplica() {
    assertThat(healthy(Statuses.replica()))
        .containsExactlyInAnyOrder(
            "/replica", "/read-only", "/async", "/health", "/liveness", "/readiness", "/patroni");
  }

  @Test
  @Promise("P137")
  void aSynchronousReplica() {
    Statuses replica = Statuses.replica();
    replica.synchronous(Synchrony.Mode.PRIORITY, "b");

    assertThat(healthy(replica)).contains("/sync", "/read-only-sync").doesNotContain("/async");
    replica.trouble = "etcd is away";
    assertThat(healthy(replica)).doesNotContain("/sync", "/async", "/quorum").contains("/replica");
  }

  @Test
  void aReplicaOfAQuorum() {
    Statuses replica = Statuses.replica();
    replica.synchronous(Synchrony.Mode.QUORUM, "b", "c");

    assertThat(healthy(replica))
        .contains("/quorum", "/read-only-quorum")
        .doesNotContain("/sync", "/async");
  }

  @Test
  @Promise("P131")
  void aPrimaryWhoseLeaseMayHavePassedOn() {
    Statuses late = Statuses.primary();
    late.sinceRenewal = Duration.ofSeconds(20);

    assertThat(healthy(late)).containsExactlyInAnyOrder("/health", "/liveness", "/patroni");
  }

  @Test
  void aServerThatIsDown() {
    Statuses down = Statuses.primary();
    down.condition = Condition.CRASHED;

    assertThat(healthy(down)).containsExactlyInAnyOrder("/liveness", "/patroni");
  }

  /** Its own port answers all the same: whoever asks may end it and start another. */
  @Test
  void anAgentThatDecidesNothingAnyMore() {
    Duration ttl = Settings.DEFAULT.ttl();
    Statuses primary = Statuses.primary();
    Statuses replica = Statuses.replica();
    primary.sinceTurn = ttl;
    replica.sinceTurn = ttl.multipliedBy(2);
    assertThat(status(primary, "/liveness", "")).isEqualTo(200);
    assertThat(status(replica, "/liveness", "")).isEqualTo(200);
    primary.sinceTurn = ttl.plusMillis(1);
    replica.sinceTurn = ttl.multipliedBy(2).plusMillis(1);
    assertThat(status(primary, "/liveness", "")).isEqualTo(503);
    assertThat(status(replica, "/liveness", "")).isEqualTo(503);
    assertThat(status(primary, "/patroni", "")).isEqualTo(200);
    replica.sinceTurn = ttl.plusMillis(1);
    replica.holdsLease = true;
    assertThat(status(replica, "/liveness", "")).as("it leads a standby cluster").isEqualTo(503);
  }

  @Test
  void aReplicaThatLagsOrIsTakenOut() {
    Statuses replica = Statuses.replica();
    assertThat(status(replica, "/replica", "lag=1000")).isEqualTo(200);
    assertThat(status(replica, "/replica", "lag=999")).isEqualTo(503);
    assertThat(status(replica, "/read-only", "lag=999")).isEqualTo(503);
    assertThat(status(replica, "/replica", "lag=1kB")).isEqualTo(200);
    assertThat(status(replica, "/replica", "lag=nonsense")).isEqualTo(200);
    assertThat(status(replica, "/replica", "%")).isEqualTo(200);
    assertThat(status(replica, "/replica/deeper", "")).isEqualTo(200);
    replica.replayed = new Lsn(1);
    assertThat(status(replica, "/async", "lag=1kB")).isEqualTo(503);

    Statuses apart = Statuses.replica();
    apart.tags =
        new MemberTags(
            Tags.NONE.toBuilder().noloadbalance(true).build(), "{\"noloadbalance\":true}");
    assertThat(status(apart, "/replica", "")).isEqualTo(503);
    assertThat(status(apart, "/health", "")).isEqualTo(200);
  }

  /** Nobody's answer changes but that of who asks so. */
  @Test
  @Promise({"P49", "P111"})
  void aFormerPrimaryWhosePoolersClientsAreLookedAfter() {
    Statuses former = Statuses.replica();
    former.pooler = Pooler.seen(false, "a", true);
    for (String path : PATHS) {
      assertThat(status(former, path, "pooled=1"))
          .as(path)
          .isEqualTo(
              switch (path) {
                case "/standby_leader", "/nonsense" -> 503;
                case "/health", "/liveness", "/readiness", "/patroni" -> 200;
                default -> 404;
              });
    }
    assertThat(status(former, "/replica", "lag=1MB&pooled")).isEqualTo(404);
    assertThat(status(former, "/primary", "")).isEqualTo(503);
    assertThat(status(former, "/replica", "")).isEqualTo(200);

    former.trouble = "etcd is away";
    assertThat(status(former, "/primary", "pooled")).isEqualTo(503);
    assertThat(status(former, "/read-only", "pooled")).isEqualTo(503);
    assertThat(status(former, "/read-only", "")).isEqualTo(200);
  }

  @Test
  @Promise({"P49", "P111"})
  void aFormerPrimaryWhosePoolersClientsWait() {
    Statuses former = Statuses.primary();
    former.condition = Condition.STOPPED;
    former.pooler = Pooler.seen(true, "", true);
    assertThat(status(former, "/primary", "pooled")).as("others may join them").isEqualTo(200);
    assertThat(status(former, "/primary", "")).isEqualTo(503);
    assertThat(status(former, "/read-only", "pooled")).isEqualTo(404);

    former.pooler = Pooler.ABSENT;
    assertThat(status(former, "/primary", "pooled")).isEqualTo(503);
    assertThat(status(former, "/read-only", "pooled")).isEqualTo(503);
  }

  @Test
  void whoeverServesByItselfAnswersAsEver() {
    Statuses primary = Statuses.primary();
    Statuses replica = Statuses.replica();
    for (Pooler pooler : List.of(Pooler.ABSENT, Pooler.seen(false, "", true))) {
      primary.pooler = pooler;
      replica.pooler = pooler;
      for (String path : PATHS) {
        assertThat(status(primary, path, "pooled")).isEqualTo(status(primary, path, ""));
        assertThat(status(replica, path, "pooled")).isEqualTo(status(replica, path, ""));
      }
    }
    primary.pooler = Pooler.seen(true, "", true);
    assertThat(status(primary, "/primary", "pooled")).as("about to hand over").isEqualTo(200);
    assertThat(status(primary, "/read-only", "pooled")).isEqualTo(200);
  }

  @Test
  void checksTags() {
    Statuses replica = Statuses.replica();
    replica.tags = new MemberTags(Tags.NONE, "{\"colour\":\"green\",\"ssd\":true}");

    assertThat(status(replica, "/replica", "tag_colour=green&tag_ssd=true")).isEqualTo(200);
    assertThat(status(replica, "/replica", "tag_colour=red")).isEqualTo(503);
    assertThat(status(replica, "/replica", "tag_size=1")).isEqualTo(503);
    for (String path : List.of("/", "/primary", "/read-write", "/leader")) {
      assertThat(status(Statuses.primary(), path, "tag_colour=red"))
          .as("%s: who leads is asked for as such", path)
          .isEqualTo(200);
    }
  }

  @Test
  void aReplicaThatIsToStream() {
    Statuses replica = Statuses.replica();
    assertThat(status(replica, "/replica", "replication_state=streaming")).isEqualTo(200);
    assertThat(status(replica, "/replica", "replication_state=in+archive+recovery")).isEqualTo(503);
    replica.streaming = false;
    assertThat(status(replica, "/replica", "replication_state=streaming")).isEqualTo(503);
    assertThat(status(replica, "/replica", "")).isEqualTo(200);
  }

  @Test
  void aReplicaIsReadyOnceItHasCaughtUp() {
    Statuses replica = Statuses.replica();
    assertThat(status(replica, "/readiness", "")).isEqualTo(200);
    assertThat(status(replica, "/readiness", "lag=999")).isEqualTo(503);
    assertThat(status(replica, "/readiness", "lag=999&mode=write")).isEqualTo(200);
    replica.streaming = false;
    assertThat(status(replica, "/readiness", "")).as("nothing comes").isEqualTo(503);
  }
}
