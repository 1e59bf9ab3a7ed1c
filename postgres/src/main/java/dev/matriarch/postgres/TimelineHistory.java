package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a timeline comes from: its ancestors, oldest first, each with the position at which the
 * next one branched off. Timeline 1 has none.
 */
public record TimelineHistory(int timeline, List<Switch> ancestors) {

  /** {@code timeline} was left at {@code at} for the next one. */
  public record Switch(int timeline, Lsn at, String reason) {
    public Switch {
      requireNonNull(at, "at");
      requireNonNull(reason, "reason");
    }
  }

  public TimelineHistory {
    ancestors = List.copyOf(ancestors);
    int before = 0;
    for (Switch step : ancestors) {
      if (step.timeline() <= before) {
        throw new IllegalArgumentException(
            "history of timeline %d: timeline %d follows %d; numbers must rise"
                .formatted(timeline, step.timeline(), before));
      }
      before = step.timeline();
    }
    if (timeline <= before) {
      throw new IllegalArgumentException(
          "history of timeline %d names timeline %d as its ancestor".formatted(timeline, before));
    }
  }

  /** Reads the text of a {@code 00000002.history} file. */
  public static TimelineHistory parse(int timeline, String text) {
    List<Switch> found = new ArrayList<>();
    for (String raw : text.lines().toList()) {
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("\\s+", 3);
      if (words.length < 2) {
        throw new IllegalArgumentException(
            "history of timeline %d: not \"timeline position reason\": %s"
                .formatted(timeline, line));
      }
      found.add(
          new Switch(
              Integer.parseInt(words[0]), Lsn.parse(words[1]), words.length > 2 ? words[2] : ""));
    }
    return new TimelineHistory(timeline, found);
  }

  /** Name of a timeline's history file. */
  public static String fileName(int timeline) {
    return "%08X.history".formatted(timeline);
  }

  /**
   * True when WAL up to {@code at} on timeline {@code other} is part of this timeline's past, so a
   * server that stands there can follow without a rewind.
   */
  public boolean isAncestor(int other, Lsn at) {
    return other == timeline || switchFrom(other).map(left -> left.reached(at)).orElse(false);
  }

  /** Where this timeline's line left {@code other}; empty when it never was on it, or still is. */
  public Optional<Lsn> switchFrom(int other) {
    return step(other).map(Switch::at);
  }

  /** How this timeline's line left {@code other}; empty when it never was on it, or still is. */
  public Optional<Switch> step(int other) {
    return ancestors.stream().filter(step -> step.timeline() == other).findFirst();
  }

  /** This timeline is {@code other}, or comes from it. */
  public boolean includes(int other) {
    return other == timeline || step(other).isPresent();
  }
}
