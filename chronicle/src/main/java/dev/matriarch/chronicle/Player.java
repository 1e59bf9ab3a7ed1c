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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads recordings, compressed or not. */
public final class Player {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int GZIP = 0x1f;

  private Player() {}

  /**
   * Reads one file. A last line that its writer did not finish is passed over.
   *
   * @throws Unreadable if it is no recording, or of a form that this version does not know
   * @throws IOException if the file cannot be read
   */
  public static Recording file(Path file) throws Unreadable, IOException {
    return file(file, entry -> true);
  }

  /** The same with only those entries that are wanted; for files larger than what is asked for. */
  public static Recording file(Path file, Predicate<Entry> wanted) throws Unreadable, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.getFileName().toString(), in, wanted);
    }
  }

  /** Reads what an agent answered, or a stream of the same form. */
  public static Recording read(String name, InputStream in, Predicate<Entry> wanted)
      throws Unreadable, IOException {
    BufferedInputStream raw = new BufferedInputStream(in);
    raw.mark(1);
    boolean compressed = raw.read() == GZIP;
    raw.reset();
    InputStream plain;
    try {
      plain = compressed ? new Forgiving(new GZIPInputStream(raw)) : raw;
    } catch (EOFException | ZipException e) {
      throw new Unreadable(name + ": it ends before its first line");
    }
    return lines(name, new BufferedReader(new InputStreamReader(plain, UTF_8)), wanted);
  }

  private static Recording lines(String name, BufferedReader in, Predicate<Entry> wanted)
      throws Unreadable, IOException {
    List<Entry> entries = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    String first = next(in);
    if (first.isEmpty()) {
      throw new Unreadable(name + ": it ends before its first line");
    }
    Tape tape;
    try {
      tape = Tape.begin(tree(first));
    } catch (Unreadable | JsonProcessingException e) {
      String why = e instanceof Unreadable ? e.getMessage() : "it is no recording of an agent";
      throw new Unreadable(name + ": " + why);
    }
    versions(name, tape).forEach(notes::add);
    for (String line = next(in); !line.isEmpty(); line = next(in)) {
      try {
        Entry entry = tape.entry(tree(line));
        if (wanted.test(entry)) {
          entries.add(entry);
        }
      } catch (Unreadable | JsonProcessingException e) {
        // What follows is written as changes of this line: it cannot be read without it.
        notes.add("%s: ends with a torn line after %d decisions".formatted(name, entries.size()));
        break;
      }
    }
    return new Recording(tape.source(), entries, notes);
  }

  /** The next line; empty at the end. */
  private static String next(BufferedReader in) throws IOException {
    String line = in.readLine();
    return line == null ? "" : line;
  }

  private static JsonNode tree(String line) throws JsonProcessingException {
    return JSON.readTree(line);
  }

  private static List<String> versions(String name, Tape tape) {
    Shape current = Shape.current();
    List<String> notes = new ArrayList<>();
    List<String> unknown = tape.shape().beyond(current);
    if (!unknown.isEmpty()) {
      notes.add(
          "%s: version %s wrote what this version does not know: %s"
              .formatted(name, tape.source().version(), String.join(", ", unknown)));
    }
    List<String> missing = current.beyond(tape.shape());
    if (!missing.isEmpty()) {
      notes.add(
          "%s: version %s did not know yet: %s; taken as nothing known"
              .formatted(name, tape.source().version(), String.join(", ", missing)));
    }
    return notes;
  }
}
