package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A node's folder with services that only say what happens to them, for the supervisor's tests. */
final class SupervisedFolder {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Says that it is ready, and which of them ended when. */
  private static final String PLAIN =
      """
      #!/bin/bash
      trap 'echo "$1" >>"$2/endings"; exit 0' TERM INT
      echo ready
      while :; do read -r -t 1 <> <(:); done
      """;

  /** The same, with a heartbeat. */
  private static final String AGENT =
      """
      #!/bin/bash
      trap 'echo agent >>"$1/endings"; exit 0' TERM
      exec 5<>"$1/run/heartbeat"
      printf . >&5
      echo beats
      echo ready
      while :; do printf . >&5; read -r -t 0.1 <> <(:); done
      """;

  private final Path folder;
  private final List<Process> started = new ArrayList<>();

  private SupervisedFolder(Path folder) {
    this.folder = folder;
  }

  static SupervisedFolder make() throws IOException {
    Path folder = Files.createTempDirectory("supervised");
    for (String name : List.of("run", "log", "pg", "pg/data")) {
      Files.createDirectory(folder.resolve(name));
    }
    SupervisedFolder made = new SupervisedFolder(folder);
    made.script("plain", PLAIN);
    made.script("agent", AGENT);
    // Copied, since the user that the services run as may not reach this checkout.
    made.script("supervise", Files.readString(Path.of("..", "bin", "supervise")));
    made.giveAway();
    return made;
  }

  Path folder() {
    return folder;
  }

  Path run() {
    return folder.resolve("run");
  }

  String plain(String name) {
    return "%s\tplain\t%s\t%s\t%s".formatted(name, folder.resolve("plain"), name, folder);
  }

  String agent() {
    return "agent\tagent\t%s\t%s".formatted(folder.resolve("agent"), folder);
  }

  void services(String... lines) throws IOException {
    String head =
        "set\tlease_ms\t4000\nset\tuser\tpostgres\nset\tlog_dir\t%s\nset\trun_dir\t%s\n"
            .formatted(folder.resolve("log"), run());
    Files.writeString(run().resolve("services"), head + String.join("\n", lines) + "\n");
    giveAway();
  }

  Process supervise() throws IOException {
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(folder.resolve("supervise").toString(), folder.toString())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(said.toFile()))
            .start();
    started.add(process);
    return process;
  }

  /** A process that looks like a postmaster: it works in PGDATA and is named in its pid file. */
  long leaveServer() throws IOException {
    Path data = folder.resolve("pg").resolve("data");
    List<String> command = new ArrayList<>();
    if (OperatingSystem.isRoot()) {
      command.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"));
    }
    command.addAll(List.of("sleep", "1000"));
    Process server = new ProcessBuilder(command).directory(data.toFile()).start();
    started.add(server);
    Files.writeString(data.resolve("postmaster.pid"), server.pid() + "\n");
    giveAway();
    return server.pid();
  }

  void signal(String name, long pid) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
  }

  long awaitPid(String service) {
    return awaitOtherPid(service, -1);
  }

  long awaitOtherPid(String service, long than) {
    await(
        service + " is another process than " + than,
        () ->
            pid(service).isPresent()
                && pid(service).getAsLong() != than
                && isAlive(pid(service).getAsLong()));
    return pid(service).getAsLong();
  }

  /** Its pid, once it can be told to end and will say so. */
  long awaitReady(String service) {
    awaitLogged(service, "ready");
    return awaitPid(service);
  }

  void awaitLogged(String service, String text) {
    await(
        service + " says " + text,
        () -> read(folder.resolve("log").resolve(service + ".log")).contains(text));
  }

  void awaitSaid(String text) {
    await("the supervisor says " + text, () -> said().contains(text));
  }

  void awaitGone(long pid) {
    await("process " + pid + " is gone", () -> !isAlive(pid));
  }

  String said() {
    return read(folder.resolve("said"));
  }

  List<String> endings() {
    return read(folder.resolve("endings")).lines().toList();
  }

  List<String> filesOfRun() throws IOException {
    try (Stream<Path> files = Files.list(run())) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** Whether a process runs; one that nobody waits for any more does not. */
  boolean isAlive(long pid) {
    String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
    return !stat.isEmpty() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
  }

  void close() throws Exception {
    for (Process process : started.reversed()) {
      process.destroy();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
    // A supervisor that was killed leaves its services; only those that these files name.
    for (String name : filesOfRun()) {
      if (name.endsWith(".pid")) {
        OptionalLong left = pid(name.substring(0, name.length() - ".pid".length()));
        if (left.isPresent() && cwdIsHere(left.getAsLong())) {
          signal("KILL", left.getAsLong());
        }
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private boolean cwdIsHere(long pid) {
    try {
      return Path.of("/proc", Long.toString(pid), "cwd").toRealPath().startsWith(folder);
    } catch (IOException _) {
      return false;
    }
  }

  private OptionalLong pid(String service) {
    return Arrays.stream(read(run().resolve(service + ".pid")).split("\n", -1))
        .limit(1)
        .filter(line -> line.matches("\\d+"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  private void script(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** As root, the folder belongs to the user that the services run as. */
  private void giveAway() throws IOException {
    if (!OperatingSystem.isRoot()) {
      return;
    }
    var postgres =
        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.toList()) {
        Files.setOwner(path, postgres);
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException _) {
      return "";
    }
  }

  private void await(String what, BooleanSupplier state) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!state.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("not within %s: %s; the supervisor said:%n%s".formatted(PATIENCE, what, said()));
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
