package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.etcd.ClusterKeys;
import dev.matriarch.etcd.ClusterStore;
import dev.matriarch.etcd.Endpoint;
import dev.matriarch.etcd.EtcdClient;
import dev.matriarch.etcd.EtcdConfig;
import dev.matriarch.etcd.Health;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Inventory;
import java.util.List;

/** All clusters of an inventory as they run now, seen through its etcd and its agents. */
public final class RunningFleet implements AutoCloseable {

  private final Inventory inventory;
  private final EtcdClient etcd;

  private RunningFleet(Inventory inventory, EtcdClient etcd) {
    this.inventory = inventory;
    this.etcd = etcd;
  }

  /** Prepares; talks to nobody yet. */
  public static RunningFleet of(Inventory inventory) {
    List<Endpoint> endpoints =
        requireNonNull(inventory, "inventory is null").etcd().members().stream()
            .map(member -> Endpoint.parse(member.address().withPort(member.clientPort())))
            .toList();
    return new RunningFleet(inventory, EtcdClient.open(EtcdConfig.of(endpoints)));
  }

  public Inventory inventory() {
    return inventory;
  }

  /** One of the inventory's clusters. */
  public RunningCluster cluster(Cluster cluster) {
    ClusterKeys keys = ClusterKeys.of(cluster.settings().text("pg_namespace"), cluster.name());
    return new RunningCluster(cluster, new ClusterStore(etcd, keys), AgentApi.of(cluster));
  }

  /** What each etcd member says of itself. */
  public List<Health> etcdHealth() throws InterruptedException {
    return etcd.health();
  }

  @Override
  public void close() {
    etcd.close();
  }
}
