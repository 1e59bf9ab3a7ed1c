package dev.matriarch.postgres;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's first process: found by its pid file, started in a session of its own with its
 * output in a file, so that nothing of the agent's death reaches it.
 */
final class Postmaster {
  private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
  private static final String PROGRAM = "postgres";
  private static final Duration TICK = Duration.ofMillis(5);

  /** What replays WAL calls itself so; a backend begins with a user's name. */
  private static final Pattern STARTUP = Pattern.compile(": startup (recovering|waiting)");

  private static final Duration STUCK = Duration.ofSeconds(1);
  private static final int LOG_TAIL = 8;

  private final ServerSpec spec;
  private final OwnedFiles files;
  private final Programs programs;
  private final ProcessTable processes = new ProcessTable();
  private final AtomicReference<Optional<Path>> realDir = new AtomicReference<>(Optional.empty());

  Postmaster(ServerSpec spec, OwnedFiles files, Programs programs) {
    this.spec = spec;
    this.files = files;
    this.programs = programs;
  }

  /**
   * A live postmaster of this data directory.
   *
   * @param status the last line of its pid file: {@code starting}, {@code stopping}, {@code ready}
   *     or {@code standby}
   */
  record Alive(ProcessTable.Entry process, String status) {
    long pid() {
      return process.pid();
    }
  }

  /**
   * Read from the pid file and checked against /proc; a zombie or another's pid is no postmaster.
   */
  Optional<Alive> find() {
    List<String> lines = pidFile();
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    long pid;
    try {
      pid = Math.abs(Long.parseLong(lines.getFirst().strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    return processes
        .live(pid)
        .filter(entry -> entry.name().equals(PROGRAM) && !processes.doomed(pid) && ours(pid))
        .map(entry -> new Alive(entry, lines.size() > 7 ? lines.get(7).strip() : "starting"));
  }

  private boolean ours(long pid) {
    Path dataDir = realDir();
    // Without the right to read the folder (another account, no ptrace), the arguments decide.
    return processes
        .workingDirectory(pid)
        .map(dataDir::equals)
        .orElseGet(() -> processes.commandLine(pid).contains(spec.dataDir().toString()));
  }

  private List<String> pidFile() {
    try {
      return Files.readAllLines(pidPath(), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new PostgresException.FileFailed(pidPath(), "read it", e);
    }
  }

  /** WAL segment that the startup process shows in its title. */
  Optional<String> replaying(long pid) {
    return processes.childrenOf(pid).stream()
        .map(child -> processes.commandLine(child.pid()))
        .filter(title -> title.contains("startup"))
        .map(title -> title.substring(title.lastIndexOf(' ') + 1))
        .filter(word -> word.matches("[0-9A-F]{24}"))
        .findFirst();
  }

  boolean signal(ProcessTable.Entry process, int signal) {
    return processes.signal(process, signal);
  }

  boolean signal(Alive postmaster, int signal) {
    return processes.signal(postmaster.process(), signal);
  }

  /** Found once: a disk that hangs must not be asked for it when it matters. */
  private Path realDir() {
    return realDir
        .updateAndGet(
            known ->
                known.isPresent() || !Files.exists(spec.dataDir())
                    ? known
                    : Optional.of(ProcessTable.real(spec.dataDir())))
        .orElse(spec.dataDir());
  }

  /** Every live process of this server, the postmaster's orphans included. */
  List<ProcessTable.Entry> all() {
    return processes.inDirectory(realDir(), PROGRAM);
  }

  /** Those of them that may still do something. Does not touch the disk. */
  List<ProcessTable.Entry> active() {
    return all().stream().filter(entry -> !processes.doomed(entry.pid())).toList();
  }

  /**
   * The parent of all, as the process table shows it; empty when there is none, as among orphans.
   * Does not touch the disk.
   */
  Optional<ProcessTable.Entry> first() {
    List<ProcessTable.Entry> active = active();
    List<ProcessTable.Entry> roots =
        active.stream()
            .filter(entry -> active.stream().noneMatch(other -> other.pid() == entry.parent()))
            .toList();
    return roots.size() == 1 ? Optional.of(roots.getFirst()) : Optional.empty();
  }

  void awaitGone(Deadline deadline) {
    deadline.require(
        "waiting for the server of " + spec.dataDir() + " to be gone",
        TICK,
        () -> find().isEmpty());
  }

  /** Waits for every process; false when the deadline comes first. */
  boolean gone(Deadline deadline) {
    for (List<ProcessTable.Entry> left = all(); !left.isEmpty(); left = all()) {
      List<ProcessTable.Entry> these = left;
      if (!deadline.await(TICK, () -> processes.allGone(these))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Waits until nothing of the server can do anything any more; false when that is not so in time,
   * or when processes hang in the kernel for a second.
   */
  boolean idle(Deadline deadline) {
    Deadline patience = Deadline.in(STUCK);
    return deadline
        .poll(
            TICK,
            () -> {
              List<ProcessTable.Entry> left = active();
              boolean hopeless =
                  patience.over() && left.stream().anyMatch(ProcessTable.Entry::stuck);
              return left.isEmpty() || hopeless ? Optional.of(left.isEmpty()) : Optional.empty();
            })
        .orElse(false);
  }

  /**
   * Kills what is left, and returns once all of it is gone or sure to go: a process that waits for
   * a disk that hangs dies the moment it would run again.
   */
  void doom(Deadline deadline) {
    deadline.require(
        "killing the processes of " + spec.dataDir(),
        TICK,
        () -> {
          List<ProcessTable.Entry> left = active();
          left.forEach(entry -> processes.signal(entry, Linux.SIGKILL));
          return left.isEmpty();
        });
    List<ProcessTable.Entry> waiting = all();
    if (!waiting.isEmpty()) {
      LOG.warn(
          "{} processes of {} are killed, but the disk they wait for does not answer",
          waiting.size(),
          spec.dataDir());
    }
  }

  /** Kills what is left, again and again: a process may fork while it is being killed. */
  void killAll(Deadline deadline) {
    for (List<ProcessTable.Entry> left = all(); !left.isEmpty(); left = all()) {
      List<ProcessTable.Entry> these = left;
      LOG.info("killing {} processes of {}", these.size(), spec.dataDir());
      these.forEach(entry -> processes.signal(entry, Linux.SIGKILL));
      deadline.require(
          "killing the processes of " + spec.dataDir(), TICK, () -> processes.allGone(these));
    }
  }

  /**
   * Makes way for a start after a crash: orphans are killed, and lock files removed whose owner is
   * gone. PostgreSQL removes stale ones itself, but takes a zombie for a live owner.
   */
  void clearLeftovers(Deadline deadline) {
    killAll(deadline);
    files.delete(pidPath());
    Path lock = spec.socket().resolveSibling(spec.socket().getFileName() + ".lock");
    try {
      List<String> lines = Files.readAllLines(lock, StandardCharsets.ISO_8859_1);
      long owner = lines.isEmpty() ? 0 : Math.abs(Long.parseLong(lines.getFirst().strip()));
      if (processes.live(owner).isEmpty()) {
        LOG.info("removing {}: process {} is gone", lock, owner);
        files.delete(lock);
        files.delete(spec.socket());
      }
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException | NumberFormatException e) {
      throw new PostgresException.FileFailed(lock, "read it", e);
    }
  }

  /** Starts it and returns at once; {@code setsid} execs it, so the pid is the postmaster's. */
  Process launch(List<String> arguments) {
    files.directory(spec.runDir());
    files.directory(spec.socketDir());
    if (Files.exists(logPath())) {
      files.rename(logPath(), logPath().resolveSibling("postmaster.log.1"));
    }
    // Made anew here, so that a link laid by the server's account is not written through.
    files.write(logPath(), "");
    ProcessBuilder builder =
        programs
            .builder(List.of("setsid"), PROGRAM, arguments)
            .directory(spec.dataDir().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logPath().toFile()))
            .redirectErrorStream(true);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new PostgresException.FileFailed(spec.binDir().resolve(PROGRAM), "run it", e);
    }
  }

  /** The end of what the server said: in its own log if it collects one, else to us. */
  List<String> lastWords() {
    List<String> own = new ArrayList<>();
    for (String line :
        files.read(spec.dataDir().resolve("current_logfiles")).orElse("").lines().toList()) {
      if (line.startsWith("stderr ")) {
        own.addAll(tail(spec.dataDir().resolve(line.substring("stderr ".length()))));
      }
    }
    return own.isEmpty() ? tail(logPath()) : List.copyOf(own);
  }

  private static List<String> tail(Path path) {
    try (RandomAccessFile log = new RandomAccessFile(path.toFile(), "r")) {
      long from = Math.max(0, log.length() - 8192);
      log.seek(from);
      byte[] bytes = new byte[(int) (log.length() - from)];
      log.readFully(bytes);
      List<String> lines =
          new ArrayList<>(new String(bytes, StandardCharsets.UTF_8).lines().toList());
      return List.copyOf(lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
    } catch (IOException e) {
      return List.of("nothing was written to " + path);
    }
  }

  /** Ends the WAL receiver below this postmaster; false when there is none. */
  boolean endReceiver(long pid) {
    List<ProcessTable.Entry> receivers =
        processes.childrenOf(pid).stream()
            .filter(child -> processes.commandLine(child.pid()).contains("walreceiver"))
            .toList();
    receivers.forEach(receiver -> processes.signal(receiver, Linux.SIGTERM));
    return !receivers.isEmpty();
  }

  /** Lets what replays WAL look again whether it is to promote; a repetition is safe. */
  void wakeStartup(ProcessTable.Entry startup) {
    processes.signal(startup, Linux.SIGUSR2);
  }

  /** The process below this postmaster that replays WAL. */
  Optional<ProcessTable.Entry> startup(long pid) {
    return processes.childrenOf(pid).stream()
        .filter(child -> STARTUP.matcher(processes.commandLine(child.pid())).find())
        .findFirst();
  }

  /** Ends a program, and servers of its own, that a dead agent left at work in this folder. */
  void endOrphans(Path folder, String program, Deadline deadline) {
    deadline.require(
        "ending a left-over " + program + " in " + folder,
        TICK,
        () -> {
          List<ProcessTable.Entry> left = new ArrayList<>(processes.inDirectory(folder, program));
          left.addAll(processes.inDirectory(folder, PROGRAM));
          left.forEach(entry -> processes.signal(entry, Linux.SIGKILL));
          return left.isEmpty();
        });
  }

  Optional<ExitWatch> watch(Runnable whenGone) {
    return find()
        .flatMap(
            alive -> {
              int pidfd = Linux.pidfdOpen(alive.pid());
              if (pidfd < 0) {
                return Optional.empty();
              }
              boolean same = processes.find(alive.pid()).filter(alive.process()::is).isPresent();
              if (!same) {
                Linux.close(pidfd);
                return Optional.empty();
              }
              return Optional.of(PidfdWatch.of(alive.pid(), pidfd, whenGone));
            });
  }

  private Path pidPath() {
    return spec.dataDir().resolve("postmaster.pid");
  }

  private Path logPath() {
    return spec.runDir().resolve("postmaster.log");
  }
}
