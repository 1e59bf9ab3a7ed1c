package dev.matriarch.postgres;

import java.net.SocketTimeoutException;
import java.sql.SQLException;

/** Which kind of {@link PostgresException} an error of the driver is. */
final class SqlErrors {
  /** The server is starting, stopping, or otherwise not yet taking connections. */
  static final String CANNOT_CONNECT_NOW = "57P03";

  private SqlErrors() {}

  /** For a statement of the local server. */
  static PostgresException local(ServerSpec spec, String what, SQLException e, Deadline deadline) {
    if (timedOut(e)) {
      return deadline.timeout(what);
    }
    String state = stateOf(e);
    if (state.equals("53100")) {
      return new PostgresException.DiskFull(spec.dataDir(), text(e));
    }
    if (state.startsWith("08") || state.equals(CANNOT_CONNECT_NOW)) {
      return new PostgresException.WrongState(what + ": the server does not answer: " + text(e));
    }
    return new PostgresException.SqlFailed(state, what + ": " + text(e), e);
  }

  /** For a conversation with an upstream. */
  static PostgresException upstream(Upstream upstream, SQLException e) {
    String state = stateOf(e);
    if (state.startsWith("28")) {
      return new PostgresException.AuthenticationRefused(
          upstream.address(), upstream.user(), text(e));
    }
    boolean away =
        timedOut(e)
            || state.isEmpty()
            || state.startsWith("08")
            || state.startsWith("57P")
            || state.startsWith("53");
    return away
        ? new PostgresException.UpstreamUnreachable(upstream.address(), text(e))
        : new PostgresException.SqlFailed(state, upstream.address() + ": " + text(e), e);
  }

  static String stateOf(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  static boolean timedOut(Throwable e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }

  /** The server's own sentence, on one line. */
  static String text(SQLException e) {
    String message = String.valueOf(e.getMessage());
    Throwable cause = e.getCause();
    if (cause != null && cause.getMessage() != null && stateOf(e).startsWith("08")) {
      message = message + " (" + cause.getMessage() + ")";
    }
    return message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
  }
}
