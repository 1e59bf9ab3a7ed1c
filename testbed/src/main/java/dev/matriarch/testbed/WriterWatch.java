package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks every server, by every way there is to it, whether it acknowledges a write, with a real one.
 *
 * <p>One connection of its own per way and one row per {@link #INTERVAL}, so that it disturbs
 * nothing. A refused write keeps the connection: a standby is not asked to log in again and again.
 */
public final class WriterWatch implements AutoCloseable {
  /** From one sample of a way to its next. */
  public static final Duration INTERVAL = Duration.ofMillis(150);

  private static final Pace PACE = new Pace(1, INTERVAL, Duration.ofSeconds(2));
  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS matriarch_probe (server text NOT NULL, number bigint NOT NULL)";
  private static final String INSERT =
      "INSERT INTO matriarch_probe (server, number) VALUES (?, ?) RETURNING " + Timelines.CURRENT;

  /**
   * A way to a server.
   *
   * @param server the server's name, the same for all ways to it
   */
  public record Way(String server, Endpoint endpoint) {
    /** Validates. */
    public Way {
      requireNonNull(server, "server is null");
      requireNonNull(endpoint, "endpoint is null");
    }
  }

  private record Watched(Way way, Recorder recorder, Clients clients) {}

  private final AtomicLong numbers = new AtomicLong();
  private final List<Watched> watched;

  private WriterWatch(List<Way> ways, Login login, ThreadFactory threads, Ticker ticker) {
    List<Watched> all = new ArrayList<>();
    for (Way way : ways) {
      Recorder recorder = new Recorder(ticker);
      Sampling sampling = new Sampling(way.server(), recorder);
      all.add(
          new Watched(
              way,
              recorder,
              Clients.start(List.of(way.endpoint()), login, PACE, threads, ticker, sampling)));
    }
    this.watched = List.copyOf(all);
  }

  /** Makes the table, which must be there before a watch starts. */
  public static void prepare(Connection primary) throws SQLException {
    try (Statement statement = primary.createStatement()) {
      statement.execute(TABLE);
    }
  }

  /**
   * Starts watching.
   *
   * @param threads platform threads of a host that is part of no fault
   */
  public static WriterWatch start(
      List<Way> ways, Login login, ThreadFactory threads, Ticker ticker) {
    return new WriterWatch(ways, login, threads, ticker);
  }

  /** What was found so far. */
  public WatchReport report() {
    return new WatchReport(
        watched.stream()
            .flatMap(
                each ->
                    each.recorder().log().attempts().stream()
                        .map(attempt -> new WatchReport.Sample(each.way().server(), attempt)))
            .toList());
  }

  /** Ends it and answers with all that was found. Repeating it changes nothing. */
  public WatchReport stop() {
    watched.forEach(each -> each.clients().stop());
    return report();
  }

  @Override
  public void close() {
    stop();
  }

  private final class Sampling implements Clients.Task {
    private static final String READ_ONLY = "25006";
    private final String server;
    private final Recorder recorder;

    Sampling(String server, Recorder recorder) {
      this.server = server;
      this.recorder = recorder;
    }

    @Override
    public boolean perform(Connection connection, Endpoint endpoint) {
      long number = numbers.incrementAndGet();
      long sent = recorder.now();
      try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
        statement.setString(1, server);
        statement.setLong(2, number);
        int timeline;
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          timeline = row.getInt(1);
        }
        long answered = recorder.now();
        Failures.throwIfOnlyLocal(statement);
        recorder.note(new Attempt.Acknowledged(number, timeline, endpoint, sent, answered));
        return true;
      } catch (SQLException e) {
        recorder.failed(number, e, endpoint, sent);
        return Failures.state(e).equals(READ_ONLY);
      }
    }

    @Override
    public void unreachable(Endpoint endpoint, long since, SQLException reason) {
      recorder.unreachable(endpoint, since, reason);
    }
  }
}
