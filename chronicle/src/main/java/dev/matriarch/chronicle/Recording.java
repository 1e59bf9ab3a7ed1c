package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What could be read of a member's recording.
 *
 * @param entries in the order in which they were written
 * @param notes what could not be read, or was written by another version, each a sentence
 */
public record Recording(Source source, List<Entry> entries, List<String> notes) {
  public Recording {
    requireNonNull(source, "source is null");
    entries = List.copyOf(entries);
    notes = List.copyOf(notes);
  }
}
