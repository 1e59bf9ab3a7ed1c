package dev.matriarch.engine.sim;

/**
 * A server's WAL. What is flushed survives the loss of the host; what is only written survives the
 * death of the server's processes and nothing more.
 */
final class Wal {
  private final World world;
  private final int index;
  private Position flushed = Position.NOWHERE;
  private Position written = Position.NOWHERE;

  /** Raised by whatever makes pending flushes pointless. */
  private int life;

  Wal(World world, int index) {
    this.world = world;
    this.index = index;
  }

  Position flushed() {
    return flushed;
  }

  Position written() {
    return written;
  }

  /** Adds WAL; {@code then} once it is flushed. */
  void write(Position to, Runnable then) {
    written = to;
    int mine = life;
    world
        .agenda()
        .in(
            world.flushTime(index),
            () -> {
              if (mine == life) {
                if (!flushed.contains(to)) {
                  flushed = to;
                }
                then.run();
              }
            });
  }

  /** The data is another, all of it on disk. */
  void reset(Position to) {
    life++;
    flushed = to;
    written = to;
  }

  /** Whoever ends flushes what it has; what dead processes wrote is read again from the cache. */
  void settle() {
    reset(written);
  }

  /** The host went down. */
  void loseUnflushed() {
    reset(flushed);
  }
}
