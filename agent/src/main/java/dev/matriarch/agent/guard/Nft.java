package dev.matriarch.agent.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The packet filter's command. A call is one transaction of the kernel: all of it holds or none.
 *
 * @param command the program and what stands before its script
 */
record Nft(List<String> command) {
  private static final List<String> ADMIN_FOLDERS =
      List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

  /** How a call ended. */
  sealed interface Answer {
    /** The kernel took it. */
    record Taken() implements Answer {}

    /** The kernel or the command said no: nothing has changed. */
    record Rejected(String why) implements Answer {}

    /** It was cut off: it may or may not have happened. */
    record CutOff(String why) implements Answer {}
  }

  Nft {
    command = List.copyOf(command);
  }

  /** The host's, if there is one; a service's PATH often lacks the folders that hold it. */
  static Optional<Nft> find(String path) {
    return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), ADMIN_FOLDERS.stream())
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, "nft"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(nft -> new Nft(List.of(nft.toString(), "-f", "-")));
  }

  /**
   * Hands over a script.
   *
   * @param script asked for once the command runs and waits for it: what depends on the time of day
   *     is then as fresh as can be
   * @param budget after which the command is killed
   */
  Answer run(Supplier<String> script, Duration budget) {
    requireNonNull(script, "script is null");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return new Answer.Rejected(e.getMessage());
    }
    try {
      String unread = hand(script, process);
      if (!process.waitFor(Math.max(0, budget.toNanos()), TimeUnit.NANOSECONDS)) {
        return new Answer.CutOff("no answer within " + budget.toMillis() + " ms");
      }
      return process.exitValue() == 0
          ? new Answer.Taken()
          : new Answer.Rejected(complaint(process, unread));
    } catch (IOException e) {
      return new Answer.CutOff(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.CutOff("interrupted");
    } finally {
      process.destroyForcibly();
    }
  }

  /** A command that ends before it has read its script says why itself. */
  private static String hand(Supplier<String> script, Process process) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(script.get().getBytes(UTF_8));
      return "it ended without a word";
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  /** Its first line: the rest points at columns of a script that nobody sees. */
  private static String complaint(Process process, String otherwise) throws IOException {
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return said.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse(otherwise);
  }
}
