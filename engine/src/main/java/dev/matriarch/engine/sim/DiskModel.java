package dev.matriarch.engine.sim;

import dev.matriarch.engine.Disk;
import java.util.ArrayList;
import java.util.List;

/** The disk below one server: it may stop answering for a while, and it may be nearly full. */
final class DiskModel {
  private static final long GIB = 1L << 30;

  private final List<Runnable> waiting = new ArrayList<>();
  private boolean hung;
  private boolean full;
  private long reserve;

  boolean isHung() {
    return hung;
  }

  /** Goes on with {@code work} at once, or when the disk answers again. */
  void once(Runnable work) {
    if (hung) {
      waiting.add(work);
    } else {
      work.run();
    }
  }

  void hang() {
    hung = true;
  }

  void answer() {
    hung = false;
    List<Runnable> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(Runnable::run);
  }

  void fill(boolean now) {
    full = now;
  }

  void reserve(long bytes) {
    reserve = bytes;
  }

  Disk look() {
    long free = full ? (20L << 20) : 50 * GIB;
    return new Disk(!hung, free, 100 * GIB, reserve);
  }
}
