package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes, where errors go, and the verb {@code validate}. */
class CommandLineInterfaceTest {
  private static final String GOOD =
      """
      pg-test:
        hosts:
          10.10.10.11: { pg_seq: 1, pg_role: primary }
          10.10.10.12: { pg_seq: 2, pg_role: replica }
          10.10.10.13: { pg_seq: 3, pg_role: replica }
        vars:
          pg_cluster: pg-test
      """;

  @TempDir private Path folder;

  @Test
  void helpIsNoError() {
    Captured run = new Captured(folder);
    assertThat(run.run("--help")).isZero();
    assertThat(run.out()).contains("validate", "demo", "node", "agent").doesNotContain("\u001b");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void everyVerbHasHelp() {
    for (String verb :
        new CommandLineInterface(new Captured(folder).surroundings())
            .commandLine()
            .getSubcommands()
            .keySet()) {
      Captured run = new Captured(folder);
      assertThat(run.run(verb, "--help")).as(verb).isZero();
      assertThat(run.out()).as(verb).startsWith("Usage: matriarch " + verb);
    }
  }

  @Test
  void checksAnAgentsConfigurationWithoutRunningIt() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("patroni.yml"),
            "scope: a\nname: b\netcd3: {host: h}\npostgresql: {data_dir: /d}\ncolour: red\n");
    Captured good = new Captured(folder);
    assertThat(good.run("agent", "--validate-config", "patroni.yml")).isZero();
    assertThat(good.err()).isEqualTo("warning: " + file + ":5: colour: is not acted on\n");

    Files.writeString(file, "scope: a\n");
    Captured bad = new Captured(folder);
    assertThat(bad.run("agent", "--validate-config", "patroni.yml")).isEqualTo(1);
    assertThat(bad.err()).contains("name: is missing").contains("postgresql.data_dir: is missing");
  }

  @Test
  void anUnknownVerbIsWrongUsageAndTheNearestIsNamed() {
    Captured run = new Captured(folder);
    assertThat(run.run("valdate")).isEqualTo(2);
    assertThat(run.err()).contains("valdate").contains("matriarch validate");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void anUnknownFormatIsWrongUsage() {
    assertThat(new Captured(folder).run("validate", "-o", "xml")).isEqualTo(2);
  }

  @Test
  void withoutAnInventoryBothWaysToNameOneAreSaid() {
    Captured run = new Captured(folder);
    assertThat(run.run("validate")).isEqualTo(1);
    assertThat(run.err())
        .contains(folder.resolve("matriarch.yml").toString())
        .contains("$MATRIARCH_INVENTORY", "--inventory FILE")
        .doesNotContain("Exception")
        .hasLineCount(1);
  }

  @Test
  void theInventoryHereComesBeforeTheEnvironments() throws IOException {
    Files.writeString(folder.resolve("matriarch.yml"), GOOD);
    Files.writeString(folder.resolve("other.yml"), "nonsense: [");
    Captured here = new Captured(folder, Map.of("MATRIARCH_INVENTORY", "other.yml"));
    assertThat(here.run("validate")).isZero();
    Files.delete(folder.resolve("matriarch.yml"));
    Captured environments = new Captured(folder, Map.of("MATRIARCH_INVENTORY", "other.yml"));
    assertThat(environments.run("validate")).isEqualTo(1);
    assertThat(environments.err()).contains("other.yml");
  }

  @Test
  void aGoodInventoryIsCounted() throws IOException {
    Files.writeString(folder.resolve("matriarch.yml"), GOOD);
    Captured run = new Captured(folder);
    assertThat(run.run("validate")).isZero();
    assertThat(run.out()).contains("is valid: 1 cluster, 3 instances, 3 nodes, 3 etcd members");
  }

  @Test
  void allErrorsArePrintedAtOnceWithTheirLines() throws IOException {
    Files.writeString(
        folder.resolve("matriarch.yml"),
        GOOD.replace("pg_seq: 2", "pg_seq: 1").replace("pg_role: primary", "pg_rolle: primary"));
    Captured run = new Captured(folder);
    assertThat(run.run("validate")).isEqualTo(1);
    assertThat(run.err()).contains("matriarch.yml:3: ", "pg_rolle", "matriarch.yml:4: ", "pg_seq");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void errorsForProgramsAreJson() throws IOException {
    Files.writeString(folder.resolve("matriarch.yml"), GOOD.replace("pg_seq: 2", "pg_seq: 1"));
    Captured run = new Captured(folder);
    assertThat(run.run("validate", "-o", "json")).isEqualTo(1);
    JsonNode answer = new ObjectMapper().readTree(run.out());
    assertThat(answer.get("valid").asBoolean()).isFalse();
    JsonNode error = answer.get("errors").get(0);
    assertThat(error.get("line").asInt()).isEqualTo(4);
    assertThat(error.get("path").asText()).isEqualTo("pg-test.hosts.10.10.10.12.pg_seq");
  }

  @Test
  void aFileThatIsNoTextIsSaidInOneLine() throws IOException {
    Files.write(folder.resolve("matriarch.yml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    Captured run = new Captured(folder);
    assertThat(run.run("validate")).isEqualTo(1);
    assertThat(run.err()).contains("is not UTF-8 text").hasLineCount(1);
  }

  @Test
  void aFolderIsNoInventory() {
    Captured run = new Captured(folder);
    assertThat(run.run("validate", folder.toString())).isEqualTo(1);
    assertThat(run.err()).contains("is a folder").hasLineCount(1);
  }

  @Test
  void aMissingFileIsSaidInOneLine() {
    Captured run = new Captured(folder);
    assertThat(run.run("validate", "--inventory", "nowhere.yml")).isEqualTo(1);
    assertThat(run.err()).contains("nowhere.yml: does not exist").hasLineCount(1);
  }

  @Test
  void aNodeIsGivenByItsAddress() {
    Captured run = new Captured(folder);
    assertThat(run.run("node", "run", "--node", "10.10.10.300")).isEqualTo(2);
    assertThat(run.err()).contains("10.10.10.300");
  }

  @Test
  void aNodeThatTheInventoryDoesNotHaveIsRefusedWithThoseItHas() throws IOException {
    Files.writeString(folder.resolve("matriarch.yml"), GOOD);
    Captured run = new Captured(folder);
    Path root = folder.resolve("node");
    assertThat(run.run("node", "run", "--node", "10.10.10.14", "--root", root.toString()))
        .isEqualTo(1);
    assertThat(run.err()).contains("10.10.10.14", "10.10.10.11, 10.10.10.12, 10.10.10.13");
    assertThat(root).doesNotExist();
  }

  @Test
  @Promise("P58")
  void aPoolerThatIsToSpeakTlsNeedsACertificate() throws IOException {
    Files.writeString(
        folder.resolve("matriarch.yml"),
        GOOD.replace("pg_cluster: pg-test", "pg_cluster: pg-test\n    pgbouncer_sslmode: require"));
    Captured run = new Captured(folder);
    Path root = folder.resolve("node");
    assertThat(run.run("node", "run", "--node", "10.10.10.11", "--root", root.toString()))
        .isEqualTo(1);
    assertThat(run.err())
        .contains(
            root + "/cert/server.key: pgbouncer_sslmode: require needs it, readable for",
            root + "/cert/server.crt: ");
    assertThat(root).doesNotExist();
  }

  @Test
  void theDemoTakesOneToNineNodes() {
    assertThat(new Captured(folder).run("demo", "--nodes", "0")).isEqualTo(2);
    assertThat(new Captured(folder).run("demo", "--nodes", "10")).isEqualTo(2);
  }

  @Test
  void aDemoThatIsNotThereIsSaid() {
    for (String verb : new String[] {"stop", "status"}) {
      Captured run = new Captured(folder);
      assertThat(run.run("demo", verb, "--root", folder.toString())).isEqualTo(1);
      assertThat(run.err()).contains(folder + ": there is no demo").hasLineCount(1);
    }
  }

  @Test
  void completionIsAShellScript() {
    Captured run = new Captured(folder);
    assertThat(run.run("completion")).isZero();
    assertThat(run.out().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    assertThat(run.out()).contains("complete -F").contains("validate");
  }
}
