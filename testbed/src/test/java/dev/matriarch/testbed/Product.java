package dev.matriarch.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The product of this checkout, running on three hosts of the testbed. */
final class Product implements AutoCloseable {
  static final Duration START = Duration.ofSeconds(60);

  private final Path folder;
  private final Network network;
  private final Cluster cluster;

  private Product(Path folder, Network network, Cluster cluster) {
    this.folder = folder;
    this.network = network;
    this.cluster = cluster;
  }

  /** The launcher at the root of the checkout. */
  static Path launcher() {
    Path here = Path.of("").toAbsolutePath();
    return Stream.iterate(here, folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve("matriarch"))
        .filter(file -> Files.isExecutable(file) && Files.isRegularFile(file))
        .findFirst()
        .orElseThrow(() -> new TestbedException("there is no ./matriarch above " + here));
  }

  /** The hosts and files of a cluster; nothing started yet, but the jar is built. */
  static Product lay(String... variables) {
    return layWith(ClusterPlan.pgTest(launcher(), variables));
  }

  /** As above, of another plan. */
  static Product layWith(ClusterPlan plan) {
    Shell.run(List.of(launcher().toString(), "validate", "--help"), Duration.ofMinutes(10), "")
        .orThrow();
    try {
      Path folder = Folders.make("mtp");
      Network network = Network.open(folder.resolve("logs"));
      return new Product(folder, network, new Cluster(network, plan, folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A cluster that serves, with the tables of the clients in it. */
  static Product serving(String... variables) {
    return serving(lay(variables));
  }

  /** The same of another plan. */
  static Product servingWith(ClusterPlan plan) {
    return serving(layWith(plan));
  }

  /** The same, with something done to its hosts before they are started. */
  static Product servingWith(ClusterPlan plan, Consumer<Cluster> before) {
    Product product = layWith(plan);
    before.accept(product.cluster);
    return serving(product);
  }

  /** The same with a disk of so many MiB for each host's data. */
  static Product onDisksOf(int mebibytes, String... variables) {
    Product product = lay(variables);
    product.cluster.giveDisks(mebibytes);
    return serving(product);
  }

  private static Product serving(Product product) {
    try {
      product.cluster.start();
      product.cluster.awaitServing(START);
      product.cluster.awaitSettled(START);
      Scenario.prepare(product.cluster);
      return product;
    } catch (RuntimeException e) {
      product.close();
      throw e;
    }
  }

  Cluster cluster() {
    return cluster;
  }

  /** Below which each host has its files, by its name. */
  Path folder() {
    return folder;
  }

  /** Set {@code testbed.keep} to look at the files of a failed run afterwards. */
  @Override
  public void close() {
    network.close();
    cluster.takeDisks();
    if (!Boolean.getBoolean("testbed.keep")) {
      try {
        Folders.remove(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
