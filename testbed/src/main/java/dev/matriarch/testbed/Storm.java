package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Random faults on a cluster under load: on any host, often on the primary's, often several at
 * once, healed after a random time whether or not the cluster has coped with them. It goes in
 * rounds; after each the cluster must settle by itself, and clients that wrote all the while judge
 * what became of their rows.
 *
 * @param length after which no other round is begun
 * @param longest the longest time a fault is left
 * @param settle how long the cluster may take to heal at the end of a round
 */
public record Storm(Duration length, Duration longest, Duration settle) {
  private static final int STRIKES = 6;
  private static final List<Blow> BLOWS = List.of(Blow.values());
  private static final int RATE = 100;
  private static final Duration CALM = Duration.ofSeconds(6);
  private static final Pace PACE = Pace.USUAL.withPatience(Duration.ofSeconds(3));

  /** Validates. */
  public Storm {
    requireNonNull(length, "length is null");
    requireNonNull(longest, "longest is null");
    requireNonNull(settle, "settle is null");
  }

  /**
   * What came of a round.
   *
   * @param blows what was done, in order
   * @param gap longest time without an acknowledged write
   * @param wrong what must not be; empty when all is well
   */
  public record Round(
      int number,
      List<String> blows,
      Duration gap,
      int acknowledged,
      int errors,
      List<String> writers,
      List<String> wrong) {
    /** Freezes. */
    public Round {
      blows = List.copyOf(blows);
      writers = List.copyOf(writers);
      wrong = List.copyOf(wrong);
    }

    /** One line for the history. */
    public String line() {
      return "%3d | gap %5d ms | %5d acknowledged | %4d errors | wrote: %s | %s%s"
          .formatted(
              number,
              gap.toMillis(),
              acknowledged,
              errors,
              String.join(" ", writers),
              String.join(", ", blows),
              wrong.isEmpty() ? "" : " | WRONG: " + wrong);
    }
  }

  /** Goes on until its time is over or a round went wrong. Each round is told as it ends. */
  public List<Round> run(Cluster cluster, RandomGenerator random, Consumer<Round> told) {
    Ticker ticker = Ticker.system();
    long start = ticker.nanos();
    List<Round> rounds = new ArrayList<>();
    while (ticker.since(start).compareTo(length) < 0) {
      Round round = round(cluster, random, rounds.size() + 1);
      rounds.add(round);
      told.accept(round);
      if (!round.wrong().isEmpty()) {
        break;
      }
    }
    return List.copyOf(rounds);
  }

  private Round round(Cluster cluster, RandomGenerator random, int number) {
    Ticker ticker = Ticker.system();
    ClusterPlan plan = cluster.plan();
    List<String> blows = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    try (WriterWatch watch =
            WriterWatch.start(
                cluster.ways(), plan.application(), cluster.client().threads(), ticker);
        NumberedWriter writer =
            NumberedWriter.start(
                "storm" + number,
                Service.PRIMARY.on(cluster.hosts()),
                plan.application(),
                PACE,
                cluster.client().threads(),
                ticker);
        Pgbench load = Pgbench.start(cluster, cluster.hosts().getFirst(), RATE)) {
      requireNonNull(load);
      for (int i = 0; i < STRIKES; i++) {
        strike(cluster, random, blows);
        Await.elapse(part(CALM, random));
      }
      settle(cluster, writer, wrong);
      ClientLog log = writer.stop();
      WatchReport watched = watch.stop();
      judge(cluster, writer, log, watched, wrong);
      return new Round(
          number,
          blows,
          log.gap(),
          log.acknowledged().size(),
          log.errors().size(),
          watched.writers(),
          wrong);
    }
  }

  private void strike(Cluster cluster, RandomGenerator random, List<String> blows) {
    // One host is hit by at most one fault at a time, so that each can be taken back.
    Map<Host, Fault.Applied> applied = new LinkedHashMap<>();
    List<Host> hosts = new ArrayList<>(cluster.hosts());
    Collections.shuffle(hosts, java.util.Random.from(random));
    if (random.nextBoolean()) {
      cluster.observe().primary().map(cluster::host).ifPresent(primary -> first(hosts, primary));
    }
    int count = random.nextInt(3) == 0 ? 2 : 1;
    try {
      for (Host victim : hosts.subList(0, count)) {
        Blow blow = BLOWS.get(random.nextInt(BLOWS.size()));
        blows.add(blow + " " + victim.name());
        applied.put(victim, blow.apply(cluster, victim, random));
      }
      Await.elapse(part(longest, random));
    } finally {
      applied.values().forEach(Fault.Applied::heal);
    }
  }

  private static void first(List<Host> hosts, Host host) {
    hosts.remove(host);
    hosts.addFirst(host);
  }

  private static Duration part(Duration whole, RandomGenerator random) {
    return Duration.ofMillis(random.nextLong(whole.toMillis() + 1));
  }

  private void settle(Cluster cluster, NumberedWriter writer, List<String> wrong) {
    try {
      cluster.awaitSettled(settle);
      long enough = writer.acknowledged() + 50;
      Await.until(
          "writes after all is healed",
          settle,
          () -> writer.acknowledged() >= enough,
          cluster::situation);
    } catch (TestbedException e) {
      wrong.add(String.valueOf(e.getMessage()));
    }
  }

  private static void judge(
      Cluster cluster,
      NumberedWriter writer,
      ClientLog log,
      WatchReport watched,
      List<String> wrong) {
    wrong.addAll(Outcome.twoWriters(watched, log));
    if (cluster.observe().primary().isEmpty()) {
      return;
    }
    try (Connection connection = cluster.connectToPrimary()) {
      Verdict rows = writer.verify(connection);
      if (!rows.clean()) {
        wrong.add("lost " + rows.lost() + ", there twice " + rows.doubled());
      }
    } catch (SQLException e) {
      wrong.add("the rows cannot be read: " + e.getMessage());
    }
  }
}
