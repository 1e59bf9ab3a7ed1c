package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.TimelineSwitch;
import dev.matriarch.postgres.TimelineHistory;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryLinesTest {
  private static final Instant THEN = Instant.parse("2026-11-26T10:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

  private static List<TimelineSwitch> lines(int timeline, String file, List<TimelineSwitch> known) {
    return HistoryLines.of(TimelineHistory.parse(timeline, file), known, NOW, "b");
  }

  @Test
  void keepsWhatWasRecordedOfItsOwnLine() {
    List<TimelineSwitch> known = List.of(new TimelineSwitch(1, new Lsn(0x900), "r", THEN, "a"));
    List<TimelineSwitch> first = lines(3, "1\t0/900\tr\n2\t0/A00\ts\n", known);
    assertThat(first)
        .containsExactly(known.getFirst(), new TimelineSwitch(2, new Lsn(0xA00), "s", NOW, "b"));
    assertThat(lines(1, "", List.of())).isEmpty();
  }

  /** The last line is always of the number before its own: by that it is known for recorded. */
  @Test
  void tellsOfTimelinesThatWereGivenUp() {
    List<TimelineSwitch> known = List.of(new TimelineSwitch(1, new Lsn(0x900), "r", THEN, "a"));
    assertThat(lines(4, "1\t0/950\tr\n", known))
        .containsExactly(
            new TimelineSwitch(1, new Lsn(0x950), "r", NOW, ""),
            new TimelineSwitch(2, Lsn.ZERO, "given up", NOW, ""),
            new TimelineSwitch(3, Lsn.ZERO, "given up", NOW, "b"));
  }
}
