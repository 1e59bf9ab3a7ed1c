package dev.matriarch.cli;

import dev.matriarch.etcd.EtcdException;
import dev.matriarch.etcd.EtcdFailure;
import dev.matriarch.fleet.RunningCluster;
import dev.matriarch.fleet.RunningFleet;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Inventory;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What every verb takes that reads or commands a running cluster. */
final class ClusterArguments {
  @Mixin private InventoryOption inventory;

  @Parameters(
      arity = "0..1",
      paramLabel = "CLUSTER",
      description = "may be left out where the inventory has only one")
  private String name;

  /** Asks etcd and agents. */
  interface Question<T> {
    T ask() throws EtcdException, InterruptedException;
  }

  RunningFleet fleet(Surroundings surroundings) {
    return RunningFleet.of(inventory(surroundings));
  }

  /** The cluster that was named, or the only one. */
  RunningCluster one(RunningFleet fleet) {
    List<Cluster> found = declared(fleet.inventory());
    if (found.size() != 1) {
      throw new Refused(
          "%s has %d clusters: name one of %s"
              .formatted(fleet.inventory().file(), found.size(), names(fleet.inventory())));
    }
    return fleet.cluster(found.getFirst());
  }

  /** The cluster that was named, or all. */
  List<RunningCluster> all(RunningFleet fleet) {
    return declared(fleet.inventory()).stream().map(fleet::cluster).toList();
  }

  /** The cluster that was named, or all, as declared; nobody is asked. */
  List<Cluster> declared(Surroundings surroundings) {
    return declared(inventory(surroundings));
  }

  /** What is declared; nobody is asked. */
  Inventory inventory(Surroundings surroundings) {
    return InventoryFile.load(inventory.path(surroundings));
  }

  /** The cluster that was named, or all, as declared there. */
  List<Cluster> declared(Inventory declared) {
    if (name == null) {
      return declared.clusters();
    }
    return List.of(
        declared
            .cluster(name)
            .orElseThrow(
                () ->
                    new Refused(
                        "%s declares no cluster %s; there is %s"
                            .formatted(declared.file(), name, names(declared)))));
  }

  private static String names(Inventory declared) {
    return declared.clusters().isEmpty()
        ? "none"
        : declared.clusters().stream().map(Cluster::name).collect(Collectors.joining(", "));
  }

  /** The answer, or a refusal that says which endpoint of etcd failed and how. */
  static <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (EtcdException e) {
      throw new Refused(each(e.failure()).map(EtcdFailure::message).toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted; what was asked for may go on");
    }
  }

  private static Stream<EtcdFailure> each(EtcdFailure failure) {
    return failure instanceof EtcdFailure.EveryEndpoint every
        ? every.each().stream()
        : Stream.of(failure);
  }
}
