package dev.matriarch.testbed.bench;

import dev.matriarch.testbed.Cluster;
import dev.matriarch.testbed.ClusterPlan;
import dev.matriarch.testbed.Folders;
import dev.matriarch.testbed.Network;
import dev.matriarch.testbed.Scenario;
import dev.matriarch.testbed.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/** A cluster that serves, with its hosts and files; closing it leaves nothing behind. */
final class Site implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path folder;
  private final Network network;
  private final Cluster cluster;
  private final Duration startup;

  private Site(Path folder, Network network, Cluster cluster, Duration startup) {
    this.folder = folder;
    this.network = network;
    this.cluster = cluster;
    this.startup = startup;
  }

  static Site make(ClusterPlan plan) {
    try {
      Path folder = Folders.make("mtb");
      Network network = Network.open(folder.resolve("logs"));
      try {
        Cluster cluster = new Cluster(network, plan, folder);
        Ticker ticker = Ticker.system();
        long begun = ticker.nanos();
        cluster.start();
        cluster.awaitServing(PATIENCE);
        Duration startup = ticker.since(begun);
        cluster.awaitSettled(PATIENCE);
        Scenario.prepareAlone(cluster);
        return new Site(folder, network, cluster, startup);
      } catch (RuntimeException e) {
        remove(network, folder);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for a cluster", e);
    }
  }

  private static void remove(Network network, Path folder) {
    network.close();
    try {
      Folders.remove(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folder, e);
    }
  }

  Cluster cluster() {
    return cluster;
  }

  /** From the start of the first process until every port answered. */
  Duration startup() {
    return startup;
  }

  @Override
  public void close() {
    remove(network, folder);
  }
}
