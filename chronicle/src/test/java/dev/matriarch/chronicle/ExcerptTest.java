package dev.matriarch.chronicle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExcerptTest {
  private static final int DECISIONS = 30;

  /** One decision a second, ending now: files are judged by when they were last written. */
  private final Instant begin = Instant.now().minusSeconds(DECISIONS);

  @TempDir private Path folder;
  private Ring ring;

  @BeforeEach
  void record() {
    ring = new Ring(folder, Limits.STANDARD);
    AtomicLong seconds = new AtomicLong();
    Source source = new Source("pg-test", "pg-test-1", "4.1.0");
    try (Recorder recorder =
        Recorder.start(ring, source, () -> begin.plusSeconds(seconds.getAndIncrement()))) {
      for (int i = 0; i < DECISIONS; i++) {
        Decisions.drawn(i).on(recorder);
      }
    }
  }

  private static Recording read(Excerpt excerpt) throws Exception {
    return Player.read("answer", new ByteArrayInputStream(excerpt.text().getBytes(UTF_8)));
  }

  @Test
  void aSpanOfTimeIsARecordingOfItsOwn() throws Exception {
    Recording part = read(Excerpt.of(ring, begin.plusSeconds(10), begin.plusSeconds(12), 1 << 22));
    assertThat(part.entries()).hasSize(3);
    assertThat(part.more()).isEmpty();
    for (int i = 0; i < 3; i++) {
      Decisions made = Decisions.drawn(10 + i);
      assertThat(part.entries().get(i).inputs())
          .isEqualTo(new Inputs(made.before(), made.event(), made.now()));
    }
  }

  @Test
  void whatDoesNotFitIsAskedForAgain() throws Exception {
    List<Instant> told = new ArrayList<>();
    Optional<Instant> from = Optional.of(begin);
    int answers = 0;
    while (from.isPresent()) {
      Recording part = read(Excerpt.of(ring, from.get(), Instant.MAX, 20_000));
      part.entries().forEach(entry -> told.add(entry.at()));
      from = part.more();
      answers++;
    }
    assertThat(answers).isGreaterThan(1);
    assertThat(told).hasSize(DECISIONS).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void nothingRecordedIsNothingTold() throws Exception {
    assertThat(
            Excerpt.of(new Ring(folder.resolve("none"), Limits.STANDARD), begin, begin, 1).text())
        .isEmpty();
    assertThat(Excerpt.of(ring, Instant.MAX, Instant.MAX, 1 << 20).text()).isEmpty();
  }
}
