package dev.matriarch.testbed;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * A client that reads in the rhythm of a {@link Pace} and notes when it was answered and by whom:
 * an answer with timeline 0 came from a standby. Safe for use by several threads.
 */
public final class ServiceReader implements AutoCloseable {
  private static final String QUERY =
      "SELECT CASE WHEN pg_is_in_recovery() THEN 0 ELSE " + Timelines.CURRENT + " END";

  private final Recorder recorder;
  private final Clients clients;

  private ServiceReader(
      List<? extends Endpoint> endpoints,
      Login login,
      Pace pace,
      ThreadFactory threads,
      Ticker ticker) {
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
                return read(connection, endpoint) instanceof Attempt.Acknowledged;
              }

              @Override
              public void unreachable(Endpoint endpoint, long since, SQLException reason) {
                recorder.unreachable(endpoint, since, reason);
              }
            });
  }

  /**
   * Starts reading.
   *
   * @param endpoints where to read; the connections are spread over them
   * @param threads platform threads of the host the client is to be on
   */
  public static ServiceReader start(
      List<? extends Endpoint> endpoints,
      Login login,
      Pace pace,
      ThreadFactory threads,
      Ticker ticker) {
    return new ServiceReader(endpoints, login, pace, threads, ticker);
  }

  private Attempt read(Connection connection, Endpoint endpoint) {
    long sent = recorder.now();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      row.next();
      return recorder.note(
          new Attempt.Acknowledged(0, row.getInt(1), endpoint, sent, recorder.now()));
    } catch (SQLException e) {
      return recorder.failed(0, e, endpoint, sent);
    }
  }

  /** What happened so far, or until it was stopped. */
  public ClientLog log() {
    return recorder.log();
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
}
