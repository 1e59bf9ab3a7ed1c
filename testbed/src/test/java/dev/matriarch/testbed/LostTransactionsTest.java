package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * In asynchronous mode a primary that is cut off acknowledges writes that nobody else gets. When it
 * comes back it is rewound, but not before it has listed them.
 */
@Tag("root")
@Tag("e2e")
class LostTransactionsTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  @Promise({"P198", "P181"})
  void whatAnIsolatedPrimaryTookAloneIsListed() throws Exception {
    try (Product product = Product.serving("pg_rto: 10")) {
      Cluster cluster = product.cluster();
      Host lost = cluster.primary();
      write(cluster, lost, "CREATE TABLE public.orders (n int)");
      write(cluster, lost, "CREATE TABLE public.untouched (n int)");
      cluster.awaitSettled(SOON);
      cluster.network().isolate(lost);
      int alone = 0;
      while (alone < 20 && taken(cluster, lost, alone)) {
        alone++;
      }
      assertThat(alone).as("acknowledged by the one that is cut off").isEqualTo(20);
      Await.until(
          "another leads",
          SOON,
          () ->
              cluster.observe().members().stream()
                  .anyMatch(
                      it ->
                          it.standing() == MemberView.Standing.PRIMARY
                              && !it.host().equals(lost.name())),
          cluster::situation);
      cluster.network().heal(lost);
      cluster.awaitSettled(SOON);

      String told = get(lost, "/lost");
      assertThat(told)
          .contains("\"transactions\":" + alone)
          .contains("\"complete\":true")
          .contains("\"label\":\"app.public.orders\"")
          .contains("\"inserted\":" + alone)
          .doesNotContain("untouched");
      assertThat(told.split("\"label\"", -1)).as("no other table").hasSize(2);
      List<Path> files = kept(cluster.folder(lost));
      assertThat(files).anyMatch(it -> it.toString().endsWith(".json"));
      assertThat(files).anyMatch(it -> it.getFileName().toString().matches("[0-9A-F]{24}"));
      assertThat(files).allSatisfy(it -> assertThat(Files.getPosixFilePermissions(it)).hasSize(2));
      assertThat(cluster.matriarch(lost, "history"))
          .contains("came back without " + alone + " transactions of timeline 1")
          .contains("app.public.orders");
      assertThat(cluster.matriarch(lost, "status")).contains("Lost: ", "app.public.orders");
    }
  }

  private static boolean taken(Cluster cluster, Host host, int n) {
    try {
      write(cluster, host, "INSERT INTO public.orders VALUES (" + n + ")");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static void write(Cluster cluster, Host host, String statement) throws SQLException {
    try (Connection connection =
            cluster.plan().application().connect(cluster.socket(host), Duration.ofSeconds(5));
        Statement run = connection.createStatement()) {
      run.execute(statement);
    }
  }

  private static String get(Host host, String path) {
    return host.run("curl", "-sS", "http://" + host.address() + ":8008" + path);
  }

  private static List<Path> kept(Path folder) throws java.io.IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(it -> it.toString().contains(".lost/") && Files.isRegularFile(it)).toList();
    }
  }
}
