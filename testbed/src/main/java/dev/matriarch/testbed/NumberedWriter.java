package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client that writes numbered rows and knows of each whether it was acknowledged. A number is
 * sent once only: after an error the next one is used. Safe for use by several threads.
 */
public final class NumberedWriter implements AutoCloseable {
  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS matriarch_numbered (run text NOT NULL, number bigint NOT NULL)";
  // No unique key: a doubled row must be found, not prevented.
  private static final String INSERT =
      "INSERT INTO matriarch_numbered (run, number) VALUES (?, ?) RETURNING " + Timelines.CURRENT;
  private static final String ROWS =
      "SELECT number, count(*) FROM matriarch_numbered WHERE run = ? GROUP BY number";

  private final String run;
  private final Recorder recorder;
  private final AtomicLong numbers = new AtomicLong();
  private final Clients clients;

  private NumberedWriter(
      String run,
      List<? extends Endpoint> endpoints,
      Login login,
      Pace pace,
      ThreadFactory threads,
      Ticker ticker) {
    this.run = requireNonNull(run, "run is null");
    this.recorder = new Recorder(ticker);
    this.clients =
        Clients.start(
            endpoints,
            login,
            pace,
            threads,
            ticker,
            new Clients.Task() {
              @Override
              public boolean perform(Connection connection, Endpoint endpoint) {
                return write(connection, endpoint) instanceof Attempt.Acknowledged;
              }

              @Override
              public void unreachable(Endpoint endpoint, long since, SQLException reason) {
                recorder.unreachable(endpoint, since, reason);
              }
            });
  }

  /** Makes the table, which must be there before a writer starts. */
  public static void prepare(Connection primary) throws SQLException {
    try (Statement statement = primary.createStatement()) {
      statement.execute(TABLE);
    }
  }

  /**
   * Starts writing.
   *
   * @param run sets this writer's rows apart from others'
   * @param endpoints where to write; the connections are spread over them
   * @param threads platform threads of the host the client is to be on
   */
  public static NumberedWriter start(
      String run,
      List<? extends Endpoint> endpoints,
      Login login,
      Pace pace,
      ThreadFactory threads,
      Ticker ticker) {
    return new NumberedWriter(run, endpoints, login, pace, threads, ticker);
  }

  private Attempt write(Connection connection, Endpoint endpoint) {
    long number = numbers.incrementAndGet();
    long sent = recorder.now();
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setString(1, run);
      statement.setLong(2, number);
      int timeline;
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        timeline = row.getInt(1);
      }
      long answered = recorder.now();
      Failures.throwIfOnlyLocal(statement);
      return recorder.note(new Attempt.Acknowledged(number, timeline, endpoint, sent, answered));
    } catch (SQLException e) {
      return recorder.failed(number, e, endpoint, sent);
    }
  }

  /** What happened so far, or until it was stopped. */
  public ClientLog log() {
    return recorder.log();
  }

  /** How many writes were acknowledged so far. */
  public long acknowledged() {
    return recorder.acknowledged();
  }

  /** Ends it and answers with all that happened. Repeating it changes nothing. */
  public ClientLog stop() {
    clients.stop();
    recorder.stop();
    return log();
  }

  @Override
  public void close() {
    stop();
  }

  /**
   * Compares what was acknowledged with what is there. Call it when stopped.
   *
   * @param connection to the server whose rows are to be judged
   */
  public Verdict verify(Connection connection) throws SQLException {
    Map<Long, Integer> rows = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
      statement.setString(1, run);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.put(result.getLong(1), result.getInt(2));
        }
      }
    }
    return log().verdict(rows);
  }
}
