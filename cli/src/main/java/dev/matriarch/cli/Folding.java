package dev.matriarch.cli;

import dev.matriarch.chronicle.Entry;
import dev.matriarch.chronicle.Knowledge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Leaves out what a member decided again: that it still waits for the same, knowing the same but
 * for amounts. Whatever it ordered is told.
 */
final class Folding {
  /** Positions, and numbers that are no part of a name and no timeline's. */
  private static final Pattern AMOUNT =
      Pattern.compile("\\b[0-9A-F]+/[0-9A-F]+\\b|(?<![\\w./-])(?<!timeline )\\d[\\d.]*");

  /** What brings news that the knowledge shows, or none. */
  private static final Set<String> SIGHTS =
      Set.of("Tick", "ServerSeen", "StoreRead", "LeaseRenewed", "PeerAnswered");

  /**
   * An entry that is told.
   *
   * @param again how often it was decided again
   * @param until when for the last time
   */
  record Told(Entry entry, int again, Instant until) {}

  private final List<Told> all = new ArrayList<>();
  private final Map<String, Integer> latest = new HashMap<>();
  private final Map<String, String> meaning = new HashMap<>();

  private Folding() {}

  static List<Told> of(List<Entry> entries) {
    Folding folding = new Folding();
    entries.forEach(folding::add);
    return List.copyOf(folding.all);
  }

  private void add(Entry entry) {
    String member = entry.source().member();
    String means = meaning(entry);
    boolean same =
        entry.ordered().isEmpty() && entry.dropped() == 0 && means.equals(meaning.get(member));
    if (same) {
      int index = latest.get(member);
      Told first = all.get(index);
      all.set(index, new Told(first.entry(), first.again() + 1, entry.at()));
      return;
    }
    meaning.put(member, entry.ordered().isEmpty() ? means : "");
    latest.put(member, all.size());
    all.add(new Told(entry, 0, entry.at()));
  }

  private static String meaning(Entry entry) {
    String all =
        String.join(
            "|",
            entry.rule(),
            entry.reason(),
            SIGHTS.contains(entry.eventKind()) ? "" : Knowledge.event(entry),
            Knowledge.of(entry).toString());
    return AMOUNT.matcher(all).replaceAll("#");
  }
}
