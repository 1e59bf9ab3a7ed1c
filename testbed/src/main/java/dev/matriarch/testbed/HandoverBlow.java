package dev.matriarch.testbed;

import java.util.List;

/** What happens to a switchover that is under way. */
public enum HandoverBlow {
  /** SIGKILL to the candidate's postmaster. */
  CANDIDATE_DIES(true) {
    @Override
    Fault.Applied strike(Cluster cluster, Host primary, Host candidate) {
      return FaultTools.kill(candidate, Role.POSTMASTER);
    }
  },
  /** SIGKILL to the candidate's agent. */
  CANDIDATES_AGENT_DIES(true) {
    @Override
    Fault.Applied strike(Cluster cluster, Host primary, Host candidate) {
      return FaultTools.kill(candidate, Role.AGENT);
    }
  },
  /** SIGKILL to the primary's agent. */
  AGENT_DIES(true) {
    @Override
    Fault.Applied strike(Cluster cluster, Host primary, Host candidate) {
      return FaultTools.kill(primary, Role.AGENT);
    }
  },
  /** The process that would write the primary's last checkpoint is frozen. */
  SHUTDOWN_HANGS(false) {
    @Override
    Fault.Applied strike(Cluster cluster, Host primary, Host candidate) {
      List<Long> writer =
          primary.pids().stream()
              .filter(pid -> String.join(" ", ProcFs.arguments(pid)).contains("checkpointer"))
              .toList();
      Signal.STOP.send(writer);
      return () -> Signal.CONT.send(writer);
    }
  },
  /** SIGSTOP to every member of etcd. */
  ETCD_GONE(false) {
    @Override
    Fault.Applied strike(Cluster cluster, Host primary, Host candidate) {
      return new Fault.EtcdFreeze().apply(cluster);
    }
  },
  /** The two no longer see each other; both see the rest. */
  CUT_APART(false) {
    @Override
    Fault.Applied strike(Cluster cluster, Host primary, Host candidate) {
      cluster.network().partition(List.of(primary), List.of(candidate));
      return () -> cluster.network().healAll();
    }
  };

  private final boolean over;

  HandoverBlow(boolean over) {
    this.over = over;
  }

  /** It is over at once, and whoever is left goes on from there. */
  boolean isOver() {
    return over;
  }

  /** Between the two of a switchover. */
  abstract Fault.Applied strike(Cluster cluster, Host primary, Host candidate);
}
