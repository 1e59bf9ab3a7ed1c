package dev.matriarch.testbed.bench;

import static java.util.Objects.requireNonNull;

import dev.matriarch.testbed.ClusterPlan;
import dev.matriarch.testbed.Described;
import dev.matriarch.testbed.Described.Timing;
import dev.matriarch.testbed.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is measured on both stacks.
 *
 * @param title its name on the command line and in the table
 * @param words what is done, for a reader
 * @param fault the same as data; empty when making the cluster is all
 * @param hold how long it is left at least
 * @param idleClients clients that are connected and say nothing
 * @param variables what our inventory says for it
 * @param peer the peer's settings for it
 */
record Case(
    String title,
    String words,
    Optional<Fault> fault,
    Duration hold,
    int idleClients,
    List<String> variables,
    Described peer) {
  private static final int MANY = 500;
  private static final Case SWITCHOVER =
      of("switchover", "the operator moves the primary", new Fault.Switchover());
  private static final Case POSTMASTER =
      of("postmaster-kill", "SIGKILL to the primary's postmaster", new Fault.PostmasterKill());
  private static final Case AGENT =
      of("agent-kill", "SIGKILL to the primary's agent", new Fault.AgentKill()).holding(45);
  private static final Case POWER =
      of("power-off", "power cut on the primary's host; nobody is told", new Fault.NodeCrash());

  /** All, in the order of the table. */
  static final List<Case> ALL =
      List.of(
          of("from-nothing", "three nodes; the time until their twelve ports answer"),
          SWITCHOVER,
          SWITCHOVER.as(
              "switchover-4mb",
              "`switchover` with `pg_wal_segsize: 4`, a choice that the peer's inventory has not",
              Described.USUAL,
              "pg_wal_segsize: 4"),
          SWITCHOVER.withIdleClients(),
          of("rolling-restart", "the operator restarts all servers", new Fault.RollingRestart()),
          POSTMASTER,
          POSTMASTER.withIdleClients(),
          of(
              "node-crash",
              "everything on the primary's host is killed; its kernel tells whoever asks",
              new Fault.NodeKill()),
          POWER,
          POWER.as(
              "power-off-fast",
              "`power-off` with `pg_rto: 5`, and the peer's shortest plan, `fast`",
              new Described(Timing.FAST, false, false),
              "pg_rto: 5"),
          POWER.as(
              "power-off-zero-loss",
              "`power-off` with `pg_conf: crit.yml`: no write is acknowledged without a standby",
              new Described(Timing.NORM, true, false),
              "pg_conf: crit.yml"),
          of(
                  "isolation",
                  "the primary's host is cut off, and everything on it goes on",
                  new Fault.NodeIsolate())
              .holding(5),
          AGENT,
          AGENT.as(
              "agent-kill-restarted",
              "`agent-kill` with a unit for the peer's agent that starts it again",
              new Described(Timing.NORM, false, true)),
          of("agent-freeze", "SIGSTOP to the primary's agent", new Fault.AgentFreeze()).holding(45),
          of("replica-crash", "power cut on a replica's host", new Fault.ReplicaCrash())
              .holding(10),
          of("etcd-leader", "etcd's leader is killed and kept down", new Fault.EtcdLeaderKill())
              .holding(15),
          of("etcd-majority", "two etcd members are killed and kept down", new Fault.EtcdTwoKill())
              .holding(45));

  /** Validates and freezes. */
  Case {
    requireNonNull(title, "title is null");
    requireNonNull(words, "words is null");
    requireNonNull(fault, "fault is null");
    requireNonNull(hold, "hold is null");
    variables = List.copyOf(variables);
    requireNonNull(peer, "peer is null");
  }

  private static Case of(String title, String words) {
    return new Case(title, words, Optional.empty(), Duration.ZERO, 0, List.of(), Described.USUAL);
  }

  private static Case of(String title, String words, Fault fault) {
    return new Case(title, words, Optional.of(fault), Duration.ZERO, 0, List.of(), Described.USUAL);
  }

  private Case holding(int seconds) {
    String longer = words + ", for " + seconds + " s";
    return new Case(
        title, longer, fault, Duration.ofSeconds(seconds), idleClients, variables, peer);
  }

  private Case withIdleClients() {
    return new Case(
        title + "-idle",
        "`%s` with %d more clients connected and idle".formatted(title, MANY),
        fault,
        hold,
        MANY,
        variables,
        peer);
  }

  private Case as(String newTitle, String newWords, Described newPeer, String... ours) {
    return new Case(newTitle, newWords, fault, hold, idleClients, List.of(ours), newPeer);
  }

  /** By its title. */
  static Optional<Case> named(String title) {
    return ALL.stream().filter(each -> each.title.equals(title)).findFirst();
  }

  /** The cluster for it on one of the stacks. */
  ClusterPlan plan(Side side, Path launcher) {
    ClusterPlan ours = ClusterPlan.pgTest(launcher, variables.toArray(String[]::new));
    return switch (side) {
      case MATRIARCH -> ours;
      case DESCRIBED -> ours.on(peer);
    };
  }

  /** A guess at how long a run of it takes, its settling included. */
  Duration estimate(Side side) {
    return hold.plusSeconds(side == Side.MATRIARCH ? 15 : 28);
  }
}
