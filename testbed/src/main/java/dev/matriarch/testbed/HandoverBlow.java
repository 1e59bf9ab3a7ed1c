package dev.matriarch.testbed;

import java.util.List;

/** What happens to a switchover that is under way. */
public enum HandoverBlow {
  /** SIGKILL to the candidate's postmaster. */
  CANDIDATE_DIES(true) {
    @Override
    Aimed aim(Cluster cluster, Host primary, Host candidate) {
      return kill(candidate, Role.POSTMASTER);
    }
  },
  /** SIGKILL to the candidate's agent. */
  CANDIDATES_AGENT_DIES(true) {
    @Override
    Aimed aim(Cluster cluster, Host primary, Host candidate) {
      return kill(candidate, Role.AGENT);
    }
  },
  /** SIGKILL to the primary's agent. */
  AGENT_DIES(true) {
    @Override
    Aimed aim(Cluster cluster, Host primary, Host candidate) {
      return kill(primary, Role.AGENT);
    }
  },
  /** The process that would write the primary's last checkpoint is frozen. */
  SHUTDOWN_HANGS(false) {
    @Override
    Aimed aim(Cluster cluster, Host primary, Host candidate) {
      return freeze(
          primary.pids().stream()
              .filter(pid -> String.join(" ", ProcFs.arguments(pid)).contains("checkpointer"))
              .toList());
    }
  },
  /** SIGSTOP to every member of etcd. */
  ETCD_GONE(false) {
    @Override
    Aimed aim(Cluster cluster, Host primary, Host candidate) {
      return freeze(
          cluster.hosts().stream().flatMap(host -> host.pids(Role.ETCD).stream()).toList());
    }
  },
  /** The two no longer see each other; both see the rest. */
  CUT_APART(false) {
    @Override
    Aimed aim(Cluster cluster, Host primary, Host candidate) {
      Trigger cut = cluster.network().partitioning(List.of(primary), List.of(candidate));
      return () -> {
        if (!cut.pull()) {
          throw new TestbedException(primary + " and " + candidate + " could not be cut apart");
        }
        return () -> cluster.network().healAll();
      };
    }
  };

  /** What it hits is known, and nothing is left but to strike. */
  @FunctionalInterface
  interface Aimed {
    Fault.Applied strike();
  }

  private final boolean over;

  HandoverBlow(boolean over) {
    this.over = over;
  }

  /** It is over at once, and whoever is left goes on from there. */
  boolean isOver() {
    return over;
  }

  /** Takes aim at one of the two of a switchover, or at what is between them. */
  abstract Aimed aim(Cluster cluster, Host primary, Host candidate);

  private static Aimed kill(Host host, Role role) {
    Trigger kill = Signal.KILL.at(host.pids(role));
    return () -> {
      if (!kill.pull()) {
        throw new TestbedException("there was no %s to kill on %s".formatted(role, host));
      }
      return () -> {};
    };
  }

  private static Aimed freeze(List<Long> pids) {
    Trigger stop = Signal.STOP.at(pids);
    return () -> {
      // One that has ended meanwhile, as a checkpointer does in a shutdown, cannot hang.
      var _ = stop.pull();
      return () -> Signal.CONT.send(pids);
    };
  }
}
