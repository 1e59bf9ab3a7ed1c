package dev.matriarch.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.matriarch.inventory.InventoryReader;
import dev.matriarch.inventory.InventoryResult;
import dev.matriarch.promises.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What members recorded, while etcd and all but one of them are gone. */
class RecordingsTest {
  private static final Path GOLDEN = Path.of("../chronicle/src/test/resources/failover");
  private static final Instant AT = Instant.parse("2026-11-26T06:32:30Z");

  private HttpServer agent;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void start() throws Exception {
    agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    agent.start();
  }

  @AfterEach
  void stop() {
    agent.stop(0);
  }

  private void answers(int status, List<byte[]> bodies) {
    agent.createContext(
        "/recording",
        exchange -> {
          byte[] body = bodies.get(Math.min(asked.size(), bodies.size() - 1));
          asked.add(exchange.getRequestURI().getQuery());
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private Recordings gathered() throws Exception {
    String text =
        """
        all:
          vars: {patroni_port: %d}
          children:
            etcd:
              hosts: {127.0.0.9: {etcd_seq: 1}}
              vars: {etcd_port: 1}
            pg-test:
              hosts:
                127.0.0.1: {pg_seq: 1, pg_role: primary}
                127.0.0.2: {pg_seq: 2, pg_role: replica}
                127.0.0.3: {pg_seq: 3, pg_role: replica}
              vars: {pg_cluster: pg-test}
        """
            .formatted(agent.getAddress().getPort());
    InventoryResult.Valid valid =
        (InventoryResult.Valid) InventoryReader.read("matriarch.yml", text);
    try (RunningFleet fleet = RunningFleet.of(valid.inventory())) {
      RunningCluster cluster = fleet.cluster(valid.inventory().clusters().getFirst());
      return Recordings.of(cluster, AT, AT.plusSeconds(60));
    }
  }

  private static byte[] golden(String name) throws Exception {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(GOLDEN.resolve(name)))) {
      return in.readAllBytes();
    }
  }

  @Test
  @Promise("P216")
  void whoAnswersIsToldAndTheOthersAreNamed() throws Exception {
    answers(200, List.of(golden("pg-test-1-1.jsonl.gz")));
    Recordings all = gathered();
    assertThat(all.told()).hasSize(1);
    assertThat(all.told().getFirst().entries()).hasSizeGreaterThan(20);
    assertThat(all.silent()).containsOnlyKeys("pg-test-2", "pg-test-3");
    assertThat(all.silent().get("pg-test-2")).contains("127.0.0.2").contains("refused");
    assertThat(asked).containsExactly("since=" + AT + "&until=" + AT.plusSeconds(60));
  }

  @Test
  void aMemberWithMoreToTellIsAskedAgain() throws Exception {
    byte[] first = golden("pg-test-1-1.jsonl.gz");
    byte[] more = ("{\"more\":\"" + AT.plusSeconds(5) + "\"}\n").getBytes(UTF_8);
    byte[] whole = Stream.of(first, more).reduce(new byte[0], RecordingsTest::joined);
    answers(200, List.of(whole, golden("pg-test-1-2.jsonl.gz")));
    assertThat(gathered().told()).hasSize(2);
    assertThat(asked).hasSize(2).last().asString().startsWith("since=" + AT.plusSeconds(5));
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  @Test
  void anAgentThatRecordsNothingYetSaysNothing() throws Exception {
    answers(200, List.of(new byte[0]));
    Recordings all = gathered();
    assertThat(all.told()).isEmpty();
    assertThat(all.silent()).doesNotContainKey("pg-test-1");
  }

  @Test
  void anotherKindOfAnswerIsSaid() throws Exception {
    answers(503, List.of("{\"state\":\"running\"}".getBytes(UTF_8)));
    assertThat(gathered().silent().get("pg-test-1")).isEqualTo("503: {\"state\":\"running\"}");
  }
}
