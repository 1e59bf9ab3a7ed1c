package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * One fault on a settled cluster under load, and all that is to be known of it afterwards.
 *
 * @param fault what is done
 * @param hold how long it is left before it is healed; counted from when it was applied
 * @param writesBack how long writes may stay away, from the fault or, where they may stop, from its
 *     healing
 * @param settle how long the cluster may take to heal in the end
 * @param rate pgbench's transactions a second; 0 for no pgbench
 */
public record Scenario(Fault fault, Duration hold, Duration writesBack, Duration settle, int rate) {
  private static final int ENOUGH = 50;
  private static final Pace PACE = Pace.USUAL.withPatience(Duration.ofSeconds(5));

  /** Validates. */
  public Scenario {
    requireNonNull(fault, "fault is null");
    requireNonNull(hold, "hold is null");
    requireNonNull(writesBack, "writesBack is null");
    requireNonNull(settle, "settle is null");
  }

  /** Nothing held, writes back within a minute, settled within two. */
  public static Scenario of(Fault fault) {
    return new Scenario(fault, Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(2), 200);
  }

  /** The same with the fault left for a while. */
  public Scenario holding(Duration newHold) {
    return new Scenario(fault, newHold, writesBack, settle, rate);
  }

  /** The same with the numbered clients as the only load, and so long to come back and settle. */
  public Scenario alone(Duration patience) {
    return new Scenario(fault, hold, patience, patience, 0);
  }

  /** Makes what all clients need; once per cluster. */
  public static void prepare(Cluster cluster) {
    prepareAlone(cluster);
    Pgbench.initialise(cluster, 2);
  }

  /** The same without pgbench's tables. */
  public static void prepareAlone(Cluster cluster) {
    try (Connection connection = cluster.connectToPrimary()) {
      NumberedWriter.prepare(connection);
      WriterWatch.prepare(connection);
    } catch (SQLException e) {
      throw new TestbedException("cannot make the tables: " + e.getMessage(), e);
    }
  }

  /** Runs it. Leaves the cluster settled, or throws with what it looked like. */
  public Outcome run(Cluster cluster, String run) {
    Ticker ticker = Ticker.system();
    cluster.awaitSettled(settle);
    Host before = cluster.primary();
    try (WriterWatch watch =
            WriterWatch.start(
                cluster.ways(), cluster.plan().application(), cluster.client().threads(), ticker);
        NumberedWriter writer =
            NumberedWriter.start(
                run,
                Service.PRIMARY.on(cluster.hosts()),
                cluster.plan().application(),
                PACE,
                cluster.client().threads(),
                ticker);
        ServiceReader reader =
            ServiceReader.start(
                Service.REPLICA.on(cluster.hosts()),
                cluster.plan().application(),
                PACE,
                cluster.client().threads(),
                ticker);
        Load load = load(cluster)) {
      requireNonNull(load);
      awaitWrites(cluster, writer, ENOUGH, settle);
      long struck = ticker.nanos();
      Optional<String> trouble = strike(cluster, writer, ticker, struck);
      if (trouble.isEmpty()) {
        awaitWrites(cluster, writer, writer.acknowledged() + ENOUGH, writesBack);
      }
      ClientLog log = writer.stop();
      ClientLog reads = reader.stop();
      WatchReport watched = watch.stop();
      return new Outcome(
          fault,
          before.name(),
          cluster.observe(),
          log.gap(new Span(struck, log.life().to())),
          log,
          reads.gap(new Span(struck, log.life().to())),
          watched,
          judge(cluster, writer),
          trouble);
    }
  }

  /** What runs beside the numbered clients. */
  private interface Load extends AutoCloseable {
    @Override
    void close();
  }

  private Load load(Cluster cluster) {
    return rate == 0 ? () -> {} : Pgbench.start(cluster, cluster.replicas().getLast(), rate)::close;
  }

  private Optional<String> strike(
      Cluster cluster, NumberedWriter writer, Ticker ticker, long struck) {
    Fault.Applied applied = fault.apply(cluster);
    try {
      if (fault.expected().writes() != Fault.Writes.MAY_STOP) {
        awaitWrites(cluster, writer, writer.acknowledged() + ENOUGH, writesBack);
      }
      Duration left = hold.minus(ticker.since(struck));
      Await.elapse(left);
    } finally {
      applied.heal();
    }
    try {
      cluster.awaitSettled(settle);
      return Optional.empty();
    } catch (TestbedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Verdict> judge(Cluster cluster, NumberedWriter writer) {
    if (cluster.observe().primary().isEmpty()) {
      return Optional.empty();
    }
    try (Connection connection = cluster.connectToPrimary()) {
      return Optional.of(writer.verify(connection));
    } catch (SQLException e) {
      throw new TestbedException("cannot read the rows: " + e.getMessage(), e);
    }
  }

  private static void awaitWrites(
      Cluster cluster, NumberedWriter writer, long count, Duration deadline) {
    Await.until(
        count + " acknowledged writes",
        deadline,
        () -> writer.acknowledged() >= count,
        () -> writer.log().errorsByReason() + "\n" + cluster.situation());
  }
}
