package dev.matriarch.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

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

  /**
   * Runs it and tells each line that it says, however many; times are in UTC.
   *
   * @param input what it reads; less than a pipe holds
   * @return its exit code; empty when it was ended because the budget was over
   */
  OptionalInt stream(
      String program,
      List<String> arguments,
      String input,
      Consumer<String> line,
      Deadline deadline) {
    ProcessBuilder builder =
        builder(List.of(), program, arguments)
            .directory(spec.dataDir().toFile())
            .redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    Process process = start(program, builder);
    AtomicBoolean over = new AtomicBoolean();
    // It may have much to read: not on a thread that others wait for.
    Thread reader =
        Thread.ofPlatform()
            .daemon()
            .name(program)
            .start(() -> tell(process, text -> say(text, line, over)));
    try {
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading: its exit code tells.
        return exit(process, deadline);
      }
      OptionalInt exit = exit(process, deadline);
      if (exit.isPresent()) {
        reader.join(deadline.left());
      }
      return reader.isAlive() ? OptionalInt.empty() : exit;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw deadline.timeout(program + " (interrupted)");
    } finally {
      synchronized (over) {
        over.set(true);
      }
      end(process);
    }
  }

  private static void say(String text, Consumer<String> line, AtomicBoolean over) {
    synchronized (over) {
      if (!over.get()) {
        line.accept(text);
      }
    }
  }

  private static OptionalInt exit(Process process, Deadline deadline) throws InterruptedException {
    return process.waitFor(deadline.left().toNanos(), TimeUnit.NANOSECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
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
    tell(
        process,
        line -> {
          synchronized (lines) {
            if (lines.size() == KEPT_LINES) {
              lines.removeFirst();
            }
            lines.addLast(line);
          }
        });
  }

  private static void tell(Process process, Consumer<String> each) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        each.accept(line);
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
