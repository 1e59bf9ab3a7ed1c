package dev.matriarch.testbed.bench;

import dev.matriarch.testbed.Cluster;
import dev.matriarch.testbed.ClusterPlan;
import dev.matriarch.testbed.Folders;
import dev.matriarch.testbed.Network;
import dev.matriarch.testbed.Scenario;
import dev.matriarch.testbed.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A cluster that serves, with its hosts and files. Closing it leaves nothing behind, nor does the
 * end of a benchmark that is interrupted.
 */
final class Site implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path folder;
  private final Network network;
  private final Cluster cluster;
  private final Thread hook = new Thread(this::remove, "remove-site");
  private Duration startup = Duration.ZERO;

  private Site(Path folder, ClusterPlan plan) {
    this.folder = folder;
    this.network = Network.open(folder.resolve("logs"));
    Runtime.getRuntime().addShutdownHook(hook);
    this.cluster = new Cluster(network, plan, folder);
  }

  /** Makes it and waits until it serves. */
  static Site make(ClusterPlan plan) {
    try {
      Site site = new Site(Folders.make("mtb"), plan);
      try {
        site.start();
        return site;
      } catch (RuntimeException e) {
        site.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for a cluster", e);
    }
  }

  private void start() {
    Ticker ticker = Ticker.system();
    long begun = ticker.nanos();
    cluster.start();
    cluster.awaitServing(PATIENCE);
    startup = ticker.since(begun);
    cluster.awaitSettled(PATIENCE);
    Scenario.prepareAlone(cluster);
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
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return; // The hook itself is running or about to; it finds nothing left.
    }
  }

  private synchronized void remove() {
    network.close();
    try {
      if (Files.exists(folder)) {
        Folders.remove(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folder, e);
    }
  }
}
