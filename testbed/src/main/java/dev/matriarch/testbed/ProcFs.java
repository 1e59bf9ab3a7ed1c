package dev.matriarch.testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What /proc tells about a process. A process that is gone answers with nothing. Stateless. */
final class ProcFs {
  private ProcFs() {}

  /**
   * Start time in clock ticks since boot; empty when there is no such process or it is a zombie.
   */
  static Optional<Long> startedAt(long pid) {
    return stat(pid)
        .filter(fields -> !fields.getFirst().equals("Z"))
        .map(f -> Long.valueOf(f.get(19)));
  }

  /** Parent's pid. */
  static Optional<Long> parent(long pid) {
    return stat(pid).map(fields -> Long.valueOf(fields.get(1)));
  }

  /** State letter as in proc(5): R, S, D, T, Z. */
  static Optional<String> state(long pid) {
    return stat(pid).map(List::getFirst);
  }

  /** The fields of stat from the third (state) on; the name before may hold anything. */
  static Optional<List<String>> stat(long pid) {
    try {
      String text = Files.readString(file(pid, "stat"), StandardCharsets.ISO_8859_1);
      return Optional.of(List.of(text.substring(text.lastIndexOf(')') + 2).strip().split(" ")));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Arguments; empty for a zombie or a process that is gone. */
  static List<String> arguments(long pid) {
    try {
      String text = Files.readString(file(pid, "cmdline"), StandardCharsets.ISO_8859_1);
      return Arrays.stream(text.split("\0")).filter(argument -> !argument.isEmpty()).toList();
    } catch (IOException gone) {
      return List.of();
    }
  }

  /** Working directory. */
  static Optional<Path> workingDirectory(long pid) {
    try {
      return Optional.of(Files.readSymbolicLink(file(pid, "cwd")));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static Path file(long pid, String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }
}
