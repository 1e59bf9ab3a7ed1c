package dev.matriarch.agent.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the server at the lease's end when the agent is frozen: a shell of 4 MiB beside the agent,
 * which is told each new deadline, and needs neither rights nor a device. It ends with the agent
 * and then leaves the server alone, as PostgreSQL has to survive its agent's death (contract,
 * process rules). Thread-safe; a call may wait for the shell, so keep it off the path of renewals.
 */
public final class Sentinel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sentinel.class);
  private static final Path UPTIME = Path.of("/proc/uptime");

  private final Path dataDir;
  private final InstantSource monotonic;
  private Optional<Process> shell = Optional.empty();
  private volatile boolean resting;

  /** For a server; {@code monotonic} is the clock of the deadlines. */
  public Sentinel(Path dataDir, InstantSource monotonic) {
    this.dataDir = requireNonNull(dataDir, "dataDir is null");
    this.monotonic = requireNonNull(monotonic, "monotonic is null");
  }

  /** The server may go on until then; said again, until some later time. */
  public synchronized void until(Instant deadline) {
    requireNonNull(deadline, "deadline is null");
    if (resting) {
      return;
    }
    try {
      Duration left = Duration.between(monotonic.instant(), deadline);
      tell(running(), Long.toString(Math.max(1, uptime() + left.toMillis())));
    } catch (IOException e) {
      LOG.error("nobody stops the server should this agent freeze: {}", e.getMessage());
      close();
    }
  }

  /** The server may go on for as long as it likes: it is no primary. */
  public synchronized void leave() {
    shell
        .filter(Process::isAlive)
        .ifPresent(
            process -> {
              try {
                tell(process, "");
              } catch (IOException e) {
                close();
              }
            });
  }

  /**
   * While a cluster is paused no server is stopped, whatever becomes of its lease. Never blocks.
   */
  public void rest(boolean paused) {
    boolean begins = paused && !resting;
    resting = paused;
    if (begins) {
      Thread.ofVirtual().name("sentinel").start(this::leave);
    }
  }

  private static void tell(Process process, String deadline) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write((deadline + "\n").getBytes(UTF_8));
    input.flush();
  }

  /** A session of its own: what freezes the agent's group of processes must not freeze it. */
  private Process running() throws IOException {
    if (shell.filter(Process::isAlive).isEmpty()) {
      shell =
          Optional.of(
              new ProcessBuilder("setsid", "bash", "-c", script(), "sentinel", dataDir.toString())
                  .redirectOutput(Redirect.DISCARD)
                  .redirectError(Redirect.INHERIT)
                  .start());
    }
    return shell.orElseThrow();
  }

  static String script() {
    try (InputStream script = Sentinel.class.getResourceAsStream("sentinel.sh")) {
      return new String(requireNonNull(script, "sentinel.sh is missing").readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Milliseconds since the machine started, by the clock that the shell can read. */
  private static long uptime() throws IOException {
    String seconds = Files.readString(UPTIME).split(" ", 2)[0];
    return new BigDecimal(seconds).movePointRight(3).longValueExact();
  }

  /** Ends the shell; the server goes on. */
  @Override
  public synchronized void close() {
    shell.ifPresent(Process::destroy);
    shell = Optional.empty();
  }
}
