package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The peers' answers to the last round of questions.
 *
 * @param askedAt when the round was sent
 * @param asked who was asked
 * @param reports the answers that came
 * @param silent who did not answer the round before, though others did: an election does not wait
 *     for them
 */
public record Peers(
    Optional<Instant> askedAt,
    SortedSet<String> asked,
    SortedMap<String, PeerReport> reports,
    SortedSet<String> silent) {
  public static final Peers UNASKED =
      new Peers(
          Optional.empty(),
          Collections.emptySortedSet(),
          Collections.emptySortedMap(),
          Collections.emptySortedSet());

  public Peers {
    requireNonNull(askedAt, "askedAt is null");
    asked = Collections.unmodifiableSortedSet(new TreeSet<>(asked));
    reports = Collections.unmodifiableSortedMap(new TreeMap<>(reports));
    silent = Collections.unmodifiableSortedSet(new TreeSet<>(silent));
  }

  Peers askedAgain(SortedSet<String> members, Instant now) {
    SortedSet<String> quiet = new TreeSet<>(asked);
    quiet.removeAll(reports.keySet());
    if (reports.isEmpty() && asked.size() > 1) {
      // Who hears nobody may be the one that is cut off.
      quiet.clear();
    }
    return new Peers(Optional.of(now), members, Collections.emptySortedMap(), quiet);
  }

  Peers answered(PeerReport report) {
    SortedMap<String, PeerReport> more = new TreeMap<>(reports);
    more.put(report.member(), report);
    return new Peers(askedAt, asked, more, silent);
  }

  /** Whether a round was sent at or after {@code since}. */
  public boolean wereAskedSince(Instant since) {
    return askedAt.filter(at -> !at.isBefore(since)).isPresent();
  }

  /** Whether everyone has answered from whom an answer can be expected. */
  public boolean haveAnswered() {
    return asked.stream().allMatch(name -> reports.containsKey(name) || silent.contains(name));
  }
}
