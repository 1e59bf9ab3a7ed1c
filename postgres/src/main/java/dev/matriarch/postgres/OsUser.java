package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The operating system account that PostgreSQL runs as, and the words put before a command so that
 * it does.
 *
 * @param name account that owns the files; files written here are handed to it
 * @param launcher prefix of every command line, empty when the agent itself is that account
 */
public record OsUser(String name, List<String> launcher) {
  public OsUser {
    requireNonNull(name, "name");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("the account that PostgreSQL runs as has no name");
    }
    launcher = List.copyOf(launcher);
  }

  /** The account this process runs as: no prefix. */
  public static OsUser current() {
    return new OsUser(System.getProperty("user.name"), List.of());
  }

  /** Another account, entered with {@code setpriv}; needs root. */
  public static OsUser named(String name) {
    return new OsUser(
        name, List.of("setpriv", "--reuid=" + name, "--regid=" + name, "--init-groups"));
  }

  /** {@code postgres} when this process is root (the server refuses root), else itself. */
  public static OsUser fitting() {
    return System.getProperty("user.name").equals("root") ? named("postgres") : current();
  }
}
