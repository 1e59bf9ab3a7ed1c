package dev.matriarch.engine.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.PriorityQueue;

/** Virtual time, in microseconds, and what is to happen in it. */
final class Agenda {
  private record Entry(long at, long number, Runnable action) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long now;
  private long number;
  private Instant instant = Instant.EPOCH;

  long now() {
    return now;
  }

  Instant instant() {
    return instant;
  }

  void in(long micros, Runnable action) {
    entries.add(new Entry(now + Math.max(0, micros), number++, action));
  }

  void at(Instant when, Runnable action) {
    in(micros(when) - now, action);
  }

  boolean isDueBefore(long time) {
    return !entries.isEmpty() && entries.element().at() < time;
  }

  /** Lets the next thing happen. */
  void step() {
    Entry next = entries.remove();
    if (next.at() != now) {
      now = next.at();
      instant = Instant.EPOCH.plus(now, ChronoUnit.MICROS);
    }
    next.action().run();
  }

  static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static long millis(long millis) {
    return millis * 1000;
  }
}
