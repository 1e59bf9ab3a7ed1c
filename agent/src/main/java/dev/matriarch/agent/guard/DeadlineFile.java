package dev.matriarch.agent.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps the lease's deadline beyond the agent's death, so that the next agent knows how long the
 * primary that it adopts may go on. Written atomically. Thread-safe.
 *
 * <p>It holds the boot's id, the deadline in nanoseconds of {@code CLOCK_MONOTONIC}, which all
 * processes of a boot share and which {@link System#nanoTime} reads on Linux, and the revision. It
 * is not synced to the disk: it has to survive the process, and what outlives the boot says nothing
 * any more.
 */
public final class DeadlineFile {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Pattern CONTENT =
      Pattern.compile("([0-9a-f-]{36}) (-?[0-9]{1,18}) ([0-9]{1,18})\n");

  /** A longer lease there is not: such a deadline is not one that was written here. */
  private static final Duration MOST = Duration.ofDays(1);

  private final Path file;
  private final Path next;
  private final Path bootId;
  private final LongSupplier nanos;

  public DeadlineFile(Path file) {
    this(file, BOOT_ID, System::nanoTime);
  }

  DeadlineFile(Path file, Path bootId, LongSupplier nanos) {
    this.file = requireNonNull(file, "file is null");
    this.next = file.resolveSibling(file.getFileName() + ".new");
    this.bootId = requireNonNull(bootId, "bootId is null");
    this.nanos = requireNonNull(nanos, "nanos is null");
  }

  /**
   * What was written.
   *
   * @param remaining until the deadline; negative when it has passed
   * @param revision of the leader key at the last renewal
   */
  public record Entry(Duration remaining, long revision) {
    public Entry {
      requireNonNull(remaining, "remaining is null");
    }
  }

  /** Writes that the deadline is so far away. */
  public synchronized void write(Duration remaining, long revision) throws IOException {
    long deadline = Math.addExact(nanos.getAsLong(), remaining.toNanos());
    String content = boot() + " " + deadline + " " + revision + "\n";
    Files.deleteIfExists(next);
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            next,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      Channels.newOutputStream(channel).write(content.getBytes(UTF_8));
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What was written since the machine started; empty when there is nothing to go by. */
  public Optional<Entry> read() {
    try {
      Matcher content = CONTENT.matcher(Files.readString(file));
      if (!content.matches() || !content.group(1).equals(boot())) {
        return Optional.empty();
      }
      long deadline = Long.parseLong(content.group(2));
      Duration remaining = Duration.ofNanos(deadline - nanos.getAsLong());
      return remaining.compareTo(MOST) > 0
          ? Optional.empty()
          : Optional.of(new Entry(remaining, Long.parseLong(content.group(3))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Forgets it: this member does not lead. */
  public synchronized void clear() throws IOException {
    Files.deleteIfExists(file);
  }

  private String boot() throws IOException {
    return Files.readString(bootId).strip();
  }
}
