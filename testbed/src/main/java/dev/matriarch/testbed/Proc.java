package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process started on a host: leader of its own session and group, its output in a file. */
public final class Proc {
  private final String name;
  private final Process process;
  private final Path log;

  Proc(String name, Process process, Path log) {
    this.name = requireNonNull(name, "name is null");
    this.process = requireNonNull(process, "process is null");
    this.log = requireNonNull(log, "log is null");
  }

  /** What the test called it. */
  public String name() {
    return name;
  }

  /** Process id, which is also that of its group and session. */
  public long pid() {
    return process.pid();
  }

  /** True until it ended. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Exit code of a process that ended; 128 + n for signal n. */
  public int exitCode() {
    return process.exitValue();
  }

  /** File with its standard output and error. */
  public Path log() {
    return log;
  }

  /** The last lines it wrote. */
  public String tail(int lines) {
    try {
      List<String> all = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  /** Sends a signal to this process alone. */
  public void signal(Signal signal) {
    signal.send(pid());
  }

  /** Sends a signal to its whole group. */
  public void signalGroup(Signal signal) {
    signal.sendToGroup(pid());
  }

  /** Waits for its end; true when it came within the deadline. */
  public boolean awaitExit(Duration deadline) {
    try {
      return process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Asks it to end; after {@code patience} kills its group. True when it ended by itself. */
  public boolean stop(Duration patience) {
    signal(Signal.TERM);
    boolean willing = awaitExit(patience);
    signalGroup(Signal.KILL);
    awaitExit(Duration.ofSeconds(10));
    return willing;
  }

  @Override
  public String toString() {
    return "%s (pid %d, %s)"
        .formatted(name, pid(), alive() ? "running" : "ended with " + exitCode());
  }
}
