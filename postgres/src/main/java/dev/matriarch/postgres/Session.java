package dev.matriarch.postgres;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.postgresql.Driver;

/** One connection to a server; every statement has a deadline that also holds for a hung server. */
final class Session implements AutoCloseable {
  /**
   * As a superuser this session must not be led astray by anything a user put into the database or
   * its settings, must not wait for a standby, and leaves no trace of its statements in the log.
   */
  private static final String GUARDED =
      "-c search_path=pg_catalog -c synchronous_commit=local -c statement_timeout=0"
          + " -c lock_timeout=0 -c default_transaction_read_only=off -c log_statement=none"
          + " -c log_duration=off -c log_min_duration_statement=-1"
          + " -c log_min_error_statement=panic -c client_min_messages=error";

  /** A host that is gone swallows packets; who waits for it for long is missing elsewhere. */
  private static final int CONNECT_SECONDS = 3;

  private static final Executor AT_ONCE = Runnable::run;

  private final Connection connection;

  private Session(Connection connection) {
    this.connection = connection;
  }

  /** As the superuser, over the Unix socket. */
  static Session local(ServerSpec spec, Deadline deadline) throws SQLException {
    return local(spec, "postgres", deadline);
  }

  static Session local(ServerSpec spec, String database, Deadline deadline) throws SQLException {
    Properties properties = common(spec.superuser(), spec.superuserPassword(), deadline);
    properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
    properties.setProperty("socketFactoryArg", spec.socket().toString());
    properties.setProperty("sslmode", "disable");
    properties.setProperty("options", GUARDED);
    String encoded = URLEncoder.encode(database, StandardCharsets.UTF_8);
    String url = "jdbc:postgresql://localhost:" + spec.port() + "/" + encoded;
    return open(url, properties, deadline);
  }

  /** To an upstream, as a standby would: only replication commands work. */
  static Session replication(Upstream upstream, Deadline deadline) throws SQLException {
    Properties properties = remoteProperties(upstream, deadline);
    properties.setProperty("replication", "true");
    properties.setProperty("preferQueryMode", "simple");
    return open(url(upstream, "replication"), properties, deadline);
  }

  /** To an upstream, for SQL. */
  static Session remote(Upstream upstream, Deadline deadline) throws SQLException {
    return open(url(upstream, "postgres"), remoteProperties(upstream, deadline), deadline);
  }

  private static Properties remoteProperties(Upstream upstream, Deadline deadline) {
    Properties properties = common(upstream.user(), upstream.password(), deadline);
    for (String name : List.of("sslmode", "sslrootcert", "sslcert", "sslkey")) {
      String value = upstream.options().get(name);
      if (value != null) {
        properties.setProperty(name, value);
      }
    }
    return properties;
  }

  private static Properties common(String user, Optional<Secret> password, Deadline deadline) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    // Without one the driver would look into the passfile of whoever runs the agent.
    properties.setProperty("password", password.map(Secret::reveal).orElse(""));
    properties.setProperty("ApplicationName", "matriarch");
    properties.setProperty("assumeMinServerVersion", "13");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("logServerErrorDetail", "false");
    int seconds = Math.max(1, (deadline.leftMillis() + 999) / 1000);
    properties.setProperty("connectTimeout", String.valueOf(Math.min(seconds, CONNECT_SECONDS)));
    properties.setProperty("socketTimeout", String.valueOf(seconds));
    return properties;
  }

  private static String url(Upstream upstream, String database) {
    String host = upstream.host().contains(":") ? "[" + upstream.host() + "]" : upstream.host();
    return "jdbc:postgresql://" + host + ":" + upstream.port() + "/" + database;
  }

  private static Session open(String url, Properties properties, Deadline deadline)
      throws SQLException {
    if (deadline.over()) {
      throw deadline.timeout("connecting");
    }
    return new Session(new Driver().connect(url, properties));
  }

  /** Rows as text, null as the empty text. */
  List<List<String>> rows(Deadline deadline, String statement, String... parameters)
      throws SQLException {
    connection.setNetworkTimeout(AT_ONCE, deadline.leftMillis());
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      for (int i = 0; i < parameters.length; i++) {
        prepared.setString(i + 1, parameters[i]);
      }
      return prepared.execute() ? collect(prepared.getResultSet()) : List.of();
    }
  }

  /** The only value of the only row; the empty text when there is none. */
  String value(Deadline deadline, String statement, String... parameters) throws SQLException {
    List<List<String>> rows = rows(deadline, statement, parameters);
    return rows.isEmpty() ? "" : rows.getFirst().getFirst();
  }

  /** A command taken as it is, without parameters: replication commands and utility statements. */
  List<List<String>> command(Deadline deadline, String text) throws SQLException {
    connection.setNetworkTimeout(AT_ONCE, deadline.leftMillis());
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      return statement.execute(text) ? collect(statement.getResultSet()) : List.of();
    }
  }

  private static List<List<String>> collect(ResultSet result) throws SQLException {
    try (result) {
      int columns = result.getMetaData().getColumnCount();
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          String text = result.getString(i);
          row.add(text == null ? "" : text);
        }
        rows.add(List.copyOf(row));
      }
      return List.copyOf(rows);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The server ends a session whose client went away.
      return;
    }
  }
}
