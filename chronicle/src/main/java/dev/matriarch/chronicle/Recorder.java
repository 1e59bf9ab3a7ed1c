package dev.matriarch.chronicle;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Decision;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.View;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a member decided, and what it was decided from, in a {@link Ring} of files.
 *
 * <p>Whoever decides only puts into a bounded queue; one thread writes. Should the disk not follow,
 * decisions are dropped, and how many stands with the next one that is recorded.
 */
public final class Recorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  private static final int QUEUE = 1024;
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Ring ring;
  private final Source source;
  private final Taker taker;
  private final InstantSource wall;
  private final Notability notability = new Notability();
  private final BlockingQueue<Taken> queue;
  private final AtomicInteger dropped = new AtomicInteger();
  private final Thread thread;

  private Optional<Reel> reel = Optional.empty();
  private Instant notBefore = Instant.MIN;

  /** What was decided; all of it immutable, so that it can be written at leisure. */
  private record Taken(Instant at, View before, Event event, Instant now, Decision made) {}

  private Recorder(Ring ring, Source source, InstantSource wall, int room) {
    this.ring = requireNonNull(ring, "ring is null");
    this.source = requireNonNull(source, "source is null");
    this.taker = new Taker(source);
    this.wall = requireNonNull(wall, "wall is null");
    this.queue = new ArrayBlockingQueue<>(room);
    // No virtual thread: a disk that hangs would keep one of their few carriers.
    this.thread = Thread.ofPlatform().name("recorder").daemon().unstarted(this::write);
  }

  /** Begins to record; a disk that cannot be written to is logged, and tried again. */
  public static Recorder start(Ring ring, Source source, InstantSource wall) {
    Recorder recorder = new Recorder(ring, source, wall, QUEUE);
    recorder.thread.start();
    return recorder;
  }

  /** Not writing yet, with so much room: for a test of what happens when nobody writes. */
  static Recorder stalled(Ring ring, Source source, InstantSource wall, int room) {
    return new Recorder(ring, source, wall, room);
  }

  void go() {
    thread.start();
  }

  /** Takes note of a decision, if it is worth it; called by the loop, never waits. */
  public void took(View before, Event event, Instant now, Decision made) {
    if (notability.isNotable(before, event, made)
        && !queue.offer(new Taken(wall.instant(), before, event, now, made))) {
      dropped.incrementAndGet();
    }
  }

  private void write() {
    // What is decided meanwhile, in the midst of a failover, is more urgent than its record.
    Niceness.giveWay();
    try {
      while (true) {
        write(queue.take());
      }
    } catch (InterruptedException e) {
      queue.forEach(this::write);
      end();
    }
  }

  private void write(Taken taken) {
    if (taken.at().isBefore(notBefore)) {
      dropped.incrementAndGet();
      return;
    }
    int missing = dropped.getAndSet(0);
    try {
      Reel open = reel(taken.at());
      open.write(
          taker.entry(
              taken.at(), taken.before(), taken.event(), taken.now(), taken.made(), missing));
      notBefore = Instant.MIN;
    } catch (IOException | RuntimeException e) {
      dropped.addAndGet(missing + 1);
      end();
      LOG.warn(
          "{}: decisions are not recorded: {}; tried again in {} s",
          ring.folder(),
          e.toString(),
          AFTER_FAILURE.toSeconds());
      notBefore = taken.at().plus(AFTER_FAILURE);
    }
  }

  private Reel reel(Instant at) throws IOException {
    if (reel.filter(open -> open.isFull(ring.limits(), at)).isPresent()) {
      end();
    }
    if (reel.isEmpty()) {
      reel = Optional.of(new Reel(ring.begin(at), at, new Tape(source, taker.shape())));
      ring.prune(reel.get().file(), at);
    }
    return reel.get();
  }

  private void end() {
    try {
      if (reel.isPresent()) {
        reel.get().close();
      }
    } catch (IOException e) {
      LOG.warn("{}: not closed well: {}", reel.orElseThrow().file(), e.getMessage());
    }
    reel = Optional.empty();
  }

  /** Writes what is left, for at most a second. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
