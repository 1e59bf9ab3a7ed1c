package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Lsn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A client that inserts numbered rows the whole time, over several connections so that one which
 * hangs does not hide that others get through. A number is sent once only: whether a failed insert
 * was done is unknown, and does not matter.
 */
final class InsertProbe implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final long PAUSE_MS = 10;

  private final ClientWay way;
  private final String table;
  private final LongSupplier nanos;
  private final AtomicLong numbers = new AtomicLong();
  private final Queue<Insert> acknowledged = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> errors = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  private InsertProbe(ClientWay way, String table, LongSupplier nanos) {
    this.way = requireNonNull(way, "way is null");
    this.table = requireNonNull(table, "table is null");
    this.nanos = requireNonNull(nanos, "nanos is null");
  }

  /**
   * Makes the table and begins.
   *
   * @throws SQLException if the table cannot be made: then nothing was begun
   */
  static InsertProbe start(ClientWay way, String table, LongSupplier nanos) throws SQLException {
    InsertProbe probe = new InsertProbe(way, table, nanos);
    probe.execute("CREATE TABLE " + table + " (number bigint NOT NULL)");
    for (int i = 0; i < CONNECTIONS; i++) {
      String url = way.url(i);
      probe.threads.add(Thread.ofVirtual().name("insert-" + i).start(() -> probe.write(url)));
    }
    return probe;
  }

  /** How many were acknowledged so far. */
  int count() {
    return acknowledged.size();
  }

  /** Ends the inserting, and tells. */
  InsertLog stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    return new InsertLog(List.copyOf(acknowledged), errors);
  }

  /** The numbers that are there now. */
  Set<Long> rows() throws SQLException {
    Set<Long> rows = new HashSet<>();
    try (Connection connection = connect(way.url(0));
        Statement statement = connection.createStatement();
        ResultSet numbersThere = statement.executeQuery("SELECT number FROM " + table)) {
      while (numbersThere.next()) {
        rows.add(numbersThere.getLong(1));
      }
    }
    return rows;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect(way.url(0));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(url, way.login());
  }

  private void write(String url) {
    while (!stopped) {
      try (Connection connection = connect(url);
          PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO " + table + " VALUES (?) RETURNING pg_current_wal_insert_lsn()")) {
        while (!stopped) {
          insertOne(insert);
          pause();
        }
      } catch (SQLException e) {
        errors.merge(firstLine(e), 1, Integer::sum);
        pause();
      }
    }
  }

  private void insertOne(PreparedStatement insert) throws SQLException {
    long number = numbers.incrementAndGet();
    insert.setLong(1, number);
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      acknowledged.add(new Insert(number, nanos.getAsLong(), Lsn.parse(row.getString(1))));
    }
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it and takes the table away, as well as that can be done. */
  @Override
  public void close() {
    stopped = true;
    try {
      execute("DROP TABLE IF EXISTS " + table);
    } catch (SQLException e) {
      errors.merge(firstLine(e), 1, Integer::sum);
    }
  }
}
