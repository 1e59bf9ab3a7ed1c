package dev.matriarch.engine;

/**
 * The file systems that hold a member's data and WAL, as last looked at: the fuller one counts.
 *
 * @param answering false when a look at them did not come back in time
 * @param free bytes left for the server
 * @param size bytes in all; 0 when nothing is known
 * @param reserve bytes held by the reserve file, which can be given up when they are needed
 */
public record Disk(boolean answering, long free, long size, long reserve) {
  private static final long MIB = 1L << 20;

  public static final Disk UNKNOWN = new Disk(true, 0, 0, 0);

  /** What it is good for. */
  public enum State {
    /** As far as is known. */
    FINE,
    /** Nearly full: whoever leads with it may have to stop soon. */
    FULL,
    /** It does not do what it is asked to: nothing can be made durable. */
    STUCK
  }

  public Disk {
    if (free < 0 || size < 0 || reserve < 0) {
      throw new IllegalArgumentException("a disk has no negative sizes");
    }
  }

  /** The reserve that such a disk should have: room for a few segments of WAL. */
  public long wantedReserve() {
    return Math.min(64 * MIB, size / 8);
  }

  /** Less than this beyond the reserve is nearly full: 2 %, from 64 MiB to 1 GiB. */
  private long least() {
    return Math.min(Math.clamp(size / 50, 64 * MIB, 1024 * MIB), size / 8);
  }

  /** What is left beyond the reserve, whether or not the reserve is there. */
  private long usable() {
    return free - Math.max(0, wantedReserve() - reserve);
  }

  public boolean isFull() {
    return size > 0 && usable() < least();
  }

  /** There is room to hold a reserve back, and more than that. */
  boolean canSpareReserve() {
    return size > 0 && usable() >= 2 * least();
  }
}
