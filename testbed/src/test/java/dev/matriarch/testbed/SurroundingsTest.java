package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a node meets when its surroundings are not as they should be, each through {@code node run}:
 * it says what is wrong by name, starts nothing that it must not, and goes on once that is mended.
 */
@Tag("root")
@Tag("e2e")
class SurroundingsTest {
  private static final System.Logger LOG = System.getLogger(SurroundingsTest.class.getName());
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String INITDB = "/usr/lib/postgresql/15/bin/initdb";

  @Test
  void dataOfAnotherClusterIsRefusedAndLeftAsItIs() throws IOException {
    try (Product product = Product.lay()) {
      Cluster cluster = product.cluster();
      Host last = cluster.hosts().get(2);
      cluster.start(cluster.hosts().get(0));
      cluster.start(cluster.hosts().get(1));
      Await.until("a primary", SOON, () -> cluster.observe().primary().isPresent());
      Path data = data(cluster, last);
      String folder = cluster.folder(last).toString();
      last.run("install", "-d", "-o", "postgres", "-g", "postgres", folder, folder + "/pg");
      asPostgres(last, INITDB, "-D", data.toString(), "--no-sync", "--no-instructions");
      List<String> before = contents(data);

      cluster.start(last);
      awaitWord(cluster, last, "system ID mismatch");
      assertThat(contents(data)).isEqualTo(before);
      assertThat(last.pids(Role.POSTMASTER)).isEmpty();

      // The way out that the message names.
      last.run("mv", data.toString(), data + ".foreign");
      cluster.awaitSettled(SOON);
    }
  }

  @Test
  void anEtcdThatDoesNotServeIsNamedAndNothingIsStarted() throws Exception {
    try (Product product =
        Product.layWith(ClusterPlan.pgTest(Product.launcher()).withEtcdOn("10.10.10.250"))) {
      Cluster cluster = product.cluster();
      Host node = cluster.hosts().getFirst();
      cluster.start(node);
      awaitWord(cluster, node, "10.10.10.250:2379");
      awaitWord(cluster, node, "refused");
      AtomicReference<Etcd> inPlace = new AtomicReference<>(Etcd.SILENT);
      try (ServerSocket listening = cluster.client().call(() -> new ServerSocket(2379))) {
        Thread.ofVirtual().start(() -> serve(listening, inPlace));
        for (Etcd etcd : Etcd.values()) {
          inPlace.set(etcd);
          awaitWord(cluster, node, etcd.word);
        }
      }
      assertThat(node.pids(Role.POSTMASTER)).isEmpty();
      assertThat(data(cluster, node)).doesNotExist();
      assertThat(node.pids(Role.AGENT)).as("it keeps trying").hasSize(1);
    }
  }

  /** What stands in etcd's place. */
  private enum Etcd {
    SILENT("no answer after") {
      @Override
      void answer(Socket client) {
        // Says nothing for as long as the other waits.
      }
    },
    FAILING("500") {
      @Override
      void answer(Socket client) throws IOException {
        client
            .getOutputStream()
            .write(
                "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        client.close();
      }
    };

    private final String word;

    Etcd(String word) {
      this.word = word;
    }

    abstract void answer(Socket client) throws IOException;
  }

  private static void serve(ServerSocket listening, AtomicReference<Etcd> inPlace) {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        client.getInputStream().read();
        inPlace.get().answer(client);
      } catch (IOException over) {
        LOG.log(System.Logger.Level.DEBUG, "the client or the test is gone", over);
      }
    }
  }

  @Test
  void aDiskThatFillsWhileCloningIsCleanedUpSaidAndTriedAgain() {
    try (Product product = Product.lay()) {
      Cluster cluster = product.cluster();
      Host last = cluster.hosts().get(2);
      Path folder = cluster.folder(last).resolve("pg");
      last.run("mkdir", "-p", folder.toString());
      Shell.run("mount", "-t", "tmpfs", "-o", "size=24m", "none", folder.toString()).orThrow();
      try {
        cluster.start();
        awaitWord(cluster, last, "disk");
        // Retried and failed again: there is never more than one half copy.
        Await.until("a copy that was taken away", SOON, () -> usedBytes(folder) < 1 << 20);
        Shell.run("mount", "-o", "remount,size=2g", folder.toString()).orThrow();
        cluster.awaitSettled(SOON);
      } finally {
        product.cluster().close();
        Shell.run("umount", "-l", folder.toString());
      }
    }
  }

  private static long usedBytes(Path folder) {
    try {
      var store = Files.getFileStore(folder);
      return store.getTotalSpace() - store.getUnallocatedSpace();
    } catch (IOException e) {
      throw new TestbedException("cannot look at " + folder, e);
    }
  }

  @Test
  void aWrongReplicationPasswordIsSaidAsSuch() {
    try (Product product = Product.lay()) {
      Cluster cluster = product.cluster();
      Host last = cluster.hosts().get(2);
      cluster.start(cluster.hosts().get(0));
      cluster.start(cluster.hosts().get(1));
      // By then the roles of the cluster have been made.
      Await.until(
          "a primary that a standby follows",
          SOON,
          () -> cluster.observe().with(MemberView.Standing.STREAMING).size() == 1);
      String replicator = "DBUser.Replicator";
      setPassword(cluster, "not " + replicator);
      cluster.start(last);
      awaitWord(cluster, last, "password");
      setPassword(cluster, replicator);
      cluster.awaitSettled(SOON);
    }
  }

  private static void setPassword(Cluster cluster, String password) {
    Host primary = cluster.primary();
    asPostgres(
        primary,
        "psql",
        "-X",
        "-q",
        "-h",
        String.valueOf(cluster.socket(primary).socket().getParent()),
        "-d",
        "postgres",
        "-c",
        "ALTER ROLE replicator PASSWORD '" + password + "'");
  }

  private static Path data(Cluster cluster, Host host) {
    return cluster.folder(host).resolve("pg").resolve("data");
  }

  private static void asPostgres(Host host, String... command) {
    host.run(Launch.of(command).as("postgres"));
  }

  /** The agent of a host says it in its log. */
  private static void awaitWord(Cluster cluster, Host host, String word) {
    Path log = cluster.folder(host).resolve("log").resolve("agent.log");
    Await.until(
        host + " says '" + word + "'",
        SOON,
        () -> Files.exists(log) && read(log).contains(word),
        () -> Observer.logs(cluster.folder(host)));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new TestbedException("cannot read " + file, e);
    }
  }

  /** Names, sizes and times of all files. */
  private static List<String> contents(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted().map(SurroundingsTest::line).toList();
    }
  }

  private static String line(Path file) {
    try {
      return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new TestbedException("cannot look at " + file, e);
    }
  }
}
