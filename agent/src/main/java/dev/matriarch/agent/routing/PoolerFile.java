package dev.matriarch.agent.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.MatriarchConfig.PoolerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the agent writes for PgBouncer: whose server its databases are, in its own file, and beside
 * its socket a mark that clients wait. PgBouncer 1.18 does not tell that of itself, and the mark
 * must outlive the agent: whoever finds it lets the clients go on one day.
 */
public final class PoolerFile {
  private static final Pattern SECTION = Pattern.compile("^\\s*\\[(\\w+)]\\s*$");
  private static final Pattern PLACE = Pattern.compile("\\bhost=\\S+ port=\\d+");

  private final Path ini;
  private final Path socket;
  private final Path mark;

  public PoolerFile(PoolerConfig config) {
    requireNonNull(config, "config is null");
    this.ini = config.ini();
    this.socket = config.socketDir().resolve(".s.PGSQL." + config.port());
    this.mark = config.socketDir().resolve("pooler-" + config.port() + ".held");
  }

  /**
   * Lets all its databases be on that server, once it reads the file again.
   *
   * @throws IOException if the file cannot be replaced; it is as it was then
   */
  public void pointTo(String host, int port) throws IOException {
    StringBuilder text = new StringBuilder();
    boolean databases = false;
    for (String line : Files.readAllLines(ini, UTF_8)) {
      Matcher section = SECTION.matcher(line);
      databases = section.matches() ? section.group(1).equals("databases") : databases;
      String place = Matcher.quoteReplacement("host=" + host + " port=" + port);
      text.append(databases ? PLACE.matcher(line).replaceFirst(place) : line).append('\n');
    }
    replace(ini, text.toString());
  }

  /** Clients of this PgBouncer, the one that runs now, are about to wait. */
  public void markHeld() throws IOException {
    replace(mark, life().orElse(""));
  }

  public void markFree() throws IOException {
    Files.deleteIfExists(mark);
  }

  /** Clients of the PgBouncer that runs now were let wait by an agent. */
  public boolean isMarkedHeld() {
    try {
      return Files.exists(mark) && life().filter(now -> now.equals(text(mark))).isPresent();
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** A PgBouncer makes its socket anew when it is started. */
  private Optional<String> life() {
    try {
      return Optional.of(
          Files.getAttribute(socket, "unix:ino") + " " + Files.getAttribute(socket, "unix:ctime"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String text(Path file) {
    try {
      return String.join("\n", Files.readAllLines(file, UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text, UTF_8);
    if (Files.exists(file)) {
      Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(file));
    } else {
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r-----"));
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
