package dev.matriarch.agent.guard;

import static java.util.Objects.requireNonNull;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Tells the parent process, through a FIFO, that the agent's loop makes progress. Nobody reading is
 * no error.
 *
 * <p>The FIFO is opened for each beat, in both directions: that never waits for a reader, needs no
 * care when the parent makes the FIFO anew, and leaves nothing open that a child could inherit. The
 * parent holds it open in both directions too, so it never sees its end, and what was written stays
 * for it.
 */
public final class Heartbeat implements AutoCloseable {

  /** With so many bytes unread the reader hangs; a full pipe would make this hang as well. */
  private static final int MOST_UNREAD = 4096;

  private final Path fifo;
  private final Supplier<Instant> lastTurn;
  private final Thread thread;

  private Heartbeat(Path fifo, Duration interval, Supplier<Instant> lastTurn) {
    this.fifo = requireNonNull(fifo, "fifo is null");
    this.lastTurn = requireNonNull(lastTurn, "lastTurn is null");
    long pause = interval.toNanos();
    this.thread = Thread.ofPlatform().daemon().name("heartbeat").unstarted(() -> run(pause));
  }

  /**
   * Writes a byte at each interval in which the loop has turned.
   *
   * @param lastTurn when it turned last
   */
  public static Heartbeat start(Path fifo, Duration interval, Supplier<Instant> lastTurn) {
    Heartbeat heartbeat = new Heartbeat(fifo, interval, lastTurn);
    heartbeat.thread.start();
    return heartbeat;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run(long pause) {
    Instant before = lastTurn.get();
    while (!Thread.currentThread().isInterrupted()) {
      Instant now = lastTurn.get();
      if (now.isAfter(before) && beat()) {
        before = now;
      }
      LockSupport.parkNanos(this, pause);
    }
  }

  /** Whether the parent has, or soon will have, heard of the progress. */
  private boolean beat() {
    if (!isFifo()) {
      // Opening in both directions would make a plain file of that name.
      return false;
    }
    try (RandomAccessFile pipe = new RandomAccessFile(fifo.toFile(), "rw");
        FileInputStream unread = new FileInputStream(pipe.getFD())) {
      if (unread.available() < MOST_UNREAD) {
        pipe.write('.');
      }
      return true;
    } catch (IOException e) {
      // Whoever misses the beat says so; there is nothing better to try than the next one.
      return false;
    }
  }

  private boolean isFifo() {
    try {
      return Files.readAttributes(fifo, BasicFileAttributes.class).isOther();
    } catch (IOException e) {
      return false;
    }
  }
}
