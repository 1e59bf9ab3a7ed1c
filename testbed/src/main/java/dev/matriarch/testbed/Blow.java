package dev.matriarch.testbed;

import java.util.List;
import java.util.random.RandomGenerator;

/** What a {@link Storm} does to one host, which may be in any state by then. */
enum Blow {
  /** SIGKILL to the postmaster. */
  POSTMASTER_KILL,
  /** SIGSTOP to the postmaster alone: sessions go on, nobody gets a new one. */
  POSTMASTER_FREEZE,
  /** SIGKILL to the agent. */
  AGENT_KILL,
  /** SIGSTOP to the agent. */
  AGENT_FREEZE,
  /** SIGSTOP to the agent and to what would replace it. */
  AGENT_AND_SUPERVISOR_FREEZE,
  /** SIGKILL to the member of etcd. */
  ETCD_KILL,
  /** SIGSTOP to the member of etcd. */
  ETCD_FREEZE,
  /** SIGKILL to HAProxy. */
  ROUTER_KILL,
  /** SIGKILL to PgBouncer. */
  POOLER_KILL,
  /** Power cut. */
  NODE_CRASH,
  /** Everything is killed, the network goes on. */
  NODE_KILL,
  /** The node is stopped as its operator does it. */
  NODE_STOP,
  /** The host is cut off. */
  ISOLATE,
  /** The host and one other no longer see each other. */
  CUT_PAIR,
  /** What the host sends does not arrive at one other; the other way all goes on. */
  CUT_ONE_WAY,
  /** A third of the host's frames are lost. */
  LOSSY,
  /** The operator asks for a switchover, wherever to. */
  SWITCHOVER;

  Fault.Applied apply(Cluster cluster, Host host, RandomGenerator random) {
    Network network = cluster.network();
    return switch (this) {
      case POSTMASTER_KILL -> kill(host, Role.POSTMASTER);
      case POSTMASTER_FREEZE -> FaultTools.freezeWhatRuns(host, Role.POSTMASTER);
      case AGENT_KILL -> kill(host, Role.AGENT);
      case AGENT_FREEZE -> FaultTools.freezeWhatRuns(host, Role.AGENT);
      case AGENT_AND_SUPERVISOR_FREEZE -> FaultTools.freezeWhatRuns(host, Role.NODE, Role.AGENT);
      case ETCD_KILL -> kill(host, Role.ETCD);
      case ETCD_FREEZE -> FaultTools.freezeWhatRuns(host, Role.ETCD);
      case ROUTER_KILL -> kill(host, Role.HAPROXY);
      case POOLER_KILL -> kill(host, Role.PGBOUNCER);
      case NODE_CRASH -> FaultTools.crash(cluster, host);
      case NODE_KILL -> FaultTools.killAll(cluster, host);
      case NODE_STOP -> {
        cluster.stop(host);
        yield () -> cluster.start(host);
      }
      case ISOLATE -> FaultTools.isolate(cluster, host);
      case CUT_PAIR -> {
        network.partition(List.of(host), List.of(another(cluster, host, random)));
        yield network::healAll;
      }
      case CUT_ONE_WAY -> {
        network.cutOneWay(host, another(cluster, host, random));
        yield network::healAll;
      }
      case LOSSY -> {
        network.makeLossy(host);
        yield network::healAll;
      }
      case SWITCHOVER -> switchover(cluster);
    };
  }

  private static Fault.Applied kill(Host host, Role role) {
    host.signal(role, Signal.KILL);
    return () -> {};
  }

  private static Host another(Cluster cluster, Host host, RandomGenerator random) {
    List<Host> others = cluster.hosts().stream().filter(other -> !other.equals(host)).toList();
    return others.get(random.nextInt(others.size()));
  }

  /** It may well be refused, or end in nothing: what counts is what the cluster makes of it. */
  private static Fault.Applied switchover(Cluster cluster) {
    Runnable asking =
        () -> {
          try {
            cluster.matriarch(cluster.client(), "switchover", cluster.plan().cluster(), "--yes");
          } catch (TestbedException refused) {
            // As said: the round's judgement tells.
          }
        };
    cluster.client().threads().newThread(asking).start();
    return () -> {};
  }
}
