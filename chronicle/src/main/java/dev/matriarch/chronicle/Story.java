package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What all members of a cluster recorded, as one. It is ordered by the wall clocks of their hosts,
 * as far as etcd's revisions show how those differ; where one is set meanwhile, the order of what
 * is told may differ from that of what happened.
 *
 * @param tellers the members that told
 * @param notes what could not be read of what they told
 */
public record Story(
    SortedSet<String> tellers, List<Entry> entries, List<LeadMove> moves, List<String> notes) {
  public Story {
    tellers = new TreeSet<>(requireNonNull(tellers, "tellers is null"));
    entries = List.copyOf(entries);
    moves = List.copyOf(moves);
    notes = List.copyOf(notes);
  }

  /** Of all members, each with as many recordings as it has, in their order. */
  public static Story of(Collection<Recording> recordings, Instant since, Instant until) {
    SortedSet<String> tellers = new TreeSet<>();
    List<Entry> entries = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Recording recording : recordings) {
      tellers.add(recording.source().member());
      recording.entries().stream()
          .filter(it -> !it.at().isBefore(since) && !it.at().isAfter(until))
          .forEach(entries::add);
      notes.addAll(recording.notes());
    }
    Clocks clocks = Clocks.of(entries);
    notes.addAll(clocks.notes());
    List<Entry> told =
        entries.stream().map(clocks::told).sorted(Comparator.comparing(Entry::at)).toList();
    return new Story(tellers, told, LeadMoves.in(told), notes);
  }
}
