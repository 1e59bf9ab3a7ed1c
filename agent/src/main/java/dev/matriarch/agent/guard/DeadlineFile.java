package dev.matriarch.agent.guard;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps the lease's deadline beyond the agent's death, so that the next agent knows how long the
 * primary that it adopts may go on. Written atomically.
 */
public final class DeadlineFile {

  public DeadlineFile(Path file) {}

  /**
   * What was written.
   *
   * @param remaining until the deadline; negative when it has passed
   * @param revision of the leader key at the last renewal
   */
  public record Entry(Duration remaining, long revision) {}

  /** Writes that the deadline is so far away. */
  public void write(Duration remaining, long revision) throws IOException {}

  /** What was written since the machine started; empty when there is nothing to go by. */
  public Optional<Entry> read() {
    return Optional.empty();
  }

  /** Forgets it: this member does not lead. */
  public void clear() throws IOException {}
}
