package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.ConfigRecord;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.TimelineSwitch;
import dev.matriarch.etcd.ClusterSnapshot;
import dev.matriarch.etcd.ClusterStore;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.inventory.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

  /**
   * Changes the dynamic configuration through an agent, which lets PostgreSQL judge it: the
   * leader's, or whichever listens.
   *
   * @param method PATCH to merge, PUT to replace
   */
  public AgentAnswer configure(String method, String json, Duration budget)
      throws EtcdException, InterruptedException {
    ClusterOverview now = overview();
    List<MemberOverview> order = new ArrayList<>(now.members());
    order.sort(Comparator.comparing(member -> !member.name().equals(now.leader())));
    AgentAnswer last = new AgentAnswer.NotThere(now.name() + " has no member that runs");
    for (MemberOverview member : order) {
      last = agents.change(method, member.apiUrl(), "/config", json, budget);
      if (!(last instanceof AgentAnswer.NotThere)) {
        return last;
      }
    }
    return last;
  }

  /** What a switchover would cost those who are connected now, as the leader's agent tells. */
  public HandoverCost handoverCost(ClusterOverview now, Duration budget)
      throws InterruptedException {
    Optional<MemberOverview> leader = now.member(now.leader());
    return leader.isEmpty()
        ? new HandoverCost.Unknown("nobody leads")
        : HandoverCost.of(agents.post(leader.get().apiUrl(), "/connections", "{}", budget));
  }

  /** The members that do not know of the wanted state of the pause yet. */
  public List<String> notPaused(boolean wanted) throws EtcdException, InterruptedException {
    return store.snapshot().state().members().values().stream()
        .filter(member -> member.paused() != wanted)
        .map(Member::name)
        .toList();
  }

  /** Where its timelines ended, oldest first. */
  public List<TimelineSwitch> history() throws EtcdException, InterruptedException {
    return store.snapshot().state().history();
  }

  /** The dynamic configuration as JSON text; empty when there is none yet. */
  public Optional<String> config() throws EtcdException, InterruptedException {
    return store.snapshot().state().config().map(ConfigRecord::json);
  }
}
