package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Promise("P217")
class NodeRemoveTest {
  @TempDir private Path folder;
  private Path node;
  private Path data;

  @BeforeEach
  void aNodeThatWasRun() throws IOException {
    node = folder.resolve("n1");
    data = Files.createDirectories(node.resolve("etcd").resolve("member")).resolve("db");
    Files.writeString(data, "keys");
    Files.createDirectories(node.resolve("pg").resolve("data").resolve("base"));
    Files.createDirectories(node.resolve("conf"));
    Files.createDirectories(node.resolve("log"));
    Files.writeString(Files.createDirectories(node.resolve("run")).resolve("services"), "etcd\tx");
    Files.createSymbolicLink(node.resolve("log").resolve("away"), folder);
  }

  private Captured remove(String globals, int code) throws IOException {
    Files.writeString(
        folder.resolve("matriarch.yml"),
        """
        pg-test:
          hosts: { 10.10.10.11: { pg_seq: 1, pg_role: primary } }
          vars: { pg_cluster: pg-test }
        vars: { %s }
        """
            .formatted(globals));
    Captured run = new Captured(folder);
    assertThat(run.run("node", "remove", "--node", "10.10.10.11", "--root", "n1", "--yes"))
        .as(run.err())
        .isEqualTo(code);
    return run;
  }

  @Test
  void theSafeguardKeepsEtcdsData() throws IOException {
    Captured run = remove("etcd_safeguard: true", 1);
    assertThat(run.err())
        .contains(
            "etcd_safeguard is true and guards the data of etcd-1 in " + node.resolve("etcd"));
    assertThat(data).hasContent("keys");
    assertThat(node.resolve("run/services")).exists();
  }

  @Test
  void theSafeguardOfAClusterKeepsItsData() throws IOException {
    assertThat(remove("pg_safeguard: true", 1).err())
        .contains("pg_safeguard is true and guards the data of pg-test-1 in ");
    assertThat(node.resolve("pg/data/base")).exists();
    assertThat(data).exists();
  }

  @Test
  void withoutASafeguardEverythingGoesAndNoLinkIsFollowed() throws IOException {
    assertThat(remove("etcd_safeguard: false", 0).out()).endsWith("deleted " + node + "\n");
    assertThat(node).doesNotExist();
    assertThat(folder.resolve("matriarch.yml")).exists();
    assertThat(remove("etcd_safeguard: false", 1).err())
        .isEqualTo(
            "matriarch node remove: "
                + node
                + ": is no folder of a node: it has no run/services\n");
  }

  @Test
  void etcdCleanFalseKeepsEtcdsDataAndNeedsNoSafeguard() throws IOException {
    String out = remove("etcd_clean: false, etcd_safeguard: true", 0).out();
    assertThat(out).contains("kept the data of etcd-1", "etcd_rm_data is false");
    assertThat(data).hasContent("keys");
    assertThat(node.resolve("run")).doesNotExist();
    assertThat(node.resolve("pg")).doesNotExist();
  }

  @Test
  void aNodeThatRunsIsLeftAlone() throws IOException {
    Path program = Files.writeString(folder.resolve("supervise"), "#!/bin/sh\nread line\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Process supervisor = new ProcessBuilder(program.toString(), node.toString()).start();
    try {
      Files.writeString(node.resolve("run/supervisor.pid"), supervisor.pid() + "\n");
      assertThat(remove("etcd_safeguard: false", 1).err())
          .isEqualTo(
              "matriarch node remove: pg-test-1 runs: its supervisor is process %d; stop it first\n"
                  .formatted(supervisor.pid()));
      assertThat(data).exists();
    } finally {
      supervisor.destroyForcibly();
    }
  }

  @Test
  void anotherNodesAddressIsRefused() throws IOException {
    remove("etcd_safeguard: true", 1);
    Captured run = new Captured(folder);
    assertThat(run.run("node", "remove", "--node", "10.10.10.99", "--root", "n1")).isEqualTo(1);
    assertThat(run.err()).contains("10.10.10.99 is none of its nodes");
    assertThat(run.run("node", "remove", "--node", "here")).isEqualTo(2);
  }
}
