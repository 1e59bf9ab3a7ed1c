package dev.matriarch.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Inventory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A node's files written out, and real programs started from them; all of them end on close. */
final class RealNode implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final boolean ROOT = System.getProperty("user.name").equals("root");

  final Layout layout;
  final List<NodeFile> files;
  private final List<Process> processes = new ArrayList<>();

  RealNode(Inventory inventory, Address address, Path root) throws Exception {
    this.layout = new Layout(root, Samples.PROGRAMS.with(pooler()), user(), true);
    this.files = NodeFiles.of(inventory, address, layout);
    own(root.getParent());
    for (Path folder : layout.folders()) {
      Files.createDirectories(folder);
      own(folder);
    }
    for (NodeFile file : files) {
      Files.writeString(file.path(), file.content());
      Files.setPosixFilePermissions(file.path(), file.mode().permissions());
      own(file.path());
    }
  }

  /** The release that is installed. */
  static PoolerRelease pooler() throws IOException {
    var program = Samples.PROGRAMS.pgbouncer().toString();
    var asked = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
    return PoolerRelease.of(new String(asked.getInputStream().readAllBytes(), UTF_8));
  }

  /** PostgreSQL and PgBouncer refuse to run as root. */
  static String user() {
    return ROOT ? "postgres" : System.getProperty("user.name");
  }

  /** An address of the loopback interface that no other run of these tests uses. */
  static String loopback(int last) {
    var pid = ProcessHandle.current().pid();
    return "127.%d.%d.%d".formatted(100 + pid % 100, pid / 100 % 250, last);
  }

  private static void own(Path path) throws IOException {
    if (ROOT) {
      var users = path.getFileSystem().getUserPrincipalLookupService();
      Files.setOwner(path, users.lookupPrincipalByName("postgres"));
    }
  }

  /** Starts a program in the foreground. */
  void start(String... command) throws IOException {
    processes.add(builder(Map.of(), command).start());
  }

  /** Starts a service as the manifest says. */
  void startService(String name) throws IOException {
    var line =
        Samples.content(files, "services")
            .lines()
            .filter(l -> l.startsWith(name + "\t"))
            .findFirst()
            .orElseThrow();
    var fields = List.of(line.split("\t", -1));
    start(fields.subList(2, fields.size()).toArray(String[]::new));
  }

  /** Runs a program to its end. */
  Outcome run(Map<String, String> environment, String... command) throws Exception {
    var process = builder(environment, command).redirectErrorStream(true);
    var running = process.redirectOutput(ProcessBuilder.Redirect.PIPE).start();
    var output = new String(running.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(running.waitFor(), output.strip());
  }

  /** What became of a program. */
  record Outcome(int exitCode, String output) {}

  private ProcessBuilder builder(Map<String, String> environment, String... command) {
    var line = new ArrayList<String>();
    if (ROOT) {
      line.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"));
    }
    line.addAll(List.of(command));
    var builder = new ProcessBuilder(line).directory(layout.root().toFile());
    builder.environment().putAll(environment);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(layout.log().resolve("out").toFile()));
  }

  /** Asks again until the answer is the wanted one; says what came last, and the log. */
  <T> void await(Callable<T> question, T wanted) throws Exception {
    var end = System.nanoTime() + PATIENCE.toNanos();
    Object last;
    do {
      try {
        last = question.call();
      } catch (IOException e) {
        last = e;
      }
      if (wanted.equals(last)) {
        return;
      }
      Thread.sleep(20);
    } while (System.nanoTime() < end);
    throw new AssertionError(
        "wanted "
            + wanted
            + ", got "
            + last
            + "\n"
            + Files.readString(layout.log().resolve("out")));
  }

  @Override
  public void close() {
    for (Process process : processes.reversed()) {
      process.destroy();
      if (process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join().isAlive()) {
        process.destroyForcibly().onExit().join();
      }
    }
  }
}
