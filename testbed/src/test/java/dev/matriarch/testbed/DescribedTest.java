package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The peer's files are whole and its router takes them; nothing of it is started here. */
@Tag("root")
class DescribedTest {
  @Test
  void noPlaceIsLeftOpenInItsFiles() throws IOException {
    Path folder = Folders.make("mtp");
    try (Network network = Network.open(folder.resolve("logs"))) {
      Described described = new Described(Described.Timing.FAST, true, false);
      ClusterPlan plan = ClusterPlan.pgTest(Path.of("matriarch")).on(described);
      Cluster cluster = new Cluster(network, plan, folder);
      Host host = cluster.hosts().get(1);
      assertThat(described.node(cluster, host).command())
          .containsExactly(cluster.folder(host).resolve("conf/node").toString());
      Path conf = cluster.folder(host).resolve("conf");
      for (Path file : files(conf)) {
        assertThat(file).content().doesNotContainPattern("@[A-Z]+@");
      }
      assertThat(conf.resolve("patroni.yml")).content().contains("ttl: 20", "name: pg-test-2");
      assertThat(conf.resolve("haproxy.cfg"))
          .content()
          .contains("server pg-test-1 10.10.10.11:6432 check port 8008 weight 100 backup");
      String haproxy = conf.resolve("haproxy.cfg").toString();
      assertThat(Shell.run("haproxy", "-c", "-f", haproxy).orThrow().exitCode()).isZero();
    } finally {
      Folders.remove(folder);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }
}
