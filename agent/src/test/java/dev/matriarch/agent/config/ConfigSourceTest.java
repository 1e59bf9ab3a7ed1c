package dev.matriarch.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.inventory.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourceTest {
  private static final String WHOLE =
      "scope: one\nname: a\netcd3: {host: h}\npostgresql: {data_dir: /d, pgpass: /p}\n";

  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static AgentConfig config(ConfigResult result) {
    assertThat(result).isInstanceOf(ConfigResult.Loaded.class);
    return ((ConfigResult.Loaded) result).config();
  }

  private static List<String> problems(ConfigResult result) {
    assertThat(result).isInstanceOf(ConfigResult.Rejected.class);
    return ((ConfigResult.Rejected) result).problems().stream().map(Problem::toString).toList();
  }

  @Test
  void takesAFoldersFilesByTheirNames() throws IOException {
    write("10-base.yml", WHOLE + "tags: {a: b, c: d}\n");
    write("20-node.yaml", "name: b\npostgresql: {data_dir: /e, pg_hba: [x]}\ntags: {c: e}\n");
    write("30-later.yml", "# nothing yet\n\n");
    write("40.yml.bak", "name: c\n");
    Files.createDirectory(folder.resolve("50.yml"));

    AgentConfig config = config(AgentConfig.load(folder, Map.of("PATRONI_SCOPE", "two")));

    assertThat(config.scope()).isEqualTo("two");
    assertThat(config.name()).isEqualTo("b");
    assertThat(config.postgres().dataDir()).isEqualTo(Path.of("/e"));
    assertThat(config.postgres().pgpass()).isEqualTo(Path.of("/p"));
    assertThat(config.postgres().hba()).containsExactly("x");
    assertThat(config.tags().json()).isEqualTo("{\"a\":\"b\",\"c\":\"e\"}");
  }

  @Test
  void saysInWhichFileOfAFolderTheFaultIs() throws IOException {
    write("1.yml", WHOLE);
    write("2.yml", "\nlog: {file_num: many}\n");
    assertThat(problems(AgentConfig.load(folder, Map.of())))
        .singleElement()
        .asString()
        .startsWith(folder.resolve("2.yml") + ":2: log.file_num: many");

    write("3.yml", "a: [");
    assertThat(problems(AgentConfig.load(folder, Map.of())))
        .anySatisfy(told -> assertThat(told).startsWith(folder.resolve("3.yml").toString()));
  }

  @Test
  void refusesAFolderThatSaysNothing() throws IOException {
    assertThat(problems(AgentConfig.load(folder, Map.of())))
        .containsExactly(
            folder + ":1: holds no YAML file that says anything; put one there: NAME.yml");
  }

  @Test
  void takesAllOfItFromOneVariable() {
    Map<String, String> environment =
        Map.of("PATRONI_CONFIGURATION", WHOLE, "PATRONI_SCOPE", "not considered");

    assertThat(config(AgentConfig.load(environment)).scope()).isEqualTo("one");
    assertThat(config(AgentConfig.load(folder.resolve("none.yml"), environment)).scope())
        .isEqualTo("one");
    assertThat(problems(AgentConfig.load(Map.of("PATRONI_CONFIGURATION", "scope: x\nscope: y"))))
        .anySatisfy(
            told -> assertThat(told).startsWith("environment variable PATRONI_CONFIGURATION:2: "));
  }

  @Test
  void prefersAFileThatIsThere() throws IOException {
    write("patroni.yml", WHOLE);
    AgentConfig config =
        config(
            AgentConfig.load(
                folder.resolve("patroni.yml"),
                Map.of("PATRONI_CONFIGURATION", "scope: other", "PATRONI_NAME", "z")));

    assertThat(config.scope()).isEqualTo("one");
    assertThat(config.name()).isEqualTo("z");
  }

  @Test
  void saysWhichVariablesSayNothing() {
    ConfigResult result =
        AgentConfig.load(
            Map.of(
                "PATRONI_SCOPE", "s",
                "PATRONI_NAME", "n",
                "PATRONI_ETCD3_HOST", "h",
                "PATRONI_POSTGRESQL_DATA_DIR", "/d",
                "PATRONI_CONSUL_HOST", "c",
                "PATRONI_LOG_COLOUR", "red",
                "PATRONI_EMPTY", "",
                "OTHER", "x"));
    assertThat(((ConfigResult.Loaded) result).warnings())
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            "environment variable PATRONI_CONSUL_HOST:1: is not acted on",
            "environment variable PATRONI_LOG_COLOUR:1: log.colour: is not acted on");
  }

  @Test
  void takesAllOfItFromSingleVariables() {
    AgentConfig config =
        config(
            AgentConfig.load(
                Map.of(
                    "PATRONI_SCOPE", "s",
                    "PATRONI_NAME", "n",
                    "PATRONI_ETCD3_HOSTS", "'a:1','b:2'",
                    "PATRONI_POSTGRESQL_DATA_DIR", "/d",
                    "PATRONI_REPLICATION_PASSWORD", "r")));

    assertThat(config.name()).isEqualTo("n");
    assertThat(config.etcd().endpoints()).hasSize(2);
    assertThat(config.postgres().replication().credentials().password()).isEqualTo("r");
    assertThat(problems(AgentConfig.load(Map.of())))
        .contains("environment:1: scope: is missing; name the cluster");
  }
}
