package dev.matriarch.chronicle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far the wall clocks of members differ, told by etcd: all that are connected to it hear of a
 * revision at the same moment, but for milliseconds. A difference counts only where several
 * revisions agree on it, since a member that was cut off hears of some much later.
 */
final class Clocks {
  private static final int FEWEST = 3;

  /** Less is what it may take to hear of a revision. */
  private static final Duration LEAST = Duration.ofMillis(50);

  private static final Duration AGREEMENT = Duration.ofMillis(500);

  private final SortedMap<String, Map<Long, Instant>> heard = new TreeMap<>();
  private final Map<String, Duration> ahead = new HashMap<>();
  private final List<String> notes = new ArrayList<>();

  private Clocks() {}

  static Clocks of(List<Entry> entries) {
    Clocks clocks = new Clocks();
    for (Entry entry : entries) {
      long revision = entry.happened("state", "revision").asLong();
      if (entry.eventKind().equals("StoreRead") && revision > 0) {
        clocks
            .heard
            .computeIfAbsent(entry.source().member(), name -> new HashMap<>())
            .putIfAbsent(revision, entry.at());
      }
    }
    clocks.compare();
    return clocks;
  }

  private void compare() {
    Optional<String> reference =
        heard.keySet().stream().max(Comparator.comparingInt(name -> heard.get(name).size()));
    for (String member : heard.keySet()) {
      if (!member.equals(reference.orElseThrow())) {
        difference(member, reference.get()).ifPresent(by -> note(member, reference.get(), by));
      }
    }
  }

  private Optional<Duration> difference(String member, String reference) {
    Map<Long, Instant> own = heard.get(member);
    Map<Long, Instant> theirs = heard.get(reference);
    List<Duration> all =
        own.keySet().stream()
            .filter(theirs::containsKey)
            .map(revision -> Duration.between(theirs.get(revision), own.get(revision)))
            .sorted()
            .toList();
    if (all.size() < FEWEST) {
      return Optional.empty();
    }
    Duration spread = all.get(all.size() * 3 / 4).minus(all.get(all.size() / 4));
    Duration median = all.get(all.size() / 2);
    return spread.compareTo(AGREEMENT) <= 0 && median.abs().compareTo(LEAST) >= 0
        ? Optional.of(median)
        : Optional.empty();
  }

  private void note(String member, String reference, Duration by) {
    ahead.put(member, by);
    notes.add(
        "the clock of %s is %.3f s %s that of %s, as etcd's revisions show; its times are told by the latter"
            .formatted(
                member,
                by.abs().toMillis() / 1000.0,
                by.isNegative() ? "behind" : "ahead of",
                reference));
  }

  /** The entry with its time on the clock that the story is told by. */
  Entry told(Entry entry) {
    Duration by = ahead.getOrDefault(entry.source().member(), Duration.ZERO);
    return by.isZero() ? entry : entry.at(entry.at().minus(by));
  }

  List<String> notes() {
    return List.copyOf(notes);
  }
}
