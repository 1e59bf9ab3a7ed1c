package dev.matriarch.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts, boards and whom to ask; Prometheus' own tool judges the rules where it is installed. */
class MonitoringFilesTest {
  private static final Path RULE_TEST = Path.of("src/test/resources/monitoring/rules-test.yml");

  private final Map<String, String> files =
      MonitoringFiles.of(Samples.inventory(Samples.text("pg-test")));

  @TempDir Path folder;

  @Test
  @Promise({"P210", "P215"})
  void the_files_are_the_golden_ones() {
    Layout layout = Samples.layout(false);
    List<NodeFile> all = new ArrayList<>();
    files.forEach(
        (name, content) ->
            all.add(new NodeFile(layout.root().resolve(name), NodeFile.Mode.PLAIN, content)));
    assertThat(new Golden("monitoring").differences(layout, all)).isEmpty();
  }

  @Test
  @Promise("P210")
  void the_alerts_of_the_seeds_are_there() {
    assertThat(AlertRules.all().map(Alert::name))
        .doesNotHaveDuplicates()
        .contains(
            "LeaderMissing",
            "LeadersTooMany",
            "ReplicationLag",
            "ReplicationBroken",
            "FailsafeActive",
            "EtcdDown",
            "EtcdNoLeader",
            "EtcdQuotaFull");
  }

  @Test
  @Promise("P210")
  void promtool_takes_the_rules_and_they_fire_when_they_should() throws Exception {
    write();
    promtool("check", "config", "prometheus.yml");
    Files.copy(RULE_TEST, folder.resolve("rules-test.yml"));
    promtool("test", "rules", "rules-test.yml");
    String tested = Files.readString(RULE_TEST);
    assertThat(AlertRules.all().map(Alert::name))
        .as("alerts that the rules' test lets fire")
        .allMatch(name -> tested.contains("alertname: " + name + "\n"));
  }

  @Test
  @Promise("P215")
  void promtool_takes_what_the_boards_ask() throws Exception {
    List<Map<String, Object>> rules = new ArrayList<>();
    Dashboards.expressions()
        .distinct()
        .forEach(
            expression -> {
              Map<String, Object> rule = new LinkedHashMap<>();
              rule.put("record", "asked:" + rules.size());
              rule.put("expr", expression.replace("$__range", "1h"));
              rules.add(rule);
            });
    Map<String, Object> group = new LinkedHashMap<>();
    group.put("name", "boards");
    group.put("rules", rules);
    Files.writeString(folder.resolve("boards.yml"), YamlText.of(Map.of("groups", List.of(group))));
    promtool("check", "rules", "boards.yml");
  }

  @Test
  @Promise("P215")
  void the_boards_are_those_of_the_seeds() throws Exception {
    assertThat(Dashboards.all())
        .extracting(Dashboard::title)
        .containsExactly(
            "Cluster overview",
            "Replication monitoring",
            "Failover analysis",
            "Performance during failover");
    for (Dashboard board : Dashboards.all()) {
      JsonNode json =
          new ObjectMapper().readTree(files.get("dashboards/" + board.name() + ".json"));
      Set<String> cells = new HashSet<>();
      Set<Integer> ids = new HashSet<>();
      for (JsonNode panel : json.path("panels")) {
        assertThat(ids.add(panel.path("id").asInt())).as("an id twice in " + board.name()).isTrue();
        assertThat(panel.path("targets")).as(panel.path("title").asText()).isNotEmpty();
        JsonNode at = panel.path("gridPos");
        assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
        for (int x = 0; x < at.path("w").asInt(); x++) {
          for (int y = 0; y < at.path("h").asInt(); y++) {
            String cell = (at.path("x").asInt() + x) + "," + (at.path("y").asInt() + y);
            assertThat(cells.add(cell)).as("panels overlap in " + board.name()).isTrue();
          }
        }
      }
    }
  }

  private void write() throws Exception {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  private void promtool(String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("promtool"));
    line.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    Process process;
    try {
      process =
          new ProcessBuilder(line)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException _) {
      Assumptions.abort("promtool is missing; .ci/run shows how to get it");
      return;
    }
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
  }
}
