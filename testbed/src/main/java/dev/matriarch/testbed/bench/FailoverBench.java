package dev.matriarch.testbed.bench;

import dev.matriarch.testbed.Await;
import dev.matriarch.testbed.Cluster;
import dev.matriarch.testbed.EtcdLeader;
import dev.matriarch.testbed.Fault;
import dev.matriarch.testbed.IdleClients;
import dev.matriarch.testbed.Outcome;
import dev.matriarch.testbed.Scenario;
import dev.matriarch.testbed.Service;
import dev.matriarch.testbed.TestbedException;
import dev.matriarch.testbed.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Runs cases on both stacks, one after the other, and keeps what comes of each run at once. */
final class FailoverBench {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration BUILD = Duration.ofSeconds(20);

  private final Path launcher;
  private final Results results;
  private final Path folder;
  private final Ticker ticker = Ticker.system();
  private volatile boolean ending;

  /**
   * Starts nothing.
   *
   * @param launcher the {@code matriarch} command
   * @param folder where results and what was seen of failed runs are kept
   */
  FailoverBench(Path launcher, Path folder) {
    this.launcher = launcher;
    this.folder = folder;
    this.results = Results.in(folder);
  }

  Results results() {
    return results;
  }

  /** From here on nothing is kept: what a dying process sees is no measurement. */
  void end() {
    ending = true;
  }

  /** What is still to be done of so many runs. */
  List<Integer> missing(Case what, Side side, int runs) {
    return IntStream.rangeClosed(1, runs)
        .filter(run -> !results.has(what, side, run))
        .boxed()
        .toList();
  }

  /** A guess at how long that takes. */
  Duration estimate(List<Case> cases, List<Side> sides, int runs) {
    Duration sum = Duration.ZERO;
    for (Case what : cases) {
      for (Side side : sides) {
        int left = missing(what, side, runs).size();
        sum = sum.plus(what.estimate(side).multipliedBy(left));
        sum = left > 0 ? sum.plus(BUILD) : sum;
      }
    }
    return sum;
  }

  /** Does what is missing of so many runs of a case on a stack. */
  void run(Case what, Side side, int runs) {
    Optional<Site> site = Optional.empty();
    try {
      for (int run : missing(what, side, runs)) {
        Measurement measurement;
        long begun = ticker.nanos();
        try {
          if (site.isEmpty() || what.fault().isEmpty()) {
            site.ifPresent(Site::close);
            site = Optional.empty();
            site = Optional.of(Site.make(what.plan(side, launcher)));
          }
          measurement = measure(what, side, run, site.get());
        } catch (TestbedException e) {
          measurement = failed(what, side, run, e);
        }
        if (ending) {
          return;
        }
        results.add(measurement);
        System.out.printf(
            "%s, %s, run %d, %d s: %s%n",
            what.title(), side.title(), run, ticker.since(begun).toSeconds(), measurement);
        if (!measurement.counts()) {
          // What is left of that cluster says nothing about the next run.
          site.ifPresent(Site::close);
          site = Optional.empty();
        }
      }
    } finally {
      site.ifPresent(Site::close);
    }
  }

  private static Measurement measure(Case what, Side side, int run, Site site) {
    if (what.fault().isEmpty()) {
      return Measurement.started(what, side, run, site.startup());
    }
    Fault fault = what.fault().get();
    Cluster cluster = site.cluster();
    awaitQuiet(cluster);
    // A lost host takes etcd's leader with it in every second run.
    EtcdLeader.moveTo(cluster, run % 2 == 0 ? cluster.primary() : cluster.replicas().getFirst());
    try (IdleClients idle = IdleClients.connect(cluster, what.idleClients())) {
      Outcome outcome =
          Scenario.of(fault)
              .holding(what.hold())
              .alone(PATIENCE)
              .run(cluster, what.title() + "-" + run);
      return Measurement.of(what, side, run, outcome, idle.lost());
    }
  }

  /** Until reads go to standbys again: a router may take its time after a server has come back. */
  private static void awaitQuiet(Cluster cluster) {
    cluster.awaitSettled(PATIENCE);
    cluster.awaitServing(PATIENCE);
    Await.until(
        "reads to be served by standbys",
        PATIENCE,
        () -> cluster.client().call(() -> readsFromStandbys(cluster)),
        cluster::situation);
  }

  private static boolean readsFromStandbys(Cluster cluster) {
    return Service.REPLICA.on(cluster.hosts()).stream()
        .allMatch(
            endpoint -> {
              try (Connection connection =
                      cluster.plan().application().connect(endpoint, Duration.ofSeconds(2));
                  Statement statement = connection.createStatement();
                  ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
                return row.next() && row.getBoolean(1);
              } catch (SQLException notYet) {
                return false;
              }
            });
  }

  private Measurement failed(Case what, Side side, int run, TestbedException reason) {
    String text = String.valueOf(reason.getMessage());
    Path file = folder.resolve("%s-%s-%d.txt".formatted(what.title(), side.title(), run));
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    return Measurement.failed(what, side, run, text);
  }
}
