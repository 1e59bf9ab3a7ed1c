package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What a ring holds of a span of time, as a recording of its own.
 *
 * @param text lines of JSON; empty where nothing was recorded. If not all fitted, its last line
 *     says where to go on
 */
public record Excerpt(String text) {
  public Excerpt {
    requireNonNull(text, "text is null");
  }

  /**
   * Reads it, oldest first, until {@code most} characters are reached.
   *
   * @throws IOException if the folder cannot be read
   */
  public static Excerpt of(Ring ring, Instant since, Instant until, int most) throws IOException {
    Cutter cutter = new Cutter(since, until, most);
    for (Path file : ring.files()) {
      try {
        // A file is written to until its last decision: what ended before is not opened.
        if (!Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
          cutter.nextFile();
          Player.play(file, cutter::take);
        }
      } catch (NoSuchFileException | Unreadable e) {
        // Pruned meanwhile, or just begun: there is nothing to tell of it.
        cutter.nextFile();
      }
      if (cutter.more.isPresent()) {
        break;
      }
    }
    return new Excerpt(cutter.text());
  }

  /** Takes what lies within and tapes it anew. */
  private static final class Cutter {
    private final Instant since;
    private final Instant until;
    private final int most;
    private final StringBuilder text = new StringBuilder();
    private Optional<Tape> tape = Optional.empty();
    private Optional<Instant> more = Optional.empty();

    Cutter(Instant since, Instant until, int most) {
      this.since = since;
      this.until = until;
      this.most = most;
    }

    void nextFile() {
      tape = Optional.empty();
    }

    void take(Entry entry) {
      if (entry.at().isBefore(since) || entry.at().isAfter(until) || more.isPresent()) {
        return;
      }
      if (text.length() >= most) {
        more = Optional.of(entry.at());
        return;
      }
      if (tape.isEmpty()) {
        tape = Optional.of(new Tape(entry.source(), entry.shape()));
        line(tape.get().head());
      }
      line(tape.get().line(entry));
    }

    String text() {
      more.ifPresent(
          at -> line(JsonNodeFactory.instance.objectNode().put(Tape.MORE, at.toString())));
      return text.toString();
    }

    private void line(JsonNode line) {
      text.append(line).append('\n');
    }
  }
}
