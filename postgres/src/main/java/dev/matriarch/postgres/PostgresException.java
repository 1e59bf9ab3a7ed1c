package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Something could not be done to the server. The kinds are closed, so callers switch over them; the
 * message is one sentence for an operator and never holds a password.
 */
public abstract sealed class PostgresException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private PostgresException(String message) {
    super(message);
  }

  private PostgresException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The data directory belongs to another cluster. Nothing was touched. */
  public static final class DataDirectoryForeign extends PostgresException {
    private static final long serialVersionUID = 1L;

    DataDirectoryForeign(Path dataDir, String found, String expected) {
      super(
          "%s belongs to another cluster: its system identifier is %s, this cluster's is %s; move it away or correct the data folder"
              .formatted(dataDir, found, expected));
    }
  }

  /** There is data where there must be none, or none where there must be some. */
  public static final class DataDirectoryUnfit extends PostgresException {
    private static final long serialVersionUID = 1L;

    DataDirectoryUnfit(Path dataDir, String why) {
      super(dataDir + ": " + why);
    }
  }

  /** The server went another way than the one that it is to follow. Nothing was touched. */
  public static final class Diverged extends PostgresException {
    private static final long serialVersionUID = 1L;

    Diverged(Path dataDir, String source, LostWork beyond) {
      super(
          "%s has WAL of timeline %d from %s to %s that %s does not have%s"
              .formatted(
                  dataDir,
                  beyond.timeline(),
                  beyond.from(),
                  beyond.to(),
                  source,
                  beyond.gaps().isEmpty() ? "" : ": " + String.join("; ", beyond.gaps())));
    }

    Diverged(Path dataDir, String source, int timeline, Lsn from, Lsn to) {
      super(
          "%s has WAL from %s to %s on timeline %d that %s does not have"
              .formatted(dataDir, from, to, timeline, source));
    }
  }

  /** The upstream refused this user or password, or has no HBA line for it. */
  public static final class AuthenticationRefused extends PostgresException {
    private static final long serialVersionUID = 1L;

    AuthenticationRefused(String address, String user, String detail) {
      super("%s refused to let %s in: %s".formatted(address, user, detail));
    }
  }

  /** The upstream did not answer at all, or is not up. Trying again may help. */
  public static final class UpstreamUnreachable extends PostgresException {
    private static final long serialVersionUID = 1L;

    UpstreamUnreachable(String address, String detail) {
      super("%s cannot be reached: %s".formatted(address, detail));
    }
  }

  /** No space left. What was half-written has been removed. */
  public static final class DiskFull extends PostgresException {
    private static final long serialVersionUID = 1L;

    DiskFull(Path path, String detail) {
      super("no space left on the disk of %s: %s".formatted(path, detail));
    }
  }

  /** Not done within the budget. What was started may still be going on: observe. */
  public static final class Timeout extends PostgresException {
    private static final long serialVersionUID = 1L;

    Timeout(String what, Duration budget) {
      super("%s: not done within %s".formatted(what, budget));
    }
  }

  /** A program of PostgreSQL gave up. */
  public static final class CommandFailed extends PostgresException {
    private static final long serialVersionUID = 1L;
    private static final int TOLD_LINES = 6;
    private final String program;
    private final int exit;
    private final ArrayList<String> lines;

    CommandFailed(String program, int exit, List<String> lines) {
      super("%s ended with %d: %s".formatted(program, exit, String.join(" / ", last(lines))));
      this.program = requireNonNull(program, "program");
      this.exit = exit;
      this.lines = new ArrayList<>(lines);
    }

    private static List<String> last(List<String> lines) {
      return lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size());
    }

    /** Such as {@code pg_rewind}. */
    public String program() {
      return program;
    }

    /** Its exit status; 128 + n when a signal ended it. */
    public int exit() {
      return exit;
    }

    /** The end of what it said. */
    public List<String> lastLines() {
      return List.copyOf(last(lines));
    }

    List<String> allLines() {
      return List.copyOf(lines);
    }
  }

  /** The postmaster ended before it took connections. */
  public static final class StartFailed extends PostgresException {
    private static final long serialVersionUID = 1L;

    StartFailed(Path dataDir, List<String> lastLines) {
      super("the server of %s did not start: %s".formatted(dataDir, String.join(" / ", lastLines)));
    }
  }

  /** The server is not up, or not in the role that this needs. */
  public static final class WrongState extends PostgresException {
    private static final long serialVersionUID = 1L;

    WrongState(String message) {
      super(message);
    }
  }

  /** The server refused a statement. */
  public static final class SqlFailed extends PostgresException {
    private static final long serialVersionUID = 1L;
    private final String sqlState;

    SqlFailed(String sqlState, String message, Throwable cause) {
      super(message, cause);
      this.sqlState = requireNonNull(sqlState, "sqlState");
    }

    /** The five characters, empty when there are none. */
    public String sqlState() {
      return sqlState;
    }
  }

  /** A file could not be read or written. */
  public static final class FileFailed extends PostgresException {
    private static final long serialVersionUID = 1L;

    FileFailed(Path path, String what, Throwable cause) {
      super("%s: cannot %s: %s".formatted(path, what, cause.getMessage()), cause);
    }
  }
}
