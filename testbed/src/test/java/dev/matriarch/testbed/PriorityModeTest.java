package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Priority mode: one named standby, and a graceful stop of it that no commit waits for. */
@Tag("root")
@Tag("e2e")
class PriorityModeTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int STANDBY = 5435;
  private static final String SERVICE =
      "pg_services: [{ name: standby, port: %d, dest: postgres, check: /sync }]".formatted(STANDBY);

  @Test
  @Promise({"P53", "P95"})
  void aNamedStandbyIsReplacedBeforeItStops() {
    try (Product product = Product.serving("pg_rto: 10", SERVICE)) {
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
      awaitService(cluster, named);
      assertThat(cluster.stop(named)).isTrue();
      assertThat(names(cluster, primary)).isEqualTo("\"" + cluster.instance(other) + "\"");
      awaitService(cluster, other);
      cluster.start(named);
      cluster.awaitSettled(SOON);
      assertThat(names(cluster, primary)).isEqualTo("\"" + cluster.instance(other) + "\"");
    }
  }

  /** The service of the synchronous standby leads to it, from the primary's host say. */
  private static void awaitService(Cluster cluster, Host standby) {
    Endpoint.Tcp service = new Endpoint.Tcp(cluster.primary().address(), STANDBY);
    Await.until(
        "the service leads to " + standby,
        SOON,
        () -> cluster.client().call(() -> server(cluster, service)).equals(standby.address()),
        cluster::situation);
  }

  private static String server(Cluster cluster, Endpoint service) {
    try (Connection connection = cluster.plan().application().connect(service, SOON);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT host(inet_server_addr())")) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      return e.getMessage();
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
