package dev.matriarch.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Engine;
import dev.matriarch.engine.Rule;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A failover as three agents recorded it: a node crash at {@code pg_rto: 5}, on real servers. After
 * a wanted change of the rules run this once with {@code -Dgolden.update=true}: the inputs stay,
 * the decisions become today's. Read what it prints. Where the inputs themselves cannot be read any
 * more, or lack what decides today, {@code GoldenRecordingTest} of the testbed records them anew.
 */
class GoldenReplayTest {
  private static final int FIRST_DUTY = 700;
  private static final Path FOLDER = Path.of("src/test/resources/failover");

  static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(FOLDER)) {
      return all.sorted().toList();
    }
  }

  private static List<Recording> recordings() throws IOException, Unreadable {
    List<Recording> recordings = new ArrayList<>();
    for (Path file : files()) {
      recordings.add(Player.file(file));
    }
    return recordings;
  }

  @Test
  void aStoryDoesNotDependOnClocksThatDiffer() throws Exception {
    List<Recording> right = recordings();
    List<Recording> wrong = new ArrayList<>(right);
    Recording last = right.getLast();
    wrong.set(
        right.size() - 1,
        new Recording(
            last.source(),
            last.entries().stream().map(it -> it.at(it.at().plusSeconds(77))).toList(),
            last.notes(),
            last.more()));
    Story one = Story.of(right, Instant.MIN, Instant.MAX);
    Story other = Story.of(wrong, Instant.MIN, Instant.MAX);

    assertThat(one.notes()).noneMatch(note -> note.contains("clock"));
    assertThat(other.notes())
        .anyMatch(
            note ->
                note.matches("the clock of .* is 7[67]\\.\\d{3} s (ahead of|behind) that of .*"));
    assertThat(other.moves()).hasSameSizeAs(one.moves());
    assertThat(other.moves().getFirst().steps().stream().map(Step::what).toList())
        .containsExactlyInAnyOrderElementsOf(
            one.moves().getFirst().steps().stream().map(Step::what).toList());
    assertThat(other.moves().getFirst().duration())
        .isCloseTo(one.moves().getFirst().duration(), Duration.ofMillis(100));
  }

  @ParameterizedTest
  @MethodSource("files")
  @Promise("P216")
  void todaysRulesSteerAsRecorded(Path file) throws Exception {
    Recording recording = Player.file(file);
    Replay replay = Replay.of(recording, new Engine());
    assertThat(replay.decisions()).isPositive();
    List<String> lines = new ArrayList<>();
    for (Difference difference : replay.differences()) {
      String then = deed(difference.then());
      String today = deed(difference.today());
      if (!then.equals(today)) {
        lines.add(difference.then().at() + ": " + then + ", today " + today);
        lines.add("today's reason: " + difference.today().reason());
      }
    }
    if (Boolean.getBoolean("golden.update")) {
      replay.notes().forEach(System.out::println);
      lines.forEach(System.out::println);
      rewrite(file, recording);
    } else {
      assertThat(replay.notes()).as("what cannot be run").isEmpty();
      assertThat(lines).as("what the rules do otherwise now").isEmpty();
    }
  }

  /** What a rule of the course orders; waits and duties are told apart by other tests. */
  private static String deed(Entry entry) {
    return entry.number() >= FIRST_DUTY || entry.ordered().isEmpty()
        ? "nothing"
        : entry.number() + " " + Knowledge.orders(entry);
  }

  /**
   * The same inputs with today's decisions, and what today's engine knows beside them as nothing
   * known: with {@code -Dgolden.update=true}.
   */
  private static void rewrite(Path file, Recording recording) throws Exception {
    Path next = Files.createTempFile("golden", Ring.SUFFIX);
    Taker taker = new Taker(recording.source());
    Tape tape = new Tape(recording.source(), taker.shape());
    try (Reel reel = new Reel(next, Instant.EPOCH, tape)) {
      for (Entry entry : recording.entries()) {
        reel.write(Replay.decided(entry, new Engine(), taker));
      }
    }
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  @Promise("P216")
  void theFailoverIsToldWithThePhasesThatItHad() throws Exception {
    Story story = Story.of(recordings(), Instant.MIN, Instant.MAX);
    assertThat(story.tellers()).containsExactly("pg-test-1", "pg-test-2", "pg-test-3");
    assertThat(story.moves()).hasSize(1);
    LeadMove move = story.moves().getFirst();
    assertThat(move.from()).isEqualTo("pg-test-1");
    String to = move.to();
    assertThat(to).isIn("pg-test-2", "pg-test-3");
    assertThat(move.asked()).isFalse();
    assertThat(move.duration())
        .isLessThan(Duration.ofSeconds(6))
        .isGreaterThan(Duration.ofSeconds(4));
    assertThat(move.steps().stream().map(Step::what))
        .startsWith(
            "last renewal of pg-test-1 seen",
            "suspicion: pg-test-1 is silent",
            "leader key vacant",
            "elected: nobody is ahead of this member")
        .contains("promotion begun", "promoted", "timeline recorded")
        .contains("clients of pg-test-2 sent to " + to, "clients of pg-test-3 sent to " + to);
  }

  @Test
  void anotherRuleShowsAsADifference() throws Exception {
    Recording recording = recordings().getLast();
    Entry first = recording.entries().getFirst();
    Entry otherwise =
        new Entry(
            first.source(),
            first.shape(),
            first.at(),
            first.now(),
            first.view(),
            first.event(),
            Rule.PROMOTE.number(),
            Rule.PROMOTE.name(),
            "somebody has to",
            List.of(),
            first.until(),
            0);
    Replay replay =
        Replay.of(
            new Recording(recording.source(), List.of(otherwise), List.of(), recording.more()),
            new Engine());
    assertThat(replay.differences()).hasSize(1);
    assertThat(replay.differences().getFirst().lines())
        .containsExactly(
            "- rule 305 PROMOTE: somebody has to",
            "+ rule " + first.number() + " " + first.rule() + ": " + first.reason());
  }
}
