package dev.matriarch.render;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Where one node keeps its files, and how it shares its host. Everything is below {@link #root()}:
 *
 * <pre>
 * conf/      rendered files            etcd/   etcd's data
 * pg/data/   PGDATA                    log/    logs of every part
 * cert/      server.crt, server.key, ca.crt: from who runs the host, where TLS is asked for
 * run/       sockets, pids, the heartbeat FIFO, the supervisor's manifest, names that change
 * </pre>
 *
 * @param root absolute folder of this node
 * @param programs where the programs are
 * @param user the OS user that PostgreSQL and the other services run as
 * @param sharedHost several nodes live on this host, each with its own address (the demo on
 *     loopback): services then bind to the node's address instead of to every address
 */
public record Layout(Path root, Programs programs, String user, boolean sharedHost) {
  /** Longest path that HAProxy takes for a socket: it appends its pid while it binds. */
  private static final int HAPROXY_SOCKET_MAX = 96;

  /** {@code sockaddr_un.sun_path} is 108 bytes with its closing zero. */
  private static final int UNIX_SOCKET_MAX = 106;

  public Layout {
    requireNonNull(programs);
    if (!root.isAbsolute()) {
      throw new RenderException(root + ": the folder of a node must be an absolute path");
    }
    root = root.normalize();
    if (user.isBlank() || user.chars().anyMatch(c -> c <= ' ')) {
      throw new RenderException("user '" + user + "': not a name of an OS user");
    }
    checkRoot(root);
  }

  private static void checkRoot(Path root) {
    var text = root.toString();
    // One folder name ends up in five configuration languages; refusing is safer than five
    // quotings.
    var odd = text.codePoints().filter(c -> !isPlain(c)).findFirst();
    if (odd.isPresent()) {
      throw new RenderException(
          "%s: the character '%s' cannot stand in the folder of a node; use letters, digits and ._-+@ only"
              .formatted(text, printable(odd.getAsInt())));
    }
    checkSocket(root, "run/haproxy.sock", HAPROXY_SOCKET_MAX);
    checkSocket(root, "run/.s.PGSQL.65535.lock", UNIX_SOCKET_MAX);
  }

  private static boolean isPlain(int c) {
    return c == '/' || "._-+@".indexOf(c) >= 0 || (c < 128 && Character.isLetterOrDigit(c));
  }

  private static String printable(int c) {
    return c < ' ' ? "\\u%04x".formatted(c) : Character.toString(c);
  }

  private static void checkSocket(Path root, String name, int max) {
    var length = root.resolve(name).toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > max) {
      throw new RenderException(
          "%s: too long by %d characters for the Unix sockets below it (%s may have %d); use a shorter folder"
              .formatted(root, length - max, root.resolve(name), max));
    }
  }

  public Path conf() {
    return root.resolve("conf");
  }

  public Path conf(String file) {
    return conf().resolve(file);
  }

  /** A certificate or key; nothing is written there. */
  public Path cert(String file) {
    return root.resolve("cert").resolve(file);
  }

  /** Folder of all Unix sockets (PostgreSQL's, PgBouncer's, HAProxy's), pids, heartbeat. */
  public Path run() {
    return root.resolve("run");
  }

  public Path run(String file) {
    return run().resolve(file);
  }

  public Path log() {
    return root.resolve("log");
  }

  public Path etcdData() {
    return root.resolve("etcd");
  }

  public Path pgData() {
    return root.resolve("pg").resolve("data");
  }

  /** The FIFO by which the agent shows its supervisor that it lives. */
  public Path heartbeat() {
    return run("heartbeat");
  }

  /** Hosts files of names that change while the DNS server runs. */
  public Path names() {
    return run("names");
  }

  /** Every folder that must exist before the files are written, parents first, mode 0700. */
  public List<Path> folders() {
    return List.of(
        root, conf(), root.resolve("cert"), etcdData(), root.resolve("pg"), log(), run(), names());
  }
}
