package dev.matriarch.engine.sim;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Rule;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that goes wrong, or that an operator asks for.
 *
 * @param at when, counted from the start
 * @param kind what
 * @param member whom it strikes, counted from 0; of no meaning for etcd's troubles
 * @param other the second member of a cut between two, or a candidate; -1 for none
 * @param lasts until it ends by itself
 * @param ambush lies in wait from {@code at} on until some member acts by this rule, and then
 *     strikes that member
 */
public record Fault(
    Duration at, Kind kind, int member, int other, Duration lasts, Optional<Rule> ambush) {

  /** What can go wrong. */
  public enum Kind {
    /** The agent dies and is started again; its server goes on. */
    AGENT_CRASH,
    /** The agent's threads stand still. */
    AGENT_FREEZE,
    /** The server's processes are killed. */
    SERVER_KILL,
    /** The server stops answering. */
    SERVER_HANG,
    /** Whatever the server asks of its disk waits; an immediate stop does not. */
    DISK_HANG,
    /** The disk is nearly full. */
    DISK_FULL,
    /** The host goes down with all that runs on it. */
    NODE_CRASH,
    /** The host reaches nobody, and nobody reaches it. */
    ISOLATE,
    /** The host does not reach etcd. */
    CUT_STORE,
    /** Requests reach etcd, its answers do not come back. */
    CUT_STORE_ANSWERS,
    /** Requests do not reach etcd, what it sends arrives. */
    CUT_STORE_REQUESTS,
    /** Two hosts do not reach each other. */
    CUT_PEERS,
    /** One host does not reach another; the other way works. */
    CUT_ONE_WAY,
    /** etcd's leader is lost: it elects another, and every lease starts anew. */
    STORE_LEADER_LOST,
    /** etcd has no majority. */
    STORE_MAJORITY_LOST,
    /** An operator asks for a switchover. */
    SWITCHOVER,
    /** An operator asks for a failover to a member. */
    FAILOVER,
    /** An operator pauses the cluster. */
    PAUSE,
    /** The agent is asked to end, and started again later. */
    LEAVE;

    String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  public Fault(Duration at, Kind kind, int member, int other, Duration lasts) {
    this(at, kind, member, other, lasts, Optional.empty());
  }

  public Fault {
    requireNonNull(at, "at is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(lasts, "lasts is null");
    requireNonNull(ambush, "ambush is null");
  }

  /** The same, striking now and that member. */
  Fault sprungOn(int victim) {
    return new Fault(at, kind, victim, other == victim ? -1 : other, lasts);
  }

  @Override
  public String toString() {
    String whom =
        switch (kind) {
          case STORE_LEADER_LOST, STORE_MAJORITY_LOST, PAUSE -> "";
          case CUT_PEERS, CUT_ONE_WAY -> " m" + (member + 1) + " m" + (other + 1);
          case SWITCHOVER, FAILOVER -> other < 0 ? "" : " to m" + (other + 1);
          case AGENT_CRASH,
              AGENT_FREEZE,
              SERVER_KILL,
              SERVER_HANG,
              DISK_HANG,
              DISK_FULL,
              NODE_CRASH,
              ISOLATE,
              CUT_STORE,
              CUT_STORE_ANSWERS,
              CUT_STORE_REQUESTS,
              LEAVE ->
              " m" + (member + 1);
        };
    String when = ambush.map(rule -> ", once somebody acts by " + rule).orElse("");
    return kind.words() + whom + ", for " + lasts.toMillis() / 1000.0 + " s" + when;
  }
}
