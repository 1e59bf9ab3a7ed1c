package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.ConfigRecord;
import dev.matriarch.etcd.ClusterSnapshot;
import dev.matriarch.etcd.ClusterStore;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.inventory.Cluster;
import java.util.Optional;

/**
 * One cluster as it runs now.
 *
 * @param declared in the inventory
 * @param store its state in etcd
 * @param agents its members' agents
 */
public record RunningCluster(Cluster declared, ClusterStore store, AgentApi agents) {
  public RunningCluster {
    requireNonNull(declared, "declared is null");
    requireNonNull(store, "store is null");
    requireNonNull(agents, "agents is null");
  }

  /** Its members and what is wrong with it, as etcd tells. */
  public ClusterOverview overview() throws EtcdException, InterruptedException {
    return overview(store.snapshot());
  }

  /** The same of a state that was read already. */
  public ClusterOverview overview(ClusterSnapshot snapshot) {
    return OverviewReader.read(declared, snapshot);
  }

  /** The dynamic configuration as JSON text; empty when there is none yet. */
  public Optional<String> config() throws EtcdException, InterruptedException {
    return store.snapshot().state().config().map(ConfigRecord::json);
  }
}
