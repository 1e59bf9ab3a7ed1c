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
import java.util.function.UnaryOperator;
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

  /**
   * What a connection asks before a client gets it: answered at once where the server takes writes,
   * when it does where it is about to, and else with an error after four seconds, by when PgBouncer
   * has tried anew. So no client of the primary is ever given a standby. Who sleeps is called by
   * its text alone: where nobody may, logins fail as long as the server is a standby, not after.
   */
  private static final String AWAIT =
      "SELECT CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN 1"
          + " WHEN pg_catalog.query_to_xml($$WITH RECURSIVE standby(glance) AS (SELECT 1"
          + " UNION ALL SELECT glance + 1 FROM standby WHERE glance < 2000"
          + " AND pg_catalog.pg_is_in_recovery() AND pg_catalog.pg_sleep(0.002) IS NOT NULL)"
          + " SELECT pg_catalog.max(glance) FROM standby$$, false, false, $$$$) IS NULL THEN 0"
          + " ELSE (CASE WHEN pg_catalog.pg_is_in_recovery() THEN ''a standby takes no writes''"
          + " ELSE ''1'' END)::pg_catalog.int4 END";

  private static final String ASKED = "connect_query='";

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
   * Lets all its databases be on this host's own server, once it reads the file again.
   *
   * @return the file says something else than before
   * @throws IOException if the file cannot be replaced; it is as it was then
   */
  public boolean pointHome(Path socketDir, int port) throws IOException {
    return change(line -> placed(line, socketDir.toString(), port));
  }

  /** The same with a server elsewhere, for clients of the primary: they get it once it is one. */
  public boolean pointAway(String host, int port) throws IOException {
    return change(line -> awaiting(placed(line, host, port)));
  }

  private boolean change(UnaryOperator<String> database) throws IOException {
    String before = Files.readString(ini, UTF_8);
    StringBuilder text = new StringBuilder();
    boolean databases = false;
    for (String line : before.lines().toList()) {
      Matcher section = SECTION.matcher(line);
      databases = section.matches() ? section.group(1).equals("databases") : databases;
      boolean moves = databases && PLACE.matcher(line).find();
      text.append(moves ? database.apply(line) : line).append('\n');
    }
    if (text.toString().equals(before)) {
      return false;
    }
    replace(ini, text.toString());
    return true;
  }

  private static String placed(String line, String host, int port) {
    String plain = line.replace(" " + ASKED + AWAIT + "'", "").replace(ASKED + AWAIT + "; ", ASKED);
    return PLACE
        .matcher(plain)
        .replaceFirst(Matcher.quoteReplacement("host=" + host + " port=" + port));
  }

  /** Ahead of what somebody else lets it ask. */
  private static String awaiting(String line) {
    return line.contains(ASKED)
        ? line.replace(ASKED, ASKED + AWAIT + "; ")
        : line + " " + ASKED + AWAIT + "'";
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
