package dev.matriarch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb audit, with agents that tell how far they are. */
class AuditTest {
  @TempDir private Path folder;
  private final List<HttpServer> agents = new ArrayList<>();
  private int port;

  @AfterEach
  void stop() {
    agents.forEach(agent -> agent.stop(0));
  }

  private void agent(String address, String body) throws IOException {
    HttpServer agent = HttpServer.create(new InetSocketAddress(address, port), 0);
    port = agent.getAddress().getPort();
    agent.createContext(
        "/round-trips",
        exchange -> {
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    agent.start();
    agents.add(agent);
  }

  private Captured audit(int code, String... arguments) throws IOException {
    Files.writeString(
        folder.resolve("matriarch.yml"),
        """
        etcd:
          hosts:
            10.10.10.21: { etcd_seq: 1, node_zone: a }
            10.10.10.22: { etcd_seq: 2, node_zone: b }
            10.10.10.23: { etcd_seq: 3, node_zone: c }
        pg-test:
          hosts:
            127.0.0.11: { pg_seq: 1, pg_role: primary }
            127.0.0.12: { pg_seq: 2, pg_role: replica }
            127.0.0.13: { pg_seq: 3, pg_role: replica }
          vars: { pg_cluster: pg-test, patroni_port: %d }
        """
            .formatted(port));
    Captured run = new Captured(folder);
    List<String> line = new ArrayList<>(List.of("audit"));
    line.addAll(List.of(arguments));
    assertThat(run.run(line.toArray(String[]::new))).as(run.out() + run.err()).isEqualTo(code);
    return run;
  }

  @Test
  @Promise({"P145", "P192", "P209"})
  void theMeasuredDistancesAreJudged() throws IOException {
    String near = "{\"etcd\":{\"x\":1,\"y\":2,\"z\":3},\"members\":{";
    agent("127.0.0.11", near + "\"pg-test-2\":0.4,\"pg-test-3\":12}}");
    agent("127.0.0.12", near + "\"pg-test-1\":0.4,\"pg-test-3\":0.4}}");
    agent("127.0.0.13", near + "\"pg-test-1\":0.4,\"pg-test-2\":0.4}}");
    Captured run = audit(1, "-o", "json");
    JsonNode answer = new ObjectMapper().readTree(run.out());
    assertThat(answer.path("passed").asBoolean()).isFalse();
    JsonNode checks = answer.path("clusters").path(0).path("checks");
    assertThat(verdict(checks, "etcd-latency")).isEqualTo("ok at most pg-test-1 to z 3.0 ms");
    assertThat(verdict(checks, "replication-latency"))
        .isEqualTo("fails pg-test-1 to pg-test-3 12.0 ms");
    assertThat(verdict(checks, "failure-domains")).isEqualTo("fails 3 of 3 are on this machine");
    assertThat(verdict(checks, "etcd-failure-domains")).isEqualTo("ok 1 in a, 1 in b, 1 in c");
  }

  private static String verdict(JsonNode checks, String name) {
    for (JsonNode check : checks) {
      if (check.path("check").asText().equals(name)) {
        return check.path("verdict").asText() + " " + check.path("found").asText();
      }
    }
    return "no check " + name;
  }

  @Test
  @Promise("P209")
  void whatIsDeclaredIsJudgedWithoutAskingAnybody() throws IOException {
    port = 8008;
    Captured run = audit(1, "--declared");
    assertThat(run.out())
        .contains(
            "| postgres-members     | ok      | 3 members",
            " failure-domains: give each a host of its own\n",
            " watchdog: automatic or required")
        .doesNotContain("latency");
  }
}
