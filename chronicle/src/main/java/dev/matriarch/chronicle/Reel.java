package dev.matriarch.chronicle;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

/**
 * One file that is being written: compressed, and flushed after each line, so that all but the line
 * being written survives a death.
 */
final class Reel implements AutoCloseable {
  private final Path file;
  private final Instant begun;
  private final Tape tape;
  private final Counter counter;
  private final OutputStream out;

  /** Counts what reaches the file. */
  private static final class Counter extends OutputStream {
    private final OutputStream to;
    private long bytes;

    Counter(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int one) throws IOException {
      to.write(one);
      bytes++;
    }

    @Override
    public void write(byte[] some, int from, int length) throws IOException {
      to.write(some, from, length);
      bytes += length;
    }

    @Override
    public void close() throws IOException {
      to.close();
    }
  }

  Reel(Path file, Instant begun, Tape tape) throws IOException {
    this.file = file;
    this.begun = begun;
    this.tape = tape;
    this.counter = new Counter(Files.newOutputStream(file, StandardOpenOption.APPEND));
    this.out = new GZIPOutputStream(counter, 4096, true);
    write(tape.head());
  }

  void write(Entry entry) throws IOException {
    write(tape.line(entry));
  }

  private void write(JsonNode line) throws IOException {
    out.write((line + "\n").getBytes(UTF_8));
    out.flush();
  }

  boolean isFull(Limits limits, Instant now) {
    return counter.bytes >= limits.fileBytes() || now.isAfter(begun.plus(limits.fileAge()));
  }

  Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
