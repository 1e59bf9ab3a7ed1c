package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where one server lives; fixed for the life of the agent.
 *
 * @param dataDir PGDATA, absolute
 * @param binDir folder of {@code postgres}, {@code initdb}, {@code pg_rewind}, ...
 * @param listen addresses for {@code listen_addresses}
 * @param port TCP port, also part of the socket's name
 * @param socketDir folder of the Unix socket
 * @param runDir folder for our own small files: pgpass (0600) and the postmaster's start-up log
 * @param osUser account that the server runs as
 * @param superuser database superuser that the agent is over the Unix socket
 * @param superuserPassword given when the socket's HBA line asks for one
 * @param clusterName {@code cluster_name}, empty for none
 * @param passfile the password file that {@code primary_conninfo} names
 * @param originals configuration files of the operator's own
 */
public record ServerSpec(
    Path dataDir,
    Path binDir,
    List<String> listen,
    int port,
    Path socketDir,
    Path runDir,
    OsUser osUser,
    String superuser,
    Optional<Secret> superuserPassword,
    String clusterName,
    Path passfile,
    Originals originals) {
  /** Longest path that fits a socket address: 108 bytes with its final zero. */
  static final int SOCKET_PATH_LIMIT = 107;

  public ServerSpec {
    requireAbsolute(dataDir, "dataDir");
    requireAbsolute(binDir, "binDir");
    requireAbsolute(socketDir, "socketDir");
    requireAbsolute(runDir, "runDir");
    listen = List.copyOf(listen);
    requireNonNull(osUser, "osUser");
    requireNonNull(superuser, "superuser");
    requireNonNull(superuserPassword, "superuserPassword");
    requireNonNull(clusterName, "clusterName");
    requireAbsolute(passfile, "passfile");
    requireNonNull(originals, "originals");
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not within 1 and 65535");
    }
    Path socket = socketDir.resolve(".s.PGSQL." + port);
    int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > SOCKET_PATH_LIMIT) {
      throw new IllegalArgumentException(
          "the Unix socket %s has a path of %d bytes, the limit is %d; choose a shorter socket folder"
              .formatted(socket, length, SOCKET_PATH_LIMIT));
    }
  }

  /** With its password file among the other small files, and its configuration in its data. */
  public ServerSpec(
      Path dataDir,
      Path binDir,
      List<String> listen,
      int port,
      Path socketDir,
      Path runDir,
      OsUser osUser,
      String superuser,
      Optional<Secret> superuserPassword,
      String clusterName) {
    this(
        dataDir,
        binDir,
        listen,
        port,
        socketDir,
        runDir,
        osUser,
        superuser,
        superuserPassword,
        clusterName,
        runDir.resolve("pgpass"),
        Originals.IN_DATA);
  }

  /** The server's Unix socket. */
  public Path socket() {
    return socketDir.resolve(".s.PGSQL." + port);
  }

  private static void requireAbsolute(Path path, String name) {
    requireNonNull(path, name);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(name + " " + path + " must be an absolute path");
    }
  }
}
