package dev.matriarch.agent.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.CustomMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the operator's programs that fill a data directory, and the one that comes after the
 * bootstrap (drop-in contract, section 8).
 *
 * @param account that the programs run as
 * @param launcher what a program is started by, so that it runs as the server's account
 * @param scope the cluster's name
 * @param dataDir the directory to fill
 * @param runDir where a password may be written for one of them
 */
public record DataPrograms(
    String account, List<String> launcher, String scope, Path dataDir, Path runDir) {
  private static final Logger LOG = LoggerFactory.getLogger(DataPrograms.class);

  /** Filling a data directory takes as long as it takes. */
  private static final Duration FOR_EVER = Duration.ofDays(365);

  /** A program did not do what it is for; the message is for humans. */
  public static class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  /** The data that a program made does not come out of its recovery. */
  public static final class StillRecovering extends Failure {
    private static final long serialVersionUID = 1L;

    /** In that directory. */
    public StillRecovering(Path dataDir) {
      super(
          dataDir
              + " is still in recovery; set recovery_target_action to promote in recovery_conf");
    }
  }

  /** A method that is to be tried is not described. */
  public static final class Undefined extends Failure {
    private static final long serialVersionUID = 1L;

    /** The method of that name. */
    public Undefined(String name) {
      super("create_replica_methods names %s; add a section postgresql.%s".formatted(name, name));
    }
  }

  /** Nobody leads, and no program makes data by itself. */
  public static final class NeedsLeader extends Failure {
    private static final long serialVersionUID = 1L;

    /** None of these. */
    public NeedsLeader(List<String> methods) {
      super(
          "there is nobody to copy from, and none of the methods %s has no_leader: true"
              .formatted(methods));
    }
  }

  /** Nothing that was tried made a replica. */
  public static final class NoneWorked extends Failure {
    private static final long serialVersionUID = 1L;

    /** With what each said. */
    public NoneWorked(List<String> failures) {
      super("no replica could be made: " + String.join("; ", failures));
    }
  }

  public DataPrograms {
    requireNonNull(account, "account is null");
    launcher = List.copyOf(launcher);
    requireNonNull(scope, "scope is null");
    requireNonNull(dataDir, "dataDir is null");
    requireNonNull(runDir, "runDir is null");
  }

  /** Lets it make a cluster's first data. */
  public void bootstrap(CustomMethod method) {
    run(line(method, List.of("--scope=" + scope, "--datadir=" + dataDir)), List.of());
  }

  /** Lets it make a replica of the server at that connection string. */
  public void replicate(CustomMethod method, String connection, String passline) {
    List<String> given =
        List.of(
            "--scope=" + scope,
            "--role=replica",
            "--datadir=" + dataDir,
            "--connstring=" + connection);
    withPassword(passline, line(method, given));
  }

  /** Lets it make a replica of its own accord, such as from a backup. */
  public void restore(CustomMethod method) {
    List<String> given =
        List.of("--scope=" + scope, "--role=replica", "--datadir=" + dataDir, "--connstring=");
    run(line(method, given), List.of());
  }

  /** Runs a command on the new primary, its connection string behind it. */
  public void afterBootstrap(String command, String connection, String passline) {
    List<String> line = new ArrayList<>(ShellWords.split(command));
    line.add(connection);
    withPassword(passline, line);
  }

  private void withPassword(String passline, List<String> line) {
    Path passfile = runDir.resolve("pgpass-program");
    try {
      write(passfile, passline);
      run(line, List.of("PGPASSFILE=" + passfile));
    } finally {
      forget(passfile);
    }
  }

  private static List<String> line(CustomMethod method, List<String> given) {
    List<String> line = new ArrayList<>(ShellWords.split(method.command()));
    if (!method.noParams()) {
      line.addAll(given);
      method.options().forEach((key, value) -> line.add("--" + key + "=" + value));
    }
    return line;
  }

  private void run(List<String> command, List<String> environment) {
    run(launcher, command, environment, FOR_EVER);
  }

  /** Waits for the program and whatever it started, and ends them at the limit. */
  static void run(
      List<String> launcher, List<String> command, List<String> environment, Duration limit) {
    LOG.info("running {}", command);
    List<String> line = new ArrayList<>(launcher);
    if (!environment.isEmpty()) {
      line.add("env");
      line.addAll(environment);
    }
    line.addAll(command);
    Process process;
    try {
      process = Children.builder(line).start();
    } catch (IOException e) {
      throw new Failure(command.getFirst() + " cannot be run: " + e.getMessage());
    }
    try {
      if (!process.waitFor(limit)) {
        throw new Failure(command.getFirst() + " did not end within " + limit.toSeconds() + " s");
      }
      int code = process.exitValue();
      if (code != 0) {
        throw new Failure(
            command.getFirst() + " ended with " + code + "; its words are in the log");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(command.getFirst() + " was cut off");
    } finally {
      Children.end(process);
    }
  }

  private void write(Path file, String line) {
    try {
      Files.deleteIfExists(file);
      Files.writeString(file, "", StandardOpenOption.CREATE_NEW);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(file, line + "\n", UTF_8);
      if (!Files.getOwner(file).getName().equals(account)) {
        // An agent that is root: its programs are not.
        Files.setOwner(
            file,
            file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(account));
      }
    } catch (IOException e) {
      throw new Failure(file + " cannot be written: " + e.getMessage());
    }
  }

  private static void forget(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} could not be deleted: {}", file, e.getMessage());
    }
  }
}
