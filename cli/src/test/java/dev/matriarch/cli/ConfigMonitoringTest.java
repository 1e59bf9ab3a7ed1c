package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigMonitoringTest {
  @TempDir private Path folder;

  @Test
  @Promise({"P210", "P215"})
  void alertsAndBoardsAreWrittenIntoAFolder() throws IOException {
    Files.writeString(
        folder.resolve("matriarch.yml"),
        """
        pg-test:
          hosts: { 10.10.10.11: { pg_seq: 1, pg_role: primary } }
          vars: { pg_cluster: pg-test }
        """);
    Captured run = new Captured(folder);
    assertThat(run.run("config", "monitoring", "--to", "watch")).as(run.err()).isZero();
    Path written = folder.resolve("watch");
    assertThat(run.out()).contains(written.resolve("rules.yml") + "\n");
    assertThat(written.resolve("prometheus.yml")).content().contains("\"10.10.10.11:8008\"");
    assertThat(written.resolve("rules.yml")).content().contains("alert: FailsafeActive");
    assertThat(written.resolve("dashboards/matriarch-failover.json"))
        .content()
        .contains("Failover analysis");
    try (var left = Files.walk(written)) {
      assertThat(left).noneMatch(file -> file.toString().endsWith(".new"));
    }
    Files.writeString(folder.resolve("taken"), "a file");
    assertThat(run.run("config", "monitoring", "--to", "taken")).isEqualTo(1);
    assertThat(run.err()).contains(folder.resolve("taken") + "/prometheus.yml: cannot be written");
  }
}
