package dev.matriarch.testbed;

import java.util.List;

/** What a process of a host is there for, told by its command line. */
public enum Role {
  /** The postmaster, not its children. */
  POSTMASTER,
  /** The process that holds the lease and drives PostgreSQL: ours in Java, or Debian's patroni. */
  AGENT,
  /** The small parent that {@code matriarch node run} becomes: starts again what died. */
  NODE,
  /** An etcd member. */
  ETCD,
  /** HAProxy, master and worker. */
  HAPROXY,
  /** PgBouncer. */
  PGBOUNCER;

  boolean matches(List<String> arguments) {
    if (arguments.isEmpty()) {
      return false;
    }
    String program = arguments.getFirst().replaceFirst("^.*/", "");
    return switch (this) {
      // Children overwrite their arguments with "postgres: ..." in one piece.
      case POSTMASTER -> program.equals("postgres") || program.equals("postmaster");
      case AGENT ->
          (program.equals("java") && arguments.contains("agent"))
              || arguments.contains("/usr/bin/patroni");
      case NODE -> arguments.stream().anyMatch(argument -> argument.endsWith("/bin/supervise"));
      case ETCD -> program.equals("etcd");
      case HAPROXY -> program.equals("haproxy");
      case PGBOUNCER -> program.equals("pgbouncer");
    };
  }
}
