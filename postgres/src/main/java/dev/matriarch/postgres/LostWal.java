package dev.matriarch.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what a stopped server has beyond the history of another. What cannot be found in time, or
 * at all, is told as a gap: nobody waits for ever to throw data away that nobody can use.
 */
final class LostWal {
  private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{24}");
  private static final int TABLES = 1_000;

  private final ServerParts parts;
  private final Copies copies;
  private final OfflineCatalog catalog;

  LostWal(ServerParts parts, Copies copies) {
    this.parts = parts;
    this.copies = copies;
    this.catalog = new OfflineCatalog(parts, copies);
  }

  /** The files of one timeline by their numbers. */
  private record Segments(SortedMap<Long, Path> files, long size) {
    Lsn begin(long number) {
      return new Lsn(number * size);
    }

    long holding(Lsn at) {
      return at.value() / size;
    }
  }

  /**
   * @param namesake the leader's history has another timeline of the same number
   * @param keeper is given the segments that hold it, before anything changes them
   */
  LostWork list(Upstream leader, boolean namesake, Consumer<List<Path>> keeper, Deadline deadline) {
    ControlData control = parts.requireControl();
    boolean primary = !parts.wasStandby(control);
    Reading reading = read(leader, namesake, deadline);
    if (!reading.end.equals(reading.from) && !reading.held.isEmpty()) {
      keeper.accept(reading.held);
    }
    Map<WalNotes.Node, OfflineCatalog.Name> names = primary ? reading.names(deadline) : Map.of();
    return reading.work(names);
  }

  /** Touches nothing, and so knows no names. */
  void requireNone(Upstream leader, Deadline deadline) {
    LostWork beyond = read(leader, false, deadline).work(Map.of());
    if (!beyond.isNothing()) {
      throw new PostgresException.Diverged(parts.dataDir(), leader.address(), beyond);
    }
  }

  private Reading read(Upstream leader, boolean namesake, Deadline deadline) {
    parts.requireUsable();
    parts.requireNotRunning();
    ControlData control = parts.requireControl();
    int timeline = Math.max(control.timeline(), control.minRecoveryTimeline());
    UpstreamIdentity identity = Upstreams.identify(leader, deadline);
    if (!identity.systemIdentifier().equals(control.systemIdentifier())) {
      throw new PostgresException.DataDirectoryForeign(
          parts.dataDir(), control.systemIdentifier(), identity.systemIdentifier());
    }
    TimelineHistory theirs = Upstreams.history(leader, identity.timeline(), deadline);
    Divergence left =
        Divergence.between(copies.history(timeline, theirs), theirs, namesake)
            .orElseGet(() -> new Divergence(control.checkpoint(), List.of()));
    Reading reading = new Reading(timeline, left, segmentSize());
    Deadline dumping = Deadline.in(deadline.left().multipliedBy(2).dividedBy(3));
    left.stretches().forEach(stretch -> reading.take(stretch, control, dumping));
    return reading;
  }

  private Path walFolder() {
    return parts.dataDir().resolve("pg_wal");
  }

  private List<Path> walFiles() {
    try (Stream<Path> all = Files.list(walFolder())) {
      return all.filter(file -> SEGMENT.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw OwnedFiles.failed(walFolder(), "look into it", e);
    }
  }

  private long segmentSize() {
    List<Path> files = walFiles();
    if (files.isEmpty()) {
      throw new PostgresException.DataDirectoryUnfit(walFolder(), "there is no WAL in it");
    }
    try {
      return Files.size(files.getFirst());
    } catch (IOException e) {
      throw OwnedFiles.failed(files.getFirst(), "see how long it is", e);
    }
  }

  private Segments segments(int timeline, long size) {
    SortedMap<Long, Path> found = new TreeMap<>();
    long inEach = (1L << 32) / size;
    for (Path file : walFiles()) {
      String name = file.getFileName().toString();
      if (Integer.parseUnsignedInt(name, 0, 8, 16) == timeline) {
        long high = Long.parseLong(name, 8, 16, 16);
        found.put(high * inEach + Long.parseLong(name, 16, 24, 16), file);
      }
    }
    return new Segments(found, size);
  }

  /** What was read so far. */
  private final class Reading {
    private final int timeline;
    private final Lsn from;
    private final long segmentSize;
    private final WalNotes notes;
    private final List<String> gaps = new ArrayList<>();
    private final List<Path> held = new ArrayList<>();
    private Lsn end;

    Reading(int timeline, Divergence left, long segmentSize) {
      this.timeline = timeline;
      this.from = left.at();
      this.segmentSize = segmentSize;
      this.notes = new WalNotes(left.at(), segmentSize);
      this.end = left.at();
    }

    void take(Divergence.Stretch stretch, ControlData control, Deadline deadline) {
      Segments segments = segments(stretch.timeline(), segmentSize);
      long wanted = segments.holding(stretch.from());
      SortedMap<Long, Path> there = segments.files().tailMap(wanted);
      if (there.isEmpty()) {
        if (stretch.to().isPresent() || control.checkpoint().reached(stretch.from())) {
          gaps.add("no WAL of timeline " + stretch.timeline() + " is left");
        }
        return;
      }
      Lsn begin = segments.begin(there.firstKey());
      if (there.firstKey() > wanted) {
        gaps.add("the WAL from %s to %s is gone".formatted(stretch.from(), begin));
      }
      dump(stretch, begin, deadline);
      long last = segments.holding(end);
      there.headMap(last + 1).values().forEach(held::add);
    }

    private void dump(Divergence.Stretch stretch, Lsn begin, Deadline deadline) {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "-p",
                  walFolder().toString(),
                  "-t",
                  Integer.toString(stretch.timeline()),
                  "-s",
                  begin.toString()));
      stretch.to().ifPresent(to -> arguments.addAll(List.of("-e", to.toString())));
      List<String> complaints = new ArrayList<>();
      OptionalInt exit =
          parts.programs().stream(
              "pg_waldump",
              arguments,
              "",
              line -> {
                notes.line(line);
                if (line.startsWith("pg_waldump: ")) {
                  complaints.add(line);
                }
              },
              deadline);
      notes.end().filter(at -> at.reached(end)).ifPresent(at -> end = at);
      if (exit.isEmpty()) {
        gaps.add(
            "not completely listed: pg_waldump was ended after %s, at %s"
                .formatted(shown(deadline.budget()), end));
      } else if (notes.end().isEmpty() && exit.getAsInt() != 0 && !isEnd(complaints)) {
        // A torn or missing record is where the WAL of a crashed server ends: no word about that.
        gaps.add("it cannot be read: " + String.join("; ", complaints));
      }
    }

    LostWork work(Map<WalNotes.Node, OfflineCatalog.Name> names) {
      return new LostTables(notes, names, TABLES).work(timeline, from, end, gaps);
    }

    private Map<WalNotes.Node, OfflineCatalog.Name> names(Deadline deadline) {
      if (notes.changed().isEmpty()) {
        return Map.of();
      }
      try {
        return catalog.names(notes.changed().keySet(), deadline);
      } catch (PostgresException e) {
        gaps.add("the names of tables are not known: " + e.getMessage());
        return Map.of();
      }
    }
  }

  private static boolean isEnd(List<String> complaints) {
    return complaints.stream()
        .anyMatch(
            it -> it.contains("could not find a valid record") || it.contains("in WAL record"));
  }

  private static String shown(Duration budget) {
    return budget.toMillis() / 1000 + " s";
  }
}
