package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What can be done to a cluster, by name. Each fault hits the primary as it is at that moment,
 * unless it says otherwise.
 */
public sealed interface Fault {
  /** What clients that write may see of it. */
  enum Writes {
    /** Nothing worth mentioning. */
    GO_ON,
    /** A pause that ends by itself, whether the fault is healed or not. */
    PAUSE,
    /** Writes may stay away until the fault is healed. */
    MAY_STOP
  }

  /** Who leads when all is well again. */
  enum Leader {
    /** Who led before. */
    SAME,
    /** Somebody else. */
    ANOTHER,
    /** Either is right. */
    EITHER
  }

  /** What must hold after it. */
  record Expected(Writes writes, Leader leader) {
    /** Validates. */
    public Expected {
      requireNonNull(writes, "writes is null");
      requireNonNull(leader, "leader is null");
    }
  }

  /** A fault that was applied and can be taken back. Healing twice does nothing more. */
  @FunctionalInterface
  interface Applied {
    /** Takes it back; returns without waiting for the cluster to recover. */
    void heal();
  }

  /** What must hold after it. */
  Expected expected();

  /** Does it. */
  Applied apply(Cluster cluster);

  /** Its name, as in a report: {@code POSTMASTER_KILL}. */
  default String title() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .toUpperCase(Locale.ROOT);
  }

  /** SIGKILL to the postmaster of the primary. */
  record PostmasterKill() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.PAUSE, Leader.EITHER);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.kill(cluster.primary(), Role.POSTMASTER);
    }
  }

  /** SIGKILL to the agent of the primary; healing starts another where no supervisor does. */
  record AgentKill() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.GO_ON, Leader.SAME);
    }

    @Override
    public Applied apply(Cluster cluster) {
      Host host = cluster.primary();
      FaultTools.kill(host, Role.AGENT);
      return () -> cluster.plan().stack().startAgent(cluster, host);
    }
  }

  /** SIGSTOP to the agent of the primary; its supervisor may replace it before it is thawed. */
  record AgentFreeze() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.PAUSE, Leader.EITHER);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.freeze(cluster.primary(), Role.AGENT);
    }
  }

  /** SIGSTOP to the agent of the primary and to its supervisor: only the kernel is left to act. */
  record AgentAndSupervisorFreeze() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.PAUSE, Leader.EITHER);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.freeze(cluster.primary(), Role.NODE, Role.AGENT);
    }
  }

  /** Power cut on the primary's host; healing boots it. */
  record NodeCrash() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.PAUSE, Leader.ANOTHER);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.crash(cluster, cluster.primary());
    }
  }

  /**
   * As {@link NodeCrash}, but the network of the host goes on: whoever talks to it is told at once
   * that nobody listens any more.
   */
  record NodeKill() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.PAUSE, Leader.ANOTHER);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.killAll(cluster, cluster.primary());
    }
  }

  /** The primary's disk hangs: whatever wants to write to it waits. Needs disks of their own. */
  record DiskHang() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.PAUSE, Leader.ANOTHER);
    }

    @Override
    public Applied apply(Cluster cluster) {
      SmallDisk disk = cluster.disk(cluster.primary());
      disk.hang();
      return disk::answer;
    }
  }

  /** Somebody fills the primary's disk to the last block. Needs disks of their own. */
  record DiskFull() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.PAUSE, Leader.ANOTHER);
    }

    @Override
    public Applied apply(Cluster cluster) {
      SmallDisk disk = cluster.disk(cluster.primary());
      disk.fill();
      return disk::makeRoom;
    }
  }

  /** The primary's host is cut off; everything on it goes on. */
  record NodeIsolate() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.PAUSE, Leader.ANOTHER);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.isolate(cluster, cluster.primary());
    }
  }

  /** The etcd member beside the primary is killed, and again whenever somebody starts it. */
  record EtcdOneKill() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.GO_ON, Leader.SAME);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.keepDown(Role.ETCD, cluster.primary());
    }
  }

  /**
   * Two etcd members are killed, the one beside the primary not; and again when started. In
   * failsafe mode the primary goes on, as all members agree.
   */
  record EtcdTwoKill() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.GO_ON, Leader.SAME);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.keepDown(Role.ETCD, cluster.replicas().toArray(Host[]::new));
    }
  }

  /** SIGSTOP to every etcd member: connections are accepted, and nothing is answered. */
  record EtcdFreeze() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.GO_ON, Leader.SAME);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.all(
          cluster.hosts().stream().map(host -> FaultTools.freeze(host, Role.ETCD)).toList());
    }
  }

  /** etcd is lost, and the primary reaches no other member: nobody can agree to its going on. */
  record EtcdTwoKillAndIsolate() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.MAY_STOP, Leader.EITHER);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.all(
          List.of(new EtcdTwoKill().apply(cluster), new NodeIsolate().apply(cluster)));
    }
  }

  /** The etcd member that leads the others is killed, and again whenever somebody starts it. */
  record EtcdLeaderKill() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.GO_ON, Leader.SAME);
    }

    @Override
    public Applied apply(Cluster cluster) {
      Host leader = EtcdLeader.of(cluster).orElseThrow(() -> new TestbedException("no etcd leads"));
      return FaultTools.keepDown(Role.ETCD, leader);
    }
  }

  /** Power cut on a standby's host; healing boots it. */
  record ReplicaCrash() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.GO_ON, Leader.SAME);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.crash(cluster, cluster.replicas().getFirst());
    }
  }

  /** SIGKILL to the postmaster of a standby. */
  record ReplicaKill() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.GO_ON, Leader.SAME);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.kill(cluster.replicas().getFirst(), Role.POSTMASTER);
    }
  }

  /** The operator moves the primary to a standby; no fault, but measured like one. */
  record Switchover() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.GO_ON, Leader.ANOTHER);
    }

    @Override
    public Applied apply(Cluster cluster) {
      cluster.plan().stack().switchover(cluster, cluster.replicas().getFirst());
      return () -> {};
    }
  }

  /** A switchover that is struck at one of its steps. */
  record StruckSwitchover(HandoverStep step, HandoverBlow blow) implements Fault {
    @Override
    public Expected expected() {
      return new Expected(blow.isOver() ? Writes.PAUSE : Writes.MAY_STOP, Leader.EITHER);
    }

    @Override
    public Applied apply(Cluster cluster) {
      return FaultTools.strike(cluster, step, blow);
    }

    @Override
    public String title() {
      return "SWITCHOVER, AT " + step + ": " + blow;
    }
  }

  /** The operator restarts all servers, one after the other. */
  record RollingRestart() implements Fault {
    @Override
    public Expected expected() {
      return new Expected(Writes.GO_ON, Leader.SAME);
    }

    @Override
    public Applied apply(Cluster cluster) {
      cluster.plan().stack().restart(cluster);
      return () -> {};
    }
  }

  /** How long a fault that does not end by itself is left on a cluster with that {@code pg_rto}. */
  static Duration longerThanTheLease(Duration recoveryTime) {
    return recoveryTime.multipliedBy(3).dividedBy(2);
  }
}
