package dev.matriarch.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Source;
import dev.matriarch.engine.Undoing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How replicas are made and what may be undone, as files and {@code /config} say. */
class CopyConfigTest {
  private static final String FILE =
      """
      scope: batman
      name: a-1
      etcd3: {hosts: [127.0.0.1:2379]}
      postgresql:
        listen: 127.0.0.1:5432
        data_dir: /pg/data
        authentication:
          superuser: {username: postgres, password: su}
          replication: {username: replicator, password: re}
        create_replica_methods: [backup, basebackup]
        backup: {command: restore, no_master: 1, keep_data: true, no_params: true}
        far: {command: fetch, speed: high}
      """;

  @TempDir Path folder;

  private PostgresConfig loaded(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("patroni.yml"), yaml);
    ConfigResult result = AgentConfig.load(file, Map.of());
    assertThat(result).isInstanceOf(ConfigResult.Loaded.class);
    return ((ConfigResult.Loaded) result).config().postgres();
  }

  @Test
  void methodsAreKnownWhetherTheFileTriesThemOrNot() throws IOException {
    PostgresConfig postgres = loaded(FILE);
    assertThat(postgres.methodOrder()).containsExactly("backup", "basebackup");
    assertThat(postgres.methods())
        .containsExactly(
            new CustomMethod("backup", "restore", Map.of(), true, true, false, Map.of(), true),
            new CustomMethod(
                "far", "fetch", Map.of("speed", "high"), false, false, false, Map.of(), false));
    assertThat(postgres.restoresAlone()).isTrue();
    assertThat(loaded(FILE.replace("[backup, basebackup]", "[far]")).restoresAlone()).isFalse();
  }

  @Test
  void aStandbyClusterNamesItsOwn() {
    String config = "{\"standby_cluster\":{\"host\":\"far\",\"create_replica_methods\":%s}}";
    assertThat(
            DynamicConfig.parse(config.formatted("[\"far\",\"basebackup\"]")).settings().source())
        .contains(new Source("far", 5432, "", List.of("far", "basebackup")));
    DynamicConfig wrong = DynamicConfig.parse(config.formatted("\"far\""));
    assertThat(wrong.settings().source()).contains(new Source("far", 5432, ""));
    assertThat(wrong.notes())
        .contains("standby_cluster.create_replica_methods is no list of names; left aside");
  }

  @Test
  void theFileOverrulesWhatTheClusterSaysOfDataThatDiverged() throws IOException {
    Settings shared =
        DynamicConfig.parse(
                "{\"postgresql\":{\"use_pg_rewind\":true,"
                    + "\"remove_data_directory_on_rewind_failure\":true}}")
            .settings();
    assertThat(shared.undoing()).isEqualTo(new Undoing(true, true, false));
    assertThat(loaded(FILE).undoing().over(shared)).isEqualTo(shared);
    String own = "  use_pg_rewind: false\n  remove_data_directory_on_diverged_timelines: true\n";
    assertThat(loaded(FILE + own).undoing().over(shared).undoing())
        .isEqualTo(new Undoing(false, true, true));
  }
}
