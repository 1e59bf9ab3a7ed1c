package dev.matriarch.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MemberState;
import dev.matriarch.etcd.ClusterKeys;
import dev.matriarch.etcd.ClusterStore;
import dev.matriarch.etcd.Endpoint;
import dev.matriarch.etcd.EtcdClient;
import dev.matriarch.etcd.EtcdConfig;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.etcd.LeaseId;
import dev.matriarch.etcd.MonotonicSource;
import dev.matriarch.etcd.TxnOutcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The desk's side of a switchover: real etcd, an agent of the test's. */
@Tag("real")
class LeaderMoveTest {

  @TempDir private Path folder;
  private Process etcd;
  private EtcdClient client;
  private ClusterStore store;
  private RunningFleet fleet;
  private RunningCluster cluster;
  private HttpServer agent;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final Queue<String> told = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void start() throws Exception {
    int port = freePort();
    String url = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + freePort();
    etcd =
        new ProcessBuilder(
                "etcd",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + url,
                "--advertise-client-urls=" + url,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer,
                "--log-level=error")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("etcd.log").toFile())
            .start();
    client = EtcdClient.open(EtcdConfig.of(List.of(Endpoint.parse(url))));
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!(client.delete("/ready") instanceof TxnOutcome.Applied) && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    store = new ClusterStore(client, ClusterKeys.of("/pg", "pg-test"));
    fleet = RunningFleet.of(Declared.withEtcdAt(port));
    cluster = fleet.cluster(fleet.inventory().clusters().getFirst());
    agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    agent.start();
    leads("pg-test-1");
    put("initialize", "7301");
    for (int seq = 1; seq <= 3; seq++) {
      member(seq, seq == 1, 1);
    }
  }

  @AfterEach
  void stop() {
    agent.stop(0);
    fleet.close();
    client.close();
    etcd.destroyForcibly();
    etcd.onExit().join();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void put(String key, String value) throws InterruptedException {
    client.put("/pg/pg-test/" + key, value, LeaseId.NONE);
  }

  /** A leader's key has a lease: one without was written by no member. */
  private void leads(String name) throws EtcdException, InterruptedException {
    client.put("/pg/pg-test/leader", name, client.grant(Duration.ofMinutes(5)).id());
  }

  private void member(int seq, boolean leads, int timeline) throws InterruptedException {
    store.publishMember(
        Member.named("pg-test-" + seq).toBuilder()
            .connUrl("postgres://10.10.10.1" + seq + ":5432/postgres")
            .apiUrl("http://127.0.0.1:" + agent.getAddress().getPort() + "/patroni")
            .state(MemberState.RUNNING)
            .role(leads ? MemberRole.PRIMARY : MemberRole.REPLICA)
            .timeline(timeline)
            .position(new Lsn(1000))
            .version("4.1.0")
            .replicationState(leads ? "" : "streaming")
            .build(),
        LeaseId.NONE);
  }

  /** What the agent does when asked. */
  private interface Deed {
    void happen() throws Exception;
  }

  private void agentAnswers(int status, String body, Deed deed) {
    agent.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestURI().getPath()
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          try {
            deed.happen();
          } catch (Exception e) {
            throw new IOException(e);
          }
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private MoveResult run(MoveWish wish, Duration budget) throws Exception {
    return new LeaderMove(cluster, wish, new MonotonicSource(), told::add).run(budget);
  }

  @Test
  void tellsEachStepAndTheNewLeader() throws Exception {
    agentAnswers(
        200,
        "Successfully switched over",
        () -> {
          client.delete("/pg/pg-test/leader");
          leads("pg-test-2");
          member(2, true, 2);
          member(1, false, 2);
          member(3, false, 2);
        });
    MoveResult result = run(new MoveWish.Switchover("pg-test-2"), Duration.ofSeconds(20));
    assertThat(result)
        .isInstanceOfSatisfying(
            MoveResult.Moved.class,
            moved -> {
              assertThat(moved.from()).isEqualTo("pg-test-1");
              assertThat(moved.to()).isEqualTo("pg-test-2");
              assertThat(moved.timeline()).isEqualTo(2);
              assertThat(moved.complete()).isTrue();
            });
    assertThat(asked)
        .containsExactly(
            "/switchover {\"leader\":\"pg-test-1\",\"candidate\":\"pg-test-2\",\"await_serving\":true}");
    assertThat(told).contains("asking the agent of pg-test-1", "pg-test-2 leads");
  }

  @Test
  void handsOnWhyTheAgentRefuses() throws Exception {
    agentAnswers(412, "switchover is not possible: no good candidates have been found", () -> {});
    assertThat(run(new MoveWish.Switchover(""), Duration.ofSeconds(20)))
        .isEqualTo(
            new MoveResult.Refused(
                List.of("switchover is not possible: no good candidates have been found")));
  }

  @Test
  void asksThroughEtcdWhereNoAgentListens() throws Exception {
    agent.stop(0);
    assertThat(run(new MoveWish.Switchover("pg-test-3"), Duration.ofMillis(1500)))
        .isInstanceOf(MoveResult.Unfinished.class);
    assertThat(client.get("/pg/pg-test/failover").orElseThrow().value())
        .isEqualTo("{\"leader\":\"pg-test-1\",\"member\":\"pg-test-3\"}");
  }

  @Test
  void handsOnTheWordThatALeaderIsLost() throws Exception {
    agentAnswers(503, "failover failed", () -> {});
    MoveWish wish = new MoveWish.Failover("pg-test-2", "pg-test-1");
    run(wish, Duration.ofSeconds(20));
    assertThat(asked)
        .containsExactly(
            "/failover {\"lost\":\"pg-test-1\",\"candidate\":\"pg-test-2\",\"await_serving\":true}");
    agent.stop(0);
    run(wish, Duration.ofMillis(1500));
    assertThat(client.get("/pg/pg-test/failover").orElseThrow().value())
        .isEqualTo("{\"member\":\"pg-test-2\",\"lost\":\"pg-test-1\"}");
  }

  @Test
  void refusesWhatCannotBeWithAllReasons() throws Exception {
    assertThat(run(new MoveWish.Switchover("pg-test-1"), Duration.ofSeconds(1)))
        .isEqualTo(new MoveResult.Refused(List.of("pg-test-1 leads already")));
    client.delete("/pg/pg-test/leader");
    assertThat(run(new MoveWish.Switchover("pg-test-9"), Duration.ofSeconds(1)))
        .isEqualTo(
            new MoveResult.Refused(
                List.of(
                    "pg-test has no leader to switch from; name the next one: failover pg-test"
                        + " --candidate NAME",
                    "pg-test-9 is no member of pg-test that runs; there is pg-test-1, pg-test-2,"
                        + " pg-test-3")));
    assertThat(asked).isEmpty();
  }

  @Test
  void saysWhichEndpointOfEtcdDoesNotAnswer() {
    etcd.destroyForcibly();
    etcd.onExit().join();
    assertThatThrownBy(cluster::overview)
        .hasMessageContaining("etcd 127.0.0.1:")
        .hasMessageContaining("refused");
  }
}
