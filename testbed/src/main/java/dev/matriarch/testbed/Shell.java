package dev.matriarch.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a command of the machine to its end, with a deadline. Stateless. */
final class Shell {
  static final Duration DEADLINE = Duration.ofSeconds(60);

  private Shell() {}

  /**
   * What a finished command left behind.
   *
   * @param exitCode the exit code
   * @param output standard output and standard error, as they came
   */
  record Result(List<String> command, int exitCode, String output) {
    Result {
      command = List.copyOf(command);
    }

    Result orThrow() {
      if (exitCode != 0) {
        throw new TestbedException(
            "`%s` ended with %d: %s"
                .formatted(String.join(" ", command), exitCode, output.strip()));
      }
      return this;
    }
  }

  static Result run(List<String> command, Duration deadline, String input) {
    return run(command, Map.of(), deadline, input);
  }

  static Result run(
      List<String> command, Map<String, String> environment, Duration deadline, String input) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      // Output is drained while input is written: either pipe may fill up first.
      FutureTask<String> output = new FutureTask<>(() -> drain(process));
      Thread.ofVirtual().start(output);
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new TestbedException(
            "`%s` did not end within %s".formatted(String.join(" ", command), deadline));
      }
      return new Result(command, process.exitValue(), output.get(5, TimeUnit.SECONDS));
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new TestbedException("cannot run `%s`".formatted(String.join(" ", command)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted in `%s`".formatted(String.join(" ", command)), e);
    }
  }

  static Result run(List<String> command) {
    return run(command, DEADLINE, "");
  }

  static Result run(String... command) {
    return run(List.of(command));
  }

  private static String drain(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
