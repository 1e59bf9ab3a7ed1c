package dev.matriarch.agent;

import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.TimelineSwitch;
import dev.matriarch.postgres.TimelineHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is recorded of a primary's history: a line for each timeline before its own. */
final class HistoryLines {
  private HistoryLines() {}

  /**
   * The server's own history; what was recorded of its lines before is kept. A timeline that is not
   * among its ancestors was given up: its line ends nowhere, so that whoever is on it comes back.
   */
  static List<TimelineSwitch> of(
      TimelineHistory own, List<TimelineSwitch> known, Instant now, String leader) {
    List<TimelineSwitch> lines = new ArrayList<>();
    int first = own.ancestors().isEmpty() ? own.timeline() : own.ancestors().getFirst().timeline();
    for (int timeline = first; timeline < own.timeline(); timeline++) {
      Optional<TimelineHistory.Switch> step = own.step(timeline);
      TimelineSwitch fresh =
          new TimelineSwitch(
              timeline,
              step.map(left -> new Lsn(left.at().value())).orElse(Lsn.ZERO),
              step.map(TimelineHistory.Switch::reason).orElse("given up"),
              now,
              own.includes(timeline + 1) ? leader : "");
      lines.add(
          known.stream()
              .filter(line -> line.timeline() == fresh.timeline())
              .filter(line -> line.end().equals(fresh.end()))
              .findFirst()
              .orElse(fresh));
    }
    return lines;
  }
}
