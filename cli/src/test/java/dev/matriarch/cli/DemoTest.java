package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.InventoryReader;
import dev.matriarch.inventory.InventoryResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the demo writes and checks before anything is started. */
class DemoTest {
  @TempDir private Path folder;

  private static Inventory inventory(int nodes, long seed) {
    String text = new DemoInventory(new Random(seed)).text(nodes, 15, "postgres");
    assertThat(InventoryReader.read("demo", text)).isInstanceOf(InventoryResult.Valid.class);
    return InventoryFile.parse("demo", text);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 9})
  void itsInventoryIsValidAndUnsuspicious(int nodes) {
    Inventory inventory = inventory(nodes, nodes);
    assertThat(inventory.warnings()).isEmpty();
    assertThat(inventory.nodes()).hasSize(nodes);
    Cluster cluster = inventory.cluster("pg-test").orElseThrow();
    assertThat(cluster.primary().address().text()).isEqualTo("127.0.0.11");
    assertThat(cluster.users()).extracting("name").containsExactly("test");
    assertThat(cluster.databases()).extracting("name").containsExactly("test");
  }

  @Test
  void passwordsAreLongAndNoTwoAreTheSame() {
    for (int seed = 0; seed < 50; seed++) {
      String text = new DemoInventory(new Random(seed)).text(3, 15, "postgres");
      assertThat(text.lines().filter(line -> line.contains("password:")))
          .map(line -> line.replaceFirst(".*password: ([A-Za-z0-9]+).*", "$1"))
          .doesNotHaveDuplicates()
          .hasSize(6)
          .allMatch(password -> password.length() == 25);
    }
  }

  @Test
  void aTakenPortIsSaidWithWhoHasIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.12"))) {
      int port = taken.getLocalPort();
      assertThat(Listeners.isFree("127.0.0.12", port)).isFalse();
      assertThat(Listeners.holder("127.0.0.12", port)).hasValue(ProcessHandle.current().pid());
      assertThat(Listeners.name(ProcessHandle.current().pid())).isEqualTo("java");
    }
  }

  @Test
  void somebodyWhoListensEverywhereHoldsThePortToo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();
      assertThat(Listeners.isFree("127.0.0.13", port)).isFalse();
      assertThat(Listeners.holder("127.0.0.13", port)).hasValue(ProcessHandle.current().pid());
    }
  }

  @Test
  void aFolderWithSomethingElseInItIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("thesis.txt"), "four years of work");
    assertThat(new DemoChecks(new DemoFolder(folder)).folderProblems(3))
        .anyMatch(problem -> problem.contains("holds something that no demo made"));
  }

  @Test
  void aFolderThatADemoLeftIsGoneOnWith() throws IOException {
    Path root = folder.resolve("demo");
    Files.createDirectory(root);
    DemoFolder demo = new DemoFolder(root);
    Files.writeString(demo.inventory(), "");
    assertThat(demo.isForeign()).isFalse();
    assertThat(demo.hasInventory()).isTrue();
  }

  @Test
  void anotherNumberOfNodesThanTheDataHasIsRefused() throws IOException {
    Path root = folder.resolve("demo");
    Files.createDirectory(root);
    Files.writeString(
        root.resolve("matriarch.yml"), new DemoInventory(new Random(1)).text(3, 15, "postgres"));
    Captured run = new Captured(folder);
    assertThat(run.run("demo", "--nodes", "5", "--root", root.toString())).isEqualTo(1);
    assertThat(run.err())
        .containsAnyOf("holds a demo of 3 nodes, --nodes 5 was asked for", "not installed");
  }

  @Test
  void theGuideNamesOnlyThingsThatExist() {
    Inventory inventory = inventory(3, 1);
    DemoFolder demo = new DemoFolder(Path.of("/d"));
    assertThat(new DemoGuide(demo, inventory, "./matriarch", " --root /d").text())
        .contains(
            "PGPASSFILE=/d/pgpass psql -h 127.0.0.11,127.0.0.12,127.0.0.13 -p 5433 -U test test")
        .contains("./matriarch switchover pg-test --inventory /d/matriarch.yml")
        .contains("/d/127.0.0.11/pg/data/postmaster.pid")
        .contains("./matriarch demo stop --root /d");
  }
}
