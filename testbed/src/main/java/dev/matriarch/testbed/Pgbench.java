package dev.matriarch.testbed;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** The real pgbench as a load; started again whenever its connections broke. */
public final class Pgbench implements AutoCloseable {
  private static final String SUMS =
      """
      SELECT (SELECT sum(abalance) FROM pgbench_accounts),
        (SELECT sum(tbalance) FROM pgbench_tellers),
        (SELECT sum(bbalance) FROM pgbench_branches),
        (SELECT coalesce(sum(delta), 0) FROM pgbench_history)
      """;
  // Positional: host, user, database, transactions a second.
  private static final String LOOP =
      "while :; do pgbench -n -c 4 -j 1 -T 3600 -R \"$4\" -h \"$1\" -p 5433 -U \"$2\" \"$3\";"
          + " sleep 0.2; done";

  private final Proc loop;

  private Pgbench(Proc loop) {
    this.loop = loop;
  }

  /** Makes pgbench's tables, 100,000 rows per step of scale, straight on the primary. */
  public static void initialise(Cluster cluster, int scale) {
    Login login = cluster.plan().application();
    Shell.Result result =
        cluster
            .client()
            .run(
                Launch.of(
                        "pgbench",
                        "-i",
                        "-q",
                        "-s",
                        Integer.toString(scale),
                        "-h",
                        cluster.primary().address(),
                        "-p",
                        "5436",
                        "-U",
                        login.user(),
                        login.database())
                    .with("PGPASSWORD", login.password()),
                Duration.ofMinutes(5));
    result.orThrow();
  }

  /**
   * Starts the load: four clients through port 5433 of a host.
   *
   * @param rate transactions a second that it tries to reach
   */
  public static Pgbench start(Cluster cluster, Host through, int rate) {
    Login login = cluster.plan().application();
    return new Pgbench(
        cluster
            .client()
            .start(
                "pgbench",
                Launch.of(
                        "sh",
                        "-c",
                        LOOP,
                        "pgbench",
                        through.address(),
                        login.user(),
                        login.database(),
                        Integer.toString(rate))
                    .with("PGPASSWORD", login.password())));
  }

  /** True when the books balance: no transaction of pgbench is there in parts. */
  public static boolean balanced(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SUMS)) {
      row.next();
      long sum = row.getLong(1);
      return sum == row.getLong(2) && sum == row.getLong(3) && sum == row.getLong(4);
    }
  }

  @Override
  public void close() {
    loop.signalGroup(Signal.KILL);
    loop.awaitExit(Duration.ofSeconds(10));
  }
}
