package dev.matriarch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.matriarch.engine.Rule;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that tell and replay, on the failover that the chronicle's tests keep. */
class ExplainTest {
  private static final Path GOLDEN = Path.of("../chronicle/src/test/resources/failover");

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> all = Files.list(GOLDEN)) {
      for (Path file : all.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  @Test
  @Promise("P216")
  void aFailoverIsToldAfterTheFact() {
    Captured here = new Captured(folder);
    assertThat(here.run("explain", "--files", ".")).as(here.err()).isZero();
    assertThat(here.out())
        .containsPattern(
            "Failover from pg-test-1 to pg-test-[23]: writes taken again after [45]\\.")
        .containsPattern("\\+[45]\\.\\d{3} s  promoted \\(pg-test-[23]\\)")
        .containsPattern("pg-test-[23]  401 EXPIRE: pg-test-1 has not renewed its lease in")
        .containsPattern("    knew: leader pg-test-1, silent for [34]\\.[0-9] s")
        .contains("    did: ExpireLeader pg-test-1")
        .contains("    on: Promote is done")
        .doesNotContain("RECORD_STATUS");

    Captured all = new Captured(folder);
    assertThat(all.run("explain", "--files", ".", "--all")).isZero();
    assertThat(all.out()).contains("RECORD_STATUS");
    assertThat(all.out().lines().count())
        .as("waits that only go on are told once")
        .isGreaterThan(here.out().lines().count());
    assertThat(here.out()).containsPattern("    \\(the same \\d+ times more, until ");
    assertThat(all.out()).doesNotContain("times more");
  }

  @Test
  void itIsDataForPrograms() throws Exception {
    Captured here = new Captured(folder);
    assertThat(here.run("explain", "--files", ".", "-o", "json")).isZero();
    JsonNode json = new ObjectMapper().readTree(here.out());
    assertThat(json.path("told_by")).hasSize(3);
    assertThat(json.path("moves").path(0).path("from").asText()).isEqualTo("pg-test-1");
    assertThat(json.path("moves").path(0).path("seconds").asDouble()).isBetween(4.0, 6.0);
    assertThat(json.path("decisions").size()).isGreaterThan(100);
    assertThat(json.path("decisions").path(0).path("knew").has("server")).isTrue();
  }

  @Test
  void aTimeWithoutDecisionsIsSaid() {
    Captured here = new Captured(folder);
    assertThat(here.run("explain", "--files", ".", "--at", "2026-01-01T00:00:00Z")).isZero();
    assertThat(here.out()).isEqualTo("Nothing was decided in this time.\n");
  }

  @Test
  void whatCannotBeMeantIsRefusedInASentence() throws Exception {
    Captured here = new Captured(folder);
    assertThat(here.run("explain", "--files", ".", "--at", "noon")).isEqualTo(2);
    assertThat(here.err()).contains("--at noon is no time: write 14:05");
    assertThat(here.run("explain", "--files", ".", "--since", "long")).isEqualTo(2);
    assertThat(here.err()).contains("--since long is no length of time: write 90s");
    assertThat(here.run("explain", "--files", "nowhere")).isEqualTo(1);
    assertThat(here.err()).contains("nowhere: cannot be read: there is no such file");
    Path text = Files.writeString(folder.resolve("notes.txt"), "buy milk\n");
    assertThat(here.run("replay", text.toString())).isEqualTo(1);
    assertThat(here.err()).contains("notes.txt: it is no recording of an agent");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(here.run("replay", empty.toString())).isEqualTo(1);
    assertThat(here.err()).contains("empty holds no recordings");
  }

  @Test
  void theTableOfRulesIsPrinted() {
    Captured here = new Captured(folder);
    assertThat(here.run("explain", "--rules")).isZero();
    for (Rule rule : Rule.values()) {
      assertThat(here.out()).contains("| " + rule.number()).contains(rule.sentence());
    }
  }

  @Test
  void replaySaysWhetherTodaysRulesDecideOtherwise() throws Exception {
    Path bent = folder.resolve("bent.jsonl");
    Files.write(bent, bent(promoted()));
    Captured other = new Captured(folder);
    assertThat(other.run("replay", bent.toString())).isEqualTo(3);
    assertThat(other.out())
        .contains("- rule 305 PROMOTE: somebody has to")
        .contains("+ rule 305 PROMOTE: this member holds the leader key")
        .containsPattern("[0-9]+ decisions, [0-9]+ come out otherwise\n");
  }

  /** The recording of whoever was promoted. */
  private Path promoted() throws IOException {
    for (String member : List.of("pg-test-2", "pg-test-3")) {
      Path file = folder.resolve(member + "-1.jsonl.gz");
      try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
        if (new String(in.readAllBytes(), UTF_8).contains("this member holds the leader key\"")) {
          return file;
        }
      }
    }
    throw new AssertionError("nobody was promoted");
  }

  private static List<String> bent(Path file) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      String text = new String(in.readAllBytes(), UTF_8);
      return text.replace("this member holds the leader key\"", "somebody has to\"")
          .lines()
          .toList();
    }
  }
}
