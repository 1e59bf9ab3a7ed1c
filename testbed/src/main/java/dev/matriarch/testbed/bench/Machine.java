package dev.matriarch.testbed.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was measured on, in words. Stateless. */
final class Machine {
  private static final long MEBI = 1024 * 1024;

  private Machine() {}

  /** The commit of the checkout, and whether something in it was changed; "unknown" without git. */
  static String commit(Path checkout) {
    String git = checkout.toString();
    String commit = said("git", "-C", git, "rev-parse", "--short=10", "HEAD");
    boolean clean = said("git", "-C", git, "status", "--porcelain").isEmpty();
    return commit.isEmpty() ? "unknown" : clean ? commit : commit + "-changed";
  }

  /** Hardware and kernel. */
  static String hardware() {
    return "%d cores (%s), %d MiB, Linux %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            field("/proc/cpuinfo", "model name"),
            memory(),
            System.getProperty("os.version"));
  }

  /** Java and the packages of both stacks. */
  static String software() {
    return Stream.concat(
            Stream.of("Java " + Runtime.version()),
            Stream.of("postgresql-15", "etcd-server", "haproxy", "pgbouncer", "patroni")
                .map(name -> name + " " + said("dpkg-query", "-W", "-f", "${Version}", name)))
        .collect(Collectors.joining(", "));
  }

  private static long memory() {
    String total = field("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "");
    return total.isEmpty() ? 0 : Long.parseLong(total) * 1024 / MEBI;
  }

  private static String field(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String said(String... command) {
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? text : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
