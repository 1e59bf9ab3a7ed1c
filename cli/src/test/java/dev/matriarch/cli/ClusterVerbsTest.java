package dev.matriarch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.matriarch.etcd.Endpoint;
import dev.matriarch.etcd.EtcdClient;
import dev.matriarch.etcd.EtcdConfig;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.etcd.LeaseId;
import dev.matriarch.etcd.TxnOutcome;
import dev.matriarch.promises.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that read and command a running cluster, on real etcd with keys written by hand. */
@Tag("real")
class ClusterVerbsTest {

  @TempDir private Path folder;
  private int port;
  private Process etcd;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void start() throws Exception {
    port = freePort();
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
    Files.writeString(
        folder.resolve("matriarch.yml"),
        """
        all:
          children:
            etcd:
              hosts: {127.0.0.1: {etcd_seq: 1}}
              vars: {etcd_port: %d}
            pg-test:
              hosts:
                127.0.0.2: {pg_seq: 1, pg_role: primary}
                127.0.0.3: {pg_seq: 2, pg_role: replica}
              vars: {pg_cluster: pg-test}
        """
            .formatted(port),
        UTF_8);
    try (EtcdClient client = EtcdClient.open(EtcdConfig.of(List.of(Endpoint.parse(url))))) {
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (!(client.delete("/ready") instanceof TxnOutcome.Applied) && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      String dead = "\"api_url\":\"http://127.0.0.1:" + freePort() + "/patroni\",";
      Map.of(
              "leader", "pg-test-1",
              "initialize", "7301",
              "config", "{\"ttl\":30,\"pause\":false}",
              "members/pg-test-1",
                  "{\"conn_url\":\"postgres://127.0.0.2:5432/postgres\","
                      + dead
                      + "\"state\":\"running\",\"role\":\"primary\",\"version\":\"4.1.0\","
                      + "\"xlog_location\":50331648,\"timeline\":3}",
              "members/pg-test-2",
                  "{\"conn_url\":\"postgres://127.0.0.3:5432/postgres\","
                      + dead
                      + "\"state\":\"running\",\"role\":\"replica\",\"version\":\"4.1.0\","
                      + "\"xlog_location\":48234496,\"timeline\":3,"
                      + "\"replication_state\":\"streaming\"}")
          .forEach((key, value) -> put(client, "/pg/pg-test/" + key, value));
    }
  }

  private static void put(EtcdClient client, String key, String value) {
    try {
      LeaseId lease =
          key.endsWith("/leader") ? client.grant(Duration.ofMinutes(5)).id() : LeaseId.NONE;
      assertThat(client.put(key, value, lease)).isInstanceOf(TxnOutcome.Applied.class);
    } catch (EtcdException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    etcd.destroyForcibly();
    etcd.onExit().join();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private int run(String... arguments) {
    return runWith(Map.of(), arguments);
  }

  private int runWith(Map<String, String> environment, String... arguments) {
    out.reset();
    err.reset();
    Surroundings surroundings =
        new Surroundings(
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            environment,
            folder,
            folder,
            InstantSource.system(),
            false);
    return new CommandLineInterface(surroundings).run(arguments);
  }

  @Test
  @Promise("P212")
  void listsMembersAsTheFieldsToolsDo() {
    assertThat(run("list")).isZero();
    assertThat(out.toString(UTF_8))
        .isEqualTo(
            """
            + Cluster: pg-test (7301) --------+-----------+----+-----------+
            | Member    | Host      | Role    | State     | TL | Lag in MB |
            +-----------+-----------+---------+-----------+----+-----------+
            | pg-test-1 | 127.0.0.2 | Leader  | running   | 3  |           |
            | pg-test-2 | 127.0.0.3 | Replica | streaming | 3  | 2         |
            +-----------+-----------+---------+-----------+----+-----------+
            """);
    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(run("list", "pg-test", "-o", "json")).isZero();
    assertThat(out.toString(UTF_8).replaceAll("\\s+", ""))
        .isEqualTo(
            "[{\"Cluster\":\"pg-test\",\"Member\":\"pg-test-1\",\"Host\":\"127.0.0.2\","
                + "\"Role\":\"Leader\",\"State\":\"running\",\"TL\":3},"
                + "{\"Cluster\":\"pg-test\",\"Member\":\"pg-test-2\",\"Host\":\"127.0.0.3\","
                + "\"Role\":\"Replica\",\"State\":\"streaming\",\"TL\":3,\"LaginMB\":2}]");
  }

  @Test
  void showsTheTreeTheConfigurationAndWhatIsWrong() {
    assertThat(run("topology")).isZero();
    assertThat(out.toString(UTF_8)).contains("| pg-test-1   |").contains("| + pg-test-2 |");
    assertThat(run("config", "show")).isZero();
    assertThat(out.toString(UTF_8)).isEqualTo("ttl: 30\npause: false\n");
    assertThat(run("status", "-o", "json")).isEqualTo(1);
    assertThat(out.toString(UTF_8)).contains("\"leader\" : \"pg-test-1\"").contains("refused");
    assertThat(err.toString(UTF_8)).contains("problem: agent of pg-test-1: 127.0.0.1:");
  }

  private static HttpServer agentThatSays(String path, String said) throws IOException {
    HttpServer agent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    agent.createContext(
        path,
        exchange -> {
          byte[] body = said.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    agent.start();
    return agent;
  }

  /** That is when somebody is paged. */
  @Test
  void tellsWhatTheOthersSayOfAFailoverWhenTheLeadersAgentDoesNotAnswer() throws Exception {
    String said =
        "{\"ready\":true,\"verdict\":\"pg-test-2 would lead within 22 s\",\"missing\":"
            + "[{\"condition\":\"leader\",\"member\":\"pg-test-1\","
            + "\"reason\":\"pg-test-1 has not renewed its lease for 12 s\"}]}";
    HttpServer agent = agentThatSays("/", said);
    try (EtcdClient client =
        EtcdClient.open(EtcdConfig.of(List.of(Endpoint.parse("127.0.0.1:" + port))))) {
      put(
          client,
          "/pg/pg-test/members/pg-test-2",
          "{\"conn_url\":\"postgres://127.0.0.3:5432/postgres\",\"api_url\":\"http://127.0.0.1:%d/patroni\",\"state\":\"running\",\"role\":\"replica\",\"version\":\"4.1.0\"}"
              .formatted(agent.getAddress().getPort()));
      assertThat(run("status")).isEqualTo(1);
    } finally {
      agent.stop(0);
    }
    assertThat(out.toString(UTF_8))
        .contains("Failover: pg-test-2 would lead within 22 s")
        .contains("missing: leader (pg-test-1 has not renewed its lease for 12 s)");
  }

  @Test
  void refusesWithReasonsAndExitCodeOne() {
    assertThat(run("switchover", "--candidate", "pg-test-1", "--yes")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("switchover: pg-test-1 leads already");
    assertThat(run("failover", "--candidate", "pg-test-7", "--yes")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("pg-test-7 is no member").contains("pg-test-2");
    assertThat(run("failover", "--yes")).isEqualTo(2);
    assertThat(run("list", "pg-other")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("declares no cluster pg-other; there is pg-test");
  }

  @Test
  void asksNobodyWithoutAnswerOrConfirmation() {
    assertThat(run("restart", "--member", "pg-test-7", "--yes")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("no running member pg-test-7; there is pg-test-1");
    assertThat(run("reinit", "--yes")).isEqualTo(2);
    assertThat(run("restart", "--member", "pg-test-2", "--yes")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("pg-test-2: 127.0.0.1:").contains("refused");
    assertThat(run("pause")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("refused");
    assertThat(run("config", "set", "--set", "ttl", "--yes")).isEqualTo(2);
    assertThat(run("config", "set", "--set", "ttl=20", "--yes")).isEqualTo(1);
    assertThat(run("history", "-o", "json")).isZero();
    assertThat(out.toString(UTF_8)).isEqualTo("[ ]\n");
  }

  /** Its agent answers what is to be looked at, and nothing else. */
  @Test
  void aSwitchoverTellsWhomItCostsBeforeItIsAskedFor() throws Exception {
    String client = "{\"pid\":%d,\"user\":\"u%d\",\"database\":\"app\",\"application\":\"psql\",";
    client += "\"address\":\"10.9.9.9\",\"state\":\"idle\",\"seconds\":%s,\"kind\":\"%s\"}";
    String said =
        "{\"breaking\":[%s,%s],\"transactions\":[%s],\"silent\":[\"pg-test-2\"]}"
            .formatted(
                client.formatted(1, 1, "0", "direct"),
                client.formatted(2, 2, "0", "session"),
                client.formatted(3, 3, "7.5", ""));
    HttpServer agent = agentThatSays("/connections", said);
    String etcdUrl = "http://127.0.0.1:" + port;
    try (EtcdClient store = EtcdClient.open(EtcdConfig.of(List.of(Endpoint.parse(etcdUrl))))) {
      put(
          store,
          "/pg/pg-test/members/pg-test-1",
          "{\"conn_url\":\"postgres://127.0.0.2:5432/postgres\",\"api_url\":\"http://127.0.0.1:%d/patroni\",\"state\":\"running\",\"role\":\"primary\",\"version\":\"4.1.0\"}"
              .formatted(agent.getAddress().getPort()));
      assertThat(run("switchover", "--yes")).isEqualTo(1);
      assertThat(err.toString(UTF_8))
          .contains(
              "note: 2 connections will break: 1 connected straight to the server, 1 of a pool in session mode",
              "note:   u1 in app (process 1, psql, from 10.9.9.9), connected straight to the server");
      assertThat(run("switchover", "--require-zero-errors", "--yes")).isEqualTo(1);
      assertThat(err.toString(UTF_8))
          .contains(
              "would break: u2 in app (process 2, psql, from 10.9.9.9), of a pool in session mode",
              "the agent of pg-test-2 does not tell who comes through the pooler beside it");
      assertThat(run("switchover", "--wait-idle", "1s", "--yes")).isEqualTo(1);
      assertThat(err.toString(UTF_8))
          .contains("waiting for a transaction of u3 in app")
          .contains("has been open for 7.5 s; waited 1 s for it, nothing was begun");
      assertThat(run("switchover", "--wait-idle", "soon", "--yes")).isEqualTo(2);
    } finally {
      agent.stop(0);
    }
  }

  @Test
  void editsTheConfigurationShowsWhatChangesAndPassesARefusalOn() throws Exception {
    List<String> patches = new CopyOnWriteArrayList<>();
    HttpServer agent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    agent.createContext(
        "/config",
        exchange -> {
          String patch = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          patches.add(exchange.getRequestMethod() + " " + patch);
          byte[] answer = "nothing was changed: PostgreSQL says: no".getBytes(UTF_8);
          boolean refused = patch.contains("lots");
          exchange.sendResponseHeaders(refused ? 400 : 200, refused ? answer.length : -1);
          if (refused) {
            exchange.getResponseBody().write(answer);
          }
          exchange.close();
        });
    agent.start();
    String url = "http://127.0.0.1:" + agent.getAddress().getPort() + "/patroni";
    String etcdUrl = "http://127.0.0.1:" + port;
    try (EtcdClient client = EtcdClient.open(EtcdConfig.of(List.of(Endpoint.parse(etcdUrl))))) {
      put(
          client,
          "/pg/pg-test/members/pg-test-1",
          "{\"conn_url\":\"postgres://127.0.0.2:5432/postgres\",\"api_url\":\""
              + url
              + "\",\"state\":\"running\",\"role\":\"primary\",\"version\":\"4.1.0\"}");
      Map<String, String> editor = Map.of("EDITOR", "sed -i -e 's/ttl: 30/ttl: 20/' -e '/pause/d'");
      assertThat(runWith(editor, "config", "edit", "--yes")).isZero();
      assertThat(err.toString(UTF_8)).isEqualTo("- ttl: 30\n- pause: false\n+ ttl: 20\n");
      assertThat(patches).containsExactly("PATCH {\"pause\":null,\"ttl\":20}");
      patches.clear();
      assertThat(run("config", "edit", "-s", "ttl=30", "-p", "work_mem=lots", "--yes"))
          .isEqualTo(1);
      assertThat(patches)
          .containsExactly("PATCH {\"postgresql\":{\"parameters\":{\"work_mem\":\"lots\"}}}");
      assertThat(err.toString(UTF_8))
          .contains(
              "+     work_mem: lots", "config edit: nothing was changed: PostgreSQL says: no");
      assertThat(run("config", "edit", "-s", "ttl=30", "--yes")).isZero();
      assertThat(err.toString(UTF_8)).isEqualTo("nothing was changed\n");
      assertThat(runWith(Map.of("EDITOR", "false"), "config", "edit", "--yes")).isEqualTo(1);
      assertThat(err.toString(UTF_8)).contains("the editor `false` ended with 1");
      Map<String, String> noYaml = Map.of("EDITOR", "sed -i 's/ttl/{/'");
      assertThat(runWith(noYaml, "config", "edit", "--yes")).isEqualTo(1);
      assertThat(err.toString(UTF_8)).contains("nothing was changed: it is no YAML");
      assertThat(run("config", "edit", "-s", "ttl")).isEqualTo(2);
      assertThat(patches).hasSize(1);
    } finally {
      agent.stop(0);
    }
  }

  @Test
  void saysWhichEndpointOfEtcdFailsAndHow() {
    etcd.destroyForcibly();
    etcd.onExit().join();
    assertThat(run("list")).isEqualTo(1);
    assertThat(err.toString(UTF_8))
        .isEqualTo("matriarch list: etcd 127.0.0.1:" + port + ": connection refused\n");
    assertThat(out.toString(UTF_8)).isEmpty();
    assertThat(run("status")).isEqualTo(1);
    assertThat(out.toString(UTF_8)).contains("| 127.0.0.1:" + port).contains("| silent |");
    assertThat(err.toString(UTF_8))
        .contains("problem: pg-test: nothing is known while etcd does not answer");
  }
}
