package dev.matriarch.chronicle;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads recordings, compressed or not. */
public final class Player {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int GZIP = 0x1f;

  private final String name;
  private final Shape current = Shape.current();
  private final List<String> notes = new ArrayList<>();
  private Optional<Instant> more = Optional.empty();

  private Player(String name) {
    this.name = name;
  }

  /**
   * Reads one file. A last line that its writer did not finish is passed over.
   *
   * @throws Unreadable if it is no recording, or of a form that this version does not know
   * @throws IOException if the file cannot be read
   */
  public static Recording file(Path file) throws Unreadable, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.getFileName().toString(), in);
    }
  }

  /** Reads a stream of recordings, one after the other: what an agent answers. */
  public static Recording read(String name, InputStream in) throws Unreadable, IOException {
    List<Entry> entries = new ArrayList<>();
    Player player = new Player(name);
    Tape last = player.play(in, entries::add);
    return new Recording(last.source(), entries, player.notes, player.more);
  }

  /** Reads a file without keeping it in memory. */
  static void play(Path file, Consumer<Entry> to) throws Unreadable, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      new Player(file.getFileName().toString()).play(in, to);
    }
  }

  private Tape play(InputStream in, Consumer<Entry> to) throws Unreadable, IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(plain(in), UTF_8));
    Tape tape = begin(next(lines));
    long count = 0;
    for (String line = next(lines); !line.isEmpty(); line = next(lines)) {
      try {
        JsonNode json = JSON.readTree(line);
        if (json.has(Tape.HEAD)) {
          tape = begin(json);
        } else if (json.has(Tape.MORE)) {
          more = Optional.of(Tape.time(json, Tape.MORE));
        } else {
          to.accept(tape.entry(json));
          count++;
        }
      } catch (Unreadable | JsonProcessingException e) {
        // What follows is written as changes of this line: it cannot be read without it.
        notes.add("%s: ends with a torn line after %d decisions".formatted(name, count));
        return tape;
      }
    }
    return tape;
  }

  private InputStream plain(InputStream in) throws Unreadable, IOException {
    BufferedInputStream raw = new BufferedInputStream(in);
    raw.mark(1);
    boolean compressed = raw.read() == GZIP;
    raw.reset();
    try {
      return compressed ? new Forgiving(new GZIPInputStream(raw)) : raw;
    } catch (EOFException | ZipException e) {
      throw new Unreadable(name + ": it ends before its first line");
    }
  }

  /** The next line; empty at the end. */
  private static String next(BufferedReader in) throws IOException {
    String line = in.readLine();
    return line == null ? "" : line;
  }

  private Tape begin(String line) throws Unreadable {
    if (line.isEmpty()) {
      throw new Unreadable(name + ": it ends before its first line");
    }
    try {
      return begin(JSON.readTree(line));
    } catch (JsonProcessingException e) {
      throw new Unreadable(name + ": it is no recording of an agent");
    }
  }

  private Tape begin(JsonNode head) throws Unreadable {
    Tape tape;
    try {
      tape = Tape.begin(head);
    } catch (Unreadable e) {
      throw new Unreadable(name + ": " + e.getMessage());
    }
    note("wrote what this version does not know", tape, tape.shape().beyond(current));
    note("did not know yet, taken as nothing known", tape, current.beyond(tape.shape()));
    return tape;
  }

  private void note(String what, Tape tape, List<String> parts) {
    if (!parts.isEmpty()) {
      notes.add(
          "%s: version %s %s: %s"
              .formatted(name, tape.source().version(), what, String.join(", ", parts)));
    }
  }
}
