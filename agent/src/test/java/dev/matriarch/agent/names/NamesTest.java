package dev.matriarch.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.NamesConfig;
import dev.matriarch.agent.config.NamesConfig.NamedCluster;
import dev.matriarch.etcd.Change;
import dev.matriarch.etcd.ClusterKeys;
import dev.matriarch.etcd.Endpoint;
import dev.matriarch.etcd.EtcdConfig;
import dev.matriarch.etcd.KeyValue;
import dev.matriarch.etcd.LeaseId;
import dev.matriarch.etcd.Listing;
import dev.matriarch.etcd.WatchNotice;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NamesTest {
  private static final NamedCluster CLUSTER =
      new NamedCluster(
          "pg-test",
          ClusterKeys.of("pg", "pg-test"),
          "pg-test.db",
          "pg-test-1",
          Map.of(
              "pg-test-1", InetAddress.ofLiteral("10.10.10.11"),
              "pg-test-2", InetAddress.ofLiteral("10.10.10.12")));

  @TempDir private Path folder;
  private Names names;

  @BeforeEach
  void begin() {
    names =
        new Names(
            new NamesConfig(
                EtcdConfig.of(List.of(Endpoint.parse("127.0.0.1"))), folder, List.of(CLUSTER)));
  }

  private static KeyValue key(String leader, long revision) {
    return new KeyValue("/pg/pg-test/leader", leader, 1, revision, LeaseId.NONE);
  }

  private void led(String leader) {
    names.hear(CLUSTER, new WatchNotice.Changed(7, List.of(new Change.Put(key(leader, 7)))));
  }

  private String told() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("pg-test"));
    }
    return Files.readString(folder.resolve("pg-test"));
  }

  @Test
  @Promise("P41")
  void aNameFollowsTheLeaderKey() throws Exception {
    names.prepare();
    assertThat(told()).isEqualTo("10.10.10.11 pg-test.db\n");
    names.hear(CLUSTER, new WatchNotice.Listed(new Listing(1, 5, List.of(key("pg-test-2", 5)))));
    assertThat(told()).isEqualTo("10.10.10.12 pg-test.db\n");
    led("pg-test-1");
    assertThat(told()).isEqualTo("10.10.10.11 pg-test.db\n");
  }

  @Test
  void whileNobodyLeadsItStaysAsItWas() throws Exception {
    led("pg-test-2");
    names.hear(
        CLUSTER, new WatchNotice.Changed(8, List.of(new Change.Deleted("/pg/pg-test/leader", 8))));
    names.hear(CLUSTER, new WatchNotice.Listed(new Listing(1, 9, List.of())));
    assertThat(told()).isEqualTo("10.10.10.12 pg-test.db\n");
  }

  @Test
  void aLeaderThatNobodyDeclaredHasNoAddress() throws Exception {
    led("pg-test-2");
    led("pg-test-9");
    assertThat(told()).isEqualTo("10.10.10.12 pg-test.db\n");
  }

  @Test
  void whatWasKnownBeforeCountsMoreThanWhatWasDeclared() throws Exception {
    led("pg-test-2");
    names.prepare();
    assertThat(told()).isEqualTo("10.10.10.12 pg-test.db\n");
  }

  @Test
  void theNameOfAClusterThatIsGoneIsGone() throws Exception {
    Files.writeString(folder.resolve("pg-old"), "10.10.10.20 pg-old.db\n");
    names.prepare();
    assertThat(told()).isEqualTo("10.10.10.11 pg-test.db\n");
  }

  @Test
  void aFolderThatCannotBeWrittenIsTriedAgainWithTheNextRenewal() throws Exception {
    Path elsewhere = folder.resolveSibling(folder.getFileName() + "-away");
    Files.move(folder, elsewhere);
    led("pg-test-2");
    Files.move(elsewhere, folder);
    led("pg-test-2");
    assertThat(told()).isEqualTo("10.10.10.12 pg-test.db\n");
  }
}
