package dev.matriarch.etcd;

import static dev.matriarch.etcd.EtcdServers.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What etcd is asked, and that every way of failing is told as what it is. */
@Tag("real")
class EtcdClientTest {

  @TempDir static Path folder;
  private static EtcdServers servers;
  private static EtcdClient client;

  @BeforeAll
  static void start() throws Exception {
    servers = EtcdServers.start(folder, 3);
    client = EtcdClient.open(servers.config());
    servers.ready(client);
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    servers.close();
  }

  @Test
  void readsWhatItPut() throws Exception {
    assertThat(client.put("/a/ü", "wörld\n", LeaseId.NONE)).isInstanceOf(TxnOutcome.Applied.class);
    KeyValue found = client.get("/a/ü").orElseThrow();
    assertThat(found.value()).isEqualTo("wörld\n");
    assertThat(found.lease()).isEqualTo(LeaseId.NONE);
    assertThat(client.put("/a/empty", "", LeaseId.NONE)).isInstanceOf(TxnOutcome.Applied.class);
    assertThat(client.put("/b", "not under a", LeaseId.NONE))
        .isInstanceOf(TxnOutcome.Applied.class);
    Listing listing = client.list("/a/");
    assertThat(listing.keys()).extracting(KeyValue::key).containsExactly("/a/empty", "/a/ü");
    assertThat(listing.find("/a/empty").orElseThrow().value()).isEmpty();
    client.delete("/a/ü");
    assertThat(client.get("/a/ü")).isEmpty();
  }

  @Test
  void comparesEverythingThatATransactionCanDependOn() throws Exception {
    Lease lease = client.grant(Duration.ofSeconds(30));
    Txn create =
        Txn.when(Compare.absent("/t"))
            .then(Op.put("/t", "one", lease.id()))
            .otherwise(Op.get("/t"));
    assertThat(client.txn(create)).isInstanceOf(TxnOutcome.Applied.class);
    TxnOutcome again = client.txn(create);
    assertThat(again).isInstanceOf(TxnOutcome.CompareFailed.class);
    KeyValue seen = ((TxnOutcome.CompareFailed) again).read().getFirst().orElseThrow();
    assertThat(seen.value()).isEqualTo("one");
    assertThat(seen.lease()).isEqualTo(lease.id());
    assertThat(
            client.txn(
                Txn.when(
                        Compare.value("/t", "one"),
                        Compare.lease("/t", lease.id()),
                        Compare.modRevision("/t", seen.modRevision()))
                    .then(Op.put("/t", "two"), Op.get("/t"))))
        .isInstanceOfSatisfying(
            TxnOutcome.Applied.class,
            applied ->
                assertThat(applied.read().getFirst().orElseThrow().value()).isEqualTo("two"));
    assertThat(client.txn(Txn.when(Compare.lease("/t", lease.id())).then(Op.delete("/t"))))
        .isInstanceOf(TxnOutcome.CompareFailed.class);
    client.revoke(lease.id());
    assertThat(client.get("/t")).as("detached from the lease by the second put").isPresent();
  }

  @Test
  void keepsLeasesAliveAndKnowsWhenTheyAreGone() throws Exception {
    Lease lease = client.grant(Duration.ofMillis(20_001));
    assertThat(lease.ttl()).isEqualTo(Duration.ofSeconds(21));
    assertThat(client.grant(Duration.ofMillis(1)).ttl()).isGreaterThan(Duration.ofSeconds(1));
    client.put("/leased", "x", lease.id());
    assertThat(client.keepAlive(lease.id())).isTrue();
    assertThat(client.timeToLive(lease.id())).isGreaterThan(Duration.ofSeconds(15));
    client.revoke(lease.id());
    client.revoke(lease.id());
    assertThat(client.keepAlive(lease.id())).isFalse();
    assertThat(client.timeToLive(lease.id())).isZero();
    assertThat(client.get("/leased")).isEmpty();
    assertThat(client.put("/leased", "x", lease.id()))
        .isInstanceOfSatisfying(
            TxnOutcome.Failed.class,
            failed -> assertThat(failed.failure().message()).contains("lease not found"));
  }

  @Test
  void tellsTheHealthOfEachEndpoint() throws Exception {
    assertThat(client.health())
        .hasSize(3)
        .allSatisfy(
            health ->
                assertThat(health)
                    .isInstanceOfSatisfying(
                        Health.Answers.class,
                        answers -> {
                          assertThat(answers.leader()).isTrue();
                          assertThat(answers.version()).startsWith("3.");
                          assertThat(answers.databaseBytes()).isPositive();
                        }))
        .filteredOn(health -> health instanceof Health.Answers answers && answers.leads())
        .hasSize(1);
  }

  @Test
  void goesOnWhenItsEndpointIsKilled() throws Exception {
    int victim = aFollower();
    try (EtcdClient own = EtcdClient.open(EtcdConfig.of(servers.endpoints(victim)))) {
      own.put("/k", "before", LeaseId.NONE);
      servers.kill(victim);
      assertThat(own.txn(Txn.when(Compare.value("/k", "before")).then(Op.put("/k", "after"))))
          .isInstanceOf(TxnOutcome.Applied.class);
    } finally {
      servers.restart(victim);
      untilAllAnswer();
    }
  }

  @Test
  void knowsThatItDoesNotKnowWhenAnAnswerIsLost() throws Exception {
    int victim = aFollower();
    Timeouts brief =
        new Timeouts(Duration.ofMillis(300), Duration.ofSeconds(2), Duration.ofSeconds(5));
    try (EtcdClient own =
        EtcdClient.open(EtcdConfig.of(servers.endpoints(victim)).withTimeouts(brief))) {
      own.put("/u", "before", LeaseId.NONE);
      servers.freeze(victim);
      Txn once = Txn.when(Compare.value("/u", "before")).then(Op.put("/u", "after"));
      assertThat(own.txn(once))
          .isInstanceOfSatisfying(
              TxnOutcome.Unknown.class,
              unknown ->
                  assertThat(unknown.failure())
                      .isInstanceOf(EtcdFailure.TimedOut.class)
                      .satisfies(
                          f ->
                              assertThat(f.message())
                                  .contains(servers.endpoint(victim).toString())));
      assertThat(own.put("/u", "now", LeaseId.NONE))
          .as("on the next endpoint")
          .isInstanceOf(TxnOutcome.Applied.class);
    } finally {
      servers.thaw(victim);
      untilAllAnswer();
    }
  }

  @Test
  void repeatsWhatMayBeRepeatedAtTheNextEndpoint() throws Exception {
    int victim = aFollower();
    Timeouts brief =
        new Timeouts(Duration.ofMillis(300), Duration.ofSeconds(2), Duration.ofSeconds(5));
    try (EtcdClient own =
        EtcdClient.open(EtcdConfig.of(servers.endpoints(victim)).withTimeouts(brief))) {
      servers.freeze(victim);
      assertThat(own.put("/r", "once more", LeaseId.NONE)).isInstanceOf(TxnOutcome.Applied.class);
      assertThat(own.get("/r")).map(KeyValue::value).isEqualTo(Optional.of("once more"));
    } finally {
      servers.thaw(victim);
      untilAllAnswer();
    }
  }

  @Test
  void saysSoWhenTheMajorityIsLost() throws Exception {
    try (EtcdClient own = EtcdClient.open(EtcdConfig.of(servers.endpoints(0)))) {
      own.put("/m", "x", LeaseId.NONE);
      servers.kill(1);
      servers.kill(2);
      until(
          "the survivor notices",
          () -> own.health().getFirst() instanceof Health.Answers answers && !answers.leader());
      assertThatThrownBy(() -> own.get("/m"))
          .isInstanceOf(EtcdException.class)
          .hasMessageContaining("has no leader")
          .hasMessageContaining(servers.endpoint(1).toString())
          .hasMessageContaining("refused");
      assertThat(own.put("/m", "y", LeaseId.NONE)).isInstanceOf(TxnOutcome.Failed.class);
    } finally {
      servers.restart(1);
      servers.restart(2);
      untilAllAnswer();
    }
    assertThat(client.get("/m")).map(KeyValue::value).isEqualTo(Optional.of("x"));
  }

  @Test
  void tellsAServerThatIsNotEtcd() throws Exception {
    com.sun.net.httpserver.HttpServer web =
        com.sun.net.httpserver.HttpServer.create(
            new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          byte[] page = "<html>hello</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(404, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    web.start();
    EtcdConfig config =
        EtcdConfig.of(List.of(Endpoint.parse("127.0.0.1:" + web.getAddress().getPort())))
            .withTimeouts(
                new Timeouts(
                    Duration.ofMillis(500), Duration.ofMillis(600), Duration.ofSeconds(5)));
    try (EtcdClient own = EtcdClient.open(config)) {
      assertThatThrownBy(() -> own.get("/m"))
          .hasMessageContaining("not an answer of etcd: <html>hello</html>");
    } finally {
      web.stop(0);
    }
  }

  private static int aFollower() throws Exception {
    return (servers.leader(client) + 1) % 3;
  }

  private static void untilAllAnswer() throws Exception {
    until(
        "all members answer",
        () ->
            client.health().stream()
                .allMatch(health -> health instanceof Health.Answers answers && answers.leader()));
  }
}
