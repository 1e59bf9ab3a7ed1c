package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Decision;
import dev.matriarch.engine.Engine;
import java.util.ArrayList;
import java.util.List;

/**
 * Recorded inputs run through today's engine, each decision by itself: one that differs does not
 * make those after it differ.
 *
 * @param decisions how many were run
 * @param differences those that came out otherwise
 * @param notes what could not be run, and why
 */
public record Replay(int decisions, List<Difference> differences, List<String> notes) {
  public Replay {
    differences = List.copyOf(differences);
    notes = List.copyOf(notes);
  }

  public static Replay of(Recording recording, Engine engine) {
    requireNonNull(recording, "recording is null");
    List<Difference> differences = new ArrayList<>();
    List<String> notes = new ArrayList<>(recording.notes());
    Taker taker = new Taker(recording.source());
    int run = 0;
    for (Entry entry : recording.entries()) {
      try {
        Difference outcome = new Difference(entry, decided(entry, engine, taker));
        run++;
        if (!outcome.lines().isEmpty()) {
          differences.add(outcome);
        }
      } catch (Unreadable e) {
        notes.add("%s: cannot be run: %s".formatted(entry.at(), e.getMessage()));
      }
    }
    return new Replay(run, differences, notes);
  }

  /** What today's engine makes of an entry's inputs. */
  static Entry decided(Entry entry, Engine engine, Taker taker) throws Unreadable {
    Inputs in = entry.inputs();
    Decision made = engine.decide(in.before(), in.event(), in.now());
    return taker.entry(entry.at(), in.before(), in.event(), in.now(), made, entry.dropped());
  }
}
