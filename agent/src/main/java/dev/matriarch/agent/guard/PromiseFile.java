package dev.matriarch.agent.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps a promise to a leader without etcd beyond the agent's death and the host's: it is on the
 * disk before it is given. Beside the data directory, as it binds this data alone.
 *
 * <p>It holds the boot's id, the end in nanoseconds of {@code CLOCK_MONOTONIC}, the length in
 * milliseconds, and the leader. After another boot nobody knows how much of it has passed: all of
 * it counts from when the agent starts.
 */
public final class PromiseFile {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Pattern CONTENT =
      Pattern.compile("([0-9a-f-]{36}) (-?[0-9]{1,19}) ([0-9]{1,10}) (.+)\n");

  private final Path file;
  private final Path bootId;
  private final LongSupplier nanos;
  private final InstantSource monotonic;

  /** Beside a data directory; {@code monotonic} is the clock of the promises. */
  public static PromiseFile beside(Path dataDirectory, InstantSource monotonic) {
    return new PromiseFile(
        dataDirectory.resolveSibling(dataDirectory.getFileName() + ".promise"),
        BOOT_ID,
        System::nanoTime,
        monotonic);
  }

  PromiseFile(Path file, Path bootId, LongSupplier nanos, InstantSource monotonic) {
    this.file = requireNonNull(file, "file is null");
    this.bootId = requireNonNull(bootId, "bootId is null");
    this.nanos = requireNonNull(nanos, "nanos is null");
    this.monotonic = requireNonNull(monotonic, "monotonic is null");
  }

  /** Returns when it is on the disk. */
  public synchronized void write(Promise promise) throws IOException {
    Duration left = Duration.between(monotonic.instant(), promise.until());
    long end = Math.addExact(nanos.getAsLong(), left.toNanos());
    String content =
        "%s %d %d %s\n".formatted(boot(), end, Math.max(0, left.toMillis()), promise.leader());
    Files.createDirectories(file.getParent());
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /** What still binds; {@link Promise#NONE} when nothing was promised. */
  public Promise read() {
    Instant now = monotonic.instant();
    try {
      Matcher content = CONTENT.matcher(Files.readString(file));
      if (!content.matches()) {
        return Promise.NONE;
      }
      Duration whole = Duration.ofMillis(Long.parseLong(content.group(3)));
      Duration left =
          content.group(1).equals(boot())
              ? Duration.ofNanos(Long.parseLong(content.group(2)) - nanos.getAsLong())
              : whole;
      return left.isPositive() ? new Promise(content.group(4), now, now.plus(left)) : Promise.NONE;
    } catch (IOException e) {
      return Promise.NONE;
    }
  }

  private String boot() throws IOException {
    return Files.readString(bootId).strip();
  }
}
