package dev.matriarch.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.engine.Decision;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Lane;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Rule;
import dev.matriarch.engine.Self;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.View;
import dev.matriarch.engine.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
  private static final Source SOURCE = new Source("pg-test", "pg-test-1", "4.1.0");
  private static final Instant AT = Instant.parse("2026-11-26T04:00:00Z");

  @TempDir private Path folder;

  private Ring ring() {
    return new Ring(folder.resolve("recording"), Limits.STANDARD);
  }

  @Test
  void whatWasDecidedIsReadBackWithItsInputs() throws Exception {
    List<Decisions> all = recorded(ring(), 20);

    List<Path> files = ring().files();
    assertThat(files).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.getFirst())))
        .isEqualTo("rw-r-----");
    Recording read = Player.file(files.getFirst());
    assertThat(read.notes()).isEmpty();
    assertThat(read.source()).isEqualTo(SOURCE);
    assertThat(read.entries()).hasSize(20);
    for (int i = 0; i < 20; i++) {
      Entry entry = read.entries().get(i);
      Decisions one = all.get(i);
      assertThat(entry.inputs()).isEqualTo(new Inputs(one.before(), one.event(), one.now()));
      assertThat(entry.orders()).isEqualTo(one.made().orders());
      assertThat(entry.rule()).isEqualTo(one.made().rule().name());
      assertThat(entry.reason()).isEqualTo(one.made().reason());
      assertThat(entry.at()).isEqualTo(AT);
    }
  }

  /**
   * Each server proves its disk every second or two: days of that would leave no room for deeds.
   */
  @Test
  void aProofOfTheDiskIsRecordedOnlyWhenItFails() throws Exception {
    View idle =
        View.atStart(Self.of("m1", "postgres://m1", "http://m1", Instant.EPOCH), Settings.DEFAULT);
    Order proof = new Order(7, new Effect.ProveCommit(), Instant.EPOCH);
    Map<Lane, Order> running = Map.of(proof.effect().lane(), proof);
    View proving = idle.toBuilder().work(new Work(8, running, Map.of(), Map.of())).build();
    Optional<Instant> never = Optional.empty();
    try (Recorder recorder = Recorder.start(ring(), SOURCE, () -> AT)) {
      recorder.took(
          idle,
          new Event.Tick(),
          AT,
          new Decision(proving, Rule.PROVE_COMMIT, "the last proof is old", List.of(proof), never));
      Event done = new Event.Ended(7, new Outcome.Done());
      recorder.took(proving, done, AT, new Decision(idle, Rule.IDLE, "", List.of(), never));
      Event failed = new Event.Ended(7, new Outcome.Failed("the disk"));
      recorder.took(proving, failed, AT, new Decision(idle, Rule.IDLE, "", List.of(), never));
    }

    assertThat(Player.file(ring().files().getFirst()).entries())
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.inputs().event())
                    .isEqualTo(new Event.Ended(7, new Outcome.Failed("the disk"))));
  }

  private static List<Decisions> recorded(Ring ring, int count) {
    List<Decisions> all = new ArrayList<>();
    try (Recorder recorder = Recorder.start(ring, SOURCE, () -> AT)) {
      for (int i = 0; i < count; i++) {
        all.add(Decisions.drawn(i));
        all.getLast().on(recorder);
      }
    }
    return all;
  }

  @Test
  void whereverItsWriterIsCutOffAllWholeLinesAreRead() throws Exception {
    recorded(ring(), 8);
    byte[] whole = Files.readAllBytes(ring().files().getFirst());
    int before = 0;
    for (int length = 0; length < whole.length; length += 97) {
      Path torn = Files.write(folder.resolve("torn.jsonl.gz"), Arrays.copyOf(whole, length));
      int read;
      try {
        read = Player.file(torn).entries().size();
      } catch (Unreadable e) {
        read = 0;
        assertThat(before).as("once readable it stays so").isZero();
      }
      assertThat(read).isGreaterThanOrEqualTo(before);
      before = read;
    }
    assertThat(before).isGreaterThanOrEqualTo(7);
  }

  @Test
  void whoDecidesNeverWaitsAndWhatIsDroppedIsCounted() throws Exception {
    try (Recorder recorder = Recorder.stalled(ring(), SOURCE, () -> AT, 3)) {
      for (int i = 0; i < 10; i++) {
        Decisions.drawn(i).on(recorder);
      }
      recorder.go();
      while (!aDecisionIsWritten()) {
        Thread.onSpinWait();
      }
      Decisions.drawn(11).on(recorder);
    }
    List<Entry> entries = Player.file(ring().files().getFirst()).entries();
    assertThat(entries.stream().mapToInt(Entry::dropped).sum() + entries.size()).isEqualTo(11);
  }

  private boolean aDecisionIsWritten() throws IOException {
    try {
      return !ring().files().isEmpty()
          && !Player.file(ring().files().getFirst()).entries().isEmpty();
    } catch (Unreadable e) {
      // Its writer is at its first line.
      return false;
    }
  }

  @Test
  void aFolderThatCannotBeWrittenStopsNobody() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    recorded(new Ring(file, Limits.STANDARD), 3);
    assertThat(file).hasContent("in the way");
  }

  @Test
  void theOldestFilesGoWhenTheyAreTooManyOrTooOld() throws Exception {
    Ring small = new Ring(folder, new Limits(1 << 20, Duration.ofDays(7)));
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Path file = small.begin(AT.plusSeconds(i));
      Files.write(file, new byte[1 << 16]);
      Files.setLastModifiedTime(file, FileTime.from(AT));
      files.add(file);
    }
    small.prune(files.getLast(), AT);
    assertThat(small.files()).isEqualTo(files.subList(5, 20));

    small.prune(files.getLast(), AT.plus(Duration.ofDays(8)));
    assertThat(small.files()).containsExactly(files.getLast());
  }

  @Test
  void eachFileCanBeReadAlone() throws Exception {
    Ring small = new Ring(folder.resolve("small"), new Limits(1 << 20, Duration.ofDays(7)));
    int count = 0;
    try (Recorder recorder = Recorder.start(small, SOURCE, () -> AT)) {
      Decisions[] some = {Decisions.drawn(1), Decisions.drawn(2), Decisions.drawn(3)};
      while (small.files().size() < 3) {
        some[count++ % 3].on(recorder);
        if (count % 500 == 0) {
          Thread.onSpinWait();
        }
      }
    }
    for (Path file : small.files()) {
      assertThat(Files.size(file)).isLessThan(2 << 16);
      for (Entry entry : Player.file(file).entries()) {
        assertThat(entry.inputs().before().name()).isNotNull();
      }
    }
  }

  @Test
  void whatIsNoRecordingIsSaid() throws Exception {
    Path other = Files.writeString(folder.resolve("other"), "{\"a\": 1}\n");
    assertThatThrownBy(() -> Player.file(other))
        .isInstanceOf(Unreadable.class)
        .hasMessage("other: it is no recording of an agent");
    Path later =
        Files.writeString(folder.resolve("later"), "{\"recording\":2,\"version\":\"9\"}\n");
    assertThatThrownBy(() -> Player.file(later))
        .isInstanceOf(Unreadable.class)
        .hasMessage(
            "later: it is a recording of form 2, written by version 9; this version reads form 1");
  }
}
