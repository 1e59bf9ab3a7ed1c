package dev.matriarch.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs PostgreSQL's programs as the server's account. */
final class Programs {
  private static final int KEPT_LINES = 2_000;

  private final ServerSpec spec;

  Programs(ServerSpec spec) {
    this.spec = spec;
  }

  /** What a program said, in order; its exit was 0. */
  record Output(List<String> lines) {
    Output {
      lines = List.copyOf(lines);
    }
  }

  /** A command line with this account's prefix and the program's full path. */
  ProcessBuilder builder(List<String> prefix, String program, List<String> arguments) {
    List<String> line = new ArrayList<>(spec.osUser().launcher());
    line.addAll(prefix);
    line.add(spec.binDir().resolve(program).toString());
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().keySet().removeIf(Programs::hidden);
    return builder;
  }

  /** What must not be inherited: the agent's own secrets and whatever steers libpq. */
  private static boolean hidden(String name) {
    return name.startsWith("PATRONI_") || name.startsWith("MATRIARCH_") || name.startsWith("PG");
  }

  /**
   * Runs it to its end.
   *
   * @param passfile where libpq finds the password
   */
  Output run(
      String program,
      List<String> arguments,
      Path directory,
      Optional<Path> passfile,
      Deadline deadline) {
    ProcessBuilder builder =
        builder(List.of(), program, arguments)
            .directory(directory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    if (program.equals("initdb")) {
      // initdb takes the cluster's locale from here: only the language of its messages is ours.
      Optional.ofNullable(environment.remove("LC_ALL"))
          .ifPresent(all -> environment.put("LANG", all));
      environment.put("LC_MESSAGES", "C");
    } else {
      environment.put("LC_ALL", "C");
    }
    passfile.ifPresent(file -> environment.put("PGPASSFILE", file.toString()));
    Process process = start(program, builder);
    try {
      return finish(program, process, deadline);
    } finally {
      end(process);
    }
  }

  private Output finish(String program, Process process, Deadline deadline) {
    Deque<String> lines = new ArrayDeque<>();
    Thread reader = Thread.ofVirtual().start(() -> collect(process, lines));
    try {
      if (!process.waitFor(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw deadline.timeout(program);
      }
      reader.join(deadline.left());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw deadline.timeout(program + " (interrupted)");
    }
    List<String> said;
    synchronized (lines) {
      said = List.copyOf(lines);
    }
    int exit = process.exitValue();
    if (exit == 0) {
      return new Output(said);
    }
    boolean full = said.stream().anyMatch(line -> line.contains("No space left on device"));
    throw full
        ? new PostgresException.DiskFull(spec.dataDir(), program + " gave up")
        : new PostgresException.CommandFailed(program, exit, said);
  }

  private static void collect(Process process, Deque<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (lines) {
          if (lines.size() == KEPT_LINES) {
            lines.removeFirst();
          }
          lines.addLast(line);
        }
      }
    } catch (IOException e) {
      // The pipe was cut because the program was ended.
      return;
    }
  }

  private static void end(Process process) {
    if (process.isAlive()) {
      // Programs of PostgreSQL clean up on SIGTERM, but nobody waits for a hung one.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start(String program, ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new PostgresException.FileFailed(spec.binDir().resolve(program), "run it", e);
    }
  }
}
