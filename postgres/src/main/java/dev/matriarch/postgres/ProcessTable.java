package dev.matriarch.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What /proc says about processes. A zombie is gone for every purpose here: where PID 1 does not
 * reap, the kernel and {@link ProcessHandle#isAlive()} go on calling it alive.
 */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  private static final long KILL = 1L << (Linux.SIGKILL - 1);

  /**
   * One process.
   *
   * @param startTicks clock ticks from boot to its start; with the pid it names it for good
   */
  record Entry(long pid, String name, char state, long parent, long startTicks) {
    /** The same process, whatever it does by now. */
    boolean is(Entry other) {
      return pid == other.pid && startTicks == other.startTicks;
    }

    boolean gone() {
      return state == 'Z' || state == 'X' || state == 'x';
    }

    /** In the hands of the kernel, usually of a disk: no signal reaches it. */
    boolean stuck() {
      return state == 'D';
    }

    /** Stopped by SIGSTOP or a debugger. */
    boolean frozen() {
      return state == 'T' || state == 't';
    }
  }

  Optional<Entry> find(long pid) {
    try {
      return Optional.of(
          parse(Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1)));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The process if it exists and is no zombie. */
  Optional<Entry> live(long pid) {
    return find(pid).filter(entry -> !entry.gone());
  }

  /**
   * Whether a SIGKILL waits for it. Such a process never runs its own code again, though it may
   * stay for as long as the disk that it waits for does not answer.
   */
  boolean doomed(long pid) {
    try {
      return Files.readAllLines(PROC.resolve(pid + "/status"), StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith("SigPnd:") || line.startsWith("ShdPnd:"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & KILL) != 0);
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }

  /** Its working directory; empty when that may not be read. */
  Optional<Path> workingDirectory(long pid) {
    try {
      return Optional.of(Files.readSymbolicLink(PROC.resolve(pid + "/cwd")));
    } catch (IOException | SecurityException e) {
      return Optional.empty();
    }
  }

  /** Its command line, blanks for the zeros. */
  String commandLine(long pid) {
    try {
      return Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.ISO_8859_1)
          .replace('\0', ' ')
          .strip();
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * The live processes of that program whose working directory is this one. Only PostgreSQL's own
   * programs are asked for, so an operator's shell that stands in PGDATA is not among them.
   */
  List<Entry> inDirectory(Path directory, String program) {
    Path real = real(directory);
    return search(
        entry ->
            entry.name().equals(program)
                && workingDirectory(entry.pid()).filter(real::equals).isPresent());
  }

  private List<Entry> search(Predicate<Entry> wanted) {
    List<Entry> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path each : entries) {
        live(Long.parseLong(each.getFileName().toString())).filter(wanted).ifPresent(found::add);
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new PostgresException.FileFailed(PROC, "list the processes", e);
    }
    return found;
  }

  /** Live children of a process. */
  List<Entry> childrenOf(long parent) {
    Path children = PROC.resolve(parent + "/task/" + parent + "/children");
    try {
      List<Entry> found = new ArrayList<>();
      for (String pid : Files.readString(children).strip().split(" ", -1)) {
        if (!pid.isEmpty()) {
          live(Long.parseLong(pid)).ifPresent(found::add);
        }
      }
      return found;
    } catch (IOException e) {
      // It ended, or this kernel was built without that file.
      return search(entry -> entry.parent() == parent);
    }
  }

  /** False as long as one of them lives on: cheap enough to be asked every few milliseconds. */
  boolean allGone(List<Entry> entries) {
    return entries.stream().noneMatch(entry -> live(entry.pid()).filter(entry::is).isPresent());
  }

  /** Signals exactly this process: a pid that was given to another one since is left alone. */
  boolean signal(Entry entry, int signal) {
    int pidfd = Linux.pidfdOpen(entry.pid());
    if (pidfd < 0) {
      return false;
    }
    try {
      // The descriptor pins whatever has the pid now; only then is it worth comparing.
      boolean same = find(entry.pid()).filter(entry::is).isPresent();
      return same && Linux.pidfdSignal(pidfd, signal);
    } finally {
      Linux.close(pidfd);
    }
  }

  static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }

  /** The name stands in brackets and may itself hold brackets and blanks. */
  static Entry parse(String stat) {
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    if (open < 1 || close < open || close + 2 >= stat.length()) {
      throw new IllegalArgumentException("not a line of /proc/PID/stat: " + stat);
    }
    String[] rest = stat.substring(close + 2).strip().split(" ", -1);
    return new Entry(
        Long.parseLong(stat.substring(0, open).strip()),
        stat.substring(open + 1, close),
        rest[0].charAt(0),
        Long.parseLong(rest[1]),
        Long.parseLong(rest[19]));
  }
}
