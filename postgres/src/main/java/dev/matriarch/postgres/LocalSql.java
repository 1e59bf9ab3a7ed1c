package dev.matriarch.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Work in one session of its own on the local server, so that it never holds up an observation. */
final class LocalSql {
  private final ServerSpec spec;

  LocalSql(ServerSpec spec) {
    this.spec = spec;
  }

  /** What is done in a session. */
  @FunctionalInterface
  interface Work<T> {
    T in(Session session, Deadline deadline) throws SQLException;
  }

  <T> T call(String what, Duration budget, Work<T> work) {
    return call(what, Deadline.in(budget), work);
  }

  <T> T call(String what, Deadline deadline, Work<T> work) {
    try (Session session = Session.local(spec, deadline)) {
      return work.in(session, deadline);
    } catch (SQLException e) {
      throw SqlErrors.local(spec, what, e, deadline);
    }
  }

  /** In another database than the agent's own. */
  <T> T in(String database, String what, Duration budget, Work<T> work) {
    Deadline deadline = Deadline.in(budget);
    try (Session session = Session.local(spec, database, deadline)) {
      return work.in(session, deadline);
    } catch (SQLException e) {
      throw SqlErrors.local(spec, what, e, deadline);
    }
  }

  List<List<String>> rows(String what, Duration budget, String statement, String... parameters) {
    return call(what, budget, (session, end) -> session.rows(end, statement, parameters));
  }

  static String identifier(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  static String literal(String text) {
    String doubled = text.replace("'", "''");
    // With a backslash the meaning of a plain literal depends on a setting.
    return doubled.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : " E'" + doubled.replace("\\", "\\\\") + "'";
  }
}
