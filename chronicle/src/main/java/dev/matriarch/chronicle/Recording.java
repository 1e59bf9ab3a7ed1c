package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What could be read of a member's recording.
 *
 * @param entries in the order in which they were written
 * @param notes what could not be read, or was written by another version, each a sentence
 * @param more where to go on asking, if this is an answer that did not hold all
 */
public record Recording(
    Source source, List<Entry> entries, List<String> notes, Optional<Instant> more) {
  public Recording {
    requireNonNull(source, "source is null");
    entries = List.copyOf(entries);
    notes = List.copyOf(notes);
    requireNonNull(more, "more is null");
  }
}
