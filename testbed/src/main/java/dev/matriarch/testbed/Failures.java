package dev.matriarch.testbed;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Objects;

/** Reads what the driver says about a failure. Stateless. */
final class Failures {
  private Failures() {}

  static String firstLine(SQLException reason) {
    return Objects.toString(reason.getMessage(), reason.toString()).lines().findFirst().orElse("");
  }

  static String state(SQLException reason) {
    return Objects.toString(reason.getSQLState(), "");
  }

  /**
   * Throws the warning that a commit is on this server only. PostgreSQL answers so when the wait
   * for a synchronous standby is cancelled; whoever cares for zero loss must not count it as done.
   */
  static void throwIfOnlyLocal(Statement statement) throws SQLException {
    SQLWarning warning = statement.getWarnings();
    while (warning != null) {
      if (Objects.toString(warning.getMessage(), "").contains("synchronous replication")) {
        throw warning;
      }
      warning = warning.getNextWarning();
    }
  }
}
