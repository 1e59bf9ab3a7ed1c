package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Priority mode: one named standby, and a graceful stop of it that no commit waits for. */
@Tag("root")
@Tag("e2e")
class PriorityModeTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void aNamedStandbyIsReplacedBeforeItStops() {
    try (Product product = Product.serving("pg_rto: 10")) {
      Cluster cluster = product.cluster();
      Host primary = cluster.primary();
      Agents.configure(
          cluster.client(),
          primary,
          "{\"synchronous_mode\": true, \"synchronous_mode_strict\": true}");
      Host first = cluster.replicas().getFirst();
      Host second = cluster.replicas().getLast();
      Await.until(
          "one name",
          SOON,
          () -> names(cluster, primary).matches("\"pg-test-[123]\""),
          () -> names(cluster, primary) + cluster.situation());
      Host named = names(cluster, primary).contains(cluster.instance(first)) ? first : second;
      Host other = named.equals(first) ? second : first;
      assertThat(cluster.stop(named)).isTrue();
      assertThat(names(cluster, primary)).isEqualTo("\"" + cluster.instance(other) + "\"");
      cluster.start(named);
      cluster.awaitSettled(SOON);
      assertThat(names(cluster, primary)).isEqualTo("\"" + cluster.instance(other) + "\"");
    }
  }

  private static String names(Cluster cluster, Host host) {
    String folder = String.valueOf(cluster.socket(host).socket().getParent());
    Launch psql =
        Launch.of("psql", "-XAtq", "-h", folder, "-c", "SHOW synchronous_standby_names")
            .as("postgres");
    return host.run(psql, SOON).output().strip();
  }
}
