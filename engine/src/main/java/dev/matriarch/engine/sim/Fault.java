package dev.matriarch.engine.sim;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Rule;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Something that goes wrong, or that an operator asks for.
 *
 * @param at when, counted from the start
 * @param kind what
 * @param member whom it strikes, counted from 0, or {@link #LEADER}; of no meaning for etcd's
 *     troubles
 * @param other the second member of a cut between two, or a candidate, -1 for none; the members of
 *     a partition, a bit for each; which of the {@link Choices} an operator takes
 * @param lasts until it ends by itself
 * @param ambush lies in wait from {@code at} on until some member acts by this rule, and then
 *     strikes that member
 */
public record Fault(
    Duration at, Kind kind, int member, int other, Duration lasts, Optional<Rule> ambush) {

  private static final Set<Kind> LASTING =
      EnumSet.of(
          Kind.NODE_LOST, Kind.RESTART, Kind.REINITIALIZE, Kind.DATA_LOST, Kind.SCHEDULED_RESTART);

  /** Whoever leads at that moment. */
  public static final int LEADER = -1;

  /** Whom or what a kind of trouble is about. */
  private enum About {
    MEMBER,
    TWO_MEMBERS,
    GROUP,
    CANDIDATE,
    CLUSTER,
    CHOICE,
    CHOSEN_MEMBER
  }

  /** What can go wrong. */
  public enum Kind {
    /** The agent dies and is started again; its server goes on. */
    AGENT_CRASH(About.MEMBER),
    /** The agent's threads stand still. */
    AGENT_FREEZE(About.MEMBER),
    /** The server's processes are killed. */
    SERVER_KILL(About.MEMBER),
    /** The server stops answering. */
    SERVER_HANG(About.MEMBER),
    /** The host goes down with all that runs on it, and with the WAL that was not flushed. */
    NODE_CRASH(About.MEMBER),
    /** The host stands still with all that runs on it. */
    NODE_FREEZE(About.MEMBER),
    /** The host is lost for good, with its disks. */
    NODE_LOST(About.MEMBER),
    /** Every host goes down, and etcd with them; they come back one by one. */
    TOTAL_OUTAGE(About.CLUSTER),
    /** Flushing WAL to the host's disk takes seconds. */
    SLOW_DISK(About.MEMBER),
    /** Messages from and to the host take a second or more. */
    SLOW_NETWORK(About.MEMBER),
    /** The host reaches nobody, and nobody reaches it. */
    ISOLATE(About.MEMBER),
    /** What the host sends arrives nowhere; what is sent to it arrives. */
    MUTE(About.MEMBER),
    /** Some hosts reach only each other. */
    PARTITION(About.GROUP),
    /** The host does not reach etcd. */
    CUT_STORE(About.MEMBER),
    /** Requests reach etcd, its answers do not come back. */
    CUT_STORE_ANSWERS(About.MEMBER),
    /** Requests do not reach etcd, what it sends arrives. */
    CUT_STORE_REQUESTS(About.MEMBER),
    /** Two hosts do not reach each other. */
    CUT_PEERS(About.TWO_MEMBERS),
    /** One host does not reach another; the other way works. */
    CUT_ONE_WAY(About.TWO_MEMBERS),
    /** etcd's leader is lost: it elects another, and every lease starts anew. */
    STORE_LEADER_LOST(About.CLUSTER),
    /** etcd has no majority. */
    STORE_MAJORITY_LOST(About.CLUSTER),
    /** An operator asks for a switchover. */
    SWITCHOVER(About.CANDIDATE),
    /** An operator asks for a failover to a member. */
    FAILOVER(About.CANDIDATE),
    /** An operator pauses the cluster, and resumes it. */
    PAUSE(About.CLUSTER),
    /** An operator changes {@code ttl} and what goes with it. */
    CHANGE_TTL(About.CHOICE),
    /** An operator changes the synchronous mode. */
    CHANGE_SYNC(About.CHOICE),
    /** An operator changes {@code maximum_lag_on_failover}. */
    CHANGE_LAG(About.CHOICE),
    /** The agent is asked to end, and started again later. */
    LEAVE(About.MEMBER),
    /** An operator asks for a restart of the server. */
    RESTART(About.MEMBER),
    /** An operator asks for a fresh copy of the leader's data. */
    REINITIALIZE(About.MEMBER),
    /** Whatever the server asks of its disk waits; an immediate stop does not. */
    DISK_HANG(About.MEMBER),
    /** The disk is nearly full. */
    DISK_FULL(About.MEMBER),
    /** The host's requests reach etcd seconds late, when it may have given them up. */
    LATE_REQUESTS(About.MEMBER),
    /** The host's requests arrive twice, now and a while later. */
    REPEATED_REQUESTS(About.MEMBER),
    /** The host's wall clock is set ahead or back, and right again later. */
    CLOCK_JUMP(About.CHOSEN_MEMBER),
    /** The server's data directory is emptied. */
    DATA_LOST(About.MEMBER),
    /** Another cluster's data is in the place of the server's for a while: the wrong disk. */
    FOREIGN_DATA(About.MEMBER),
    /** An operator schedules a switchover. */
    SCHEDULED_SWITCHOVER(About.CHOICE),
    /** An operator schedules a restart of the server. */
    SCHEDULED_RESTART(About.CHOSEN_MEMBER),
    /** An operator changes some other setting. */
    CHANGE_SETTING(About.CHOICE),
    /** An operator changes a member's tags, and changes them back. */
    CHANGE_TAGS(About.CHOSEN_MEMBER),
    /**
     * The cluster begins to follow a server outside, which takes its place; or what followed one
     * becomes a cluster of its own. Later they change places again.
     */
    SWAP_SITES(About.CLUSTER),
    /**
     * The cluster leads itself for a while though the server outside goes on, and then follows that
     * one again: what it wrote meanwhile is given up.
     */
    TRY_OUT(About.CLUSTER),
    /** The host and the server outside do not reach each other. */
    CUT_OUTSIDE(About.MEMBER),
    /** The server outside is down. */
    OUTSIDE_DOWN(About.CLUSTER),
    /** Somebody writes into one of etcd's keys what nobody can read. */
    JUNK_KEY(About.CHOICE);

    private final About about;

    Kind(About about) {
      this.about = about;
    }

    String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** It is of no meaning without a second member. */
    boolean needsTwo() {
      return about == About.TWO_MEMBERS;
    }

    /** An operator names a member, or none. */
    boolean namesCandidate() {
      return about == About.CANDIDATE;
    }

    boolean strikesMember() {
      return about == About.MEMBER || about == About.TWO_MEMBERS || about == About.CHOSEN_MEMBER;
    }

    /** Which of the {@link Choices} is to be drawn. */
    boolean isChoice() {
      return about == About.CHOICE || about == About.CHOSEN_MEMBER;
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
    int second = kind.needsTwo() && other == victim ? -1 : other;
    return new Fault(at, kind, victim, second, lasts);
  }

  /** The same, with the one that leads named. */
  Fault aimedAt(int leader) {
    int second = other == LEADER && kind.needsTwo() ? leader : other;
    return new Fault(at, kind, member == LEADER ? leader : member, second, lasts);
  }

  @Override
  public String toString() {
    String whom =
        switch (kind.about) {
          case CLUSTER -> "";
          case MEMBER -> victim();
          case TWO_MEMBERS -> victim() + " m" + (other + 1);
          case CANDIDATE -> other < 0 ? "" : " to m" + (other + 1);
          case GROUP -> " of " + group() + " from the others";
          case CHOICE -> ": " + Choices.words(kind, other);
          case CHOSEN_MEMBER -> victim() + ": " + Choices.words(kind, other);
        };
    boolean passes =
        kind.about != About.CHOICE && !kind.namesCandidate() && !LASTING.contains(kind);
    String until = passes ? ", for " + lasts.toMillis() / 1000.0 + " s" : "";
    String when = ambush.map(rule -> ", once somebody acts by " + rule).orElse("");
    return kind.words() + whom + until + when;
  }

  private String victim() {
    return member == LEADER ? " the leader" : " m" + (member + 1);
  }

  private String group() {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < Integer.SIZE - 1; i++) {
      if (Network.isIn(other, i)) {
        names.append(names.isEmpty() ? "m" : " m").append(i + 1);
      }
    }
    return names.toString();
  }
}
