package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/** Something that happened, as the shell tells it to the engine. */
public sealed interface Event {

  /** Time has passed. */
  record Tick() implements Event {}

  /** etcd told the cluster's state. */
  record StoreRead(ClusterState state) implements Event {
    public StoreRead {
      requireNonNull(state, "state is null");
    }
  }

  /** etcd does not answer. That is not an answer: nothing known before becomes false by it. */
  record StoreFailed(String reason) implements Event {
    public StoreFailed {
      requireNonNull(reason, "reason is null");
    }
  }

  /** The dynamic configuration means something new. */
  record SettingsChanged(Settings settings) implements Event {
    public SettingsChanged {
      requireNonNull(settings, "settings is null");
    }
  }

  /** This member's server was looked at. */
  record ServerSeen(Server server) implements Event {
    public ServerSeen {
      requireNonNull(server, "server is null");
    }
  }

  /**
   * The leader key was created or renewed.
   *
   * @param sentAt before the request was sent
   * @param terms what etcd was told with it; a changed configuration counts from the next one on
   */
  record LeaseRenewed(Instant sentAt, long revision, LeaseTerms terms) implements Event {
    public LeaseRenewed {
      requireNonNull(sentAt, "sentAt is null");
      requireNonNull(terms, "terms is null");
    }
  }

  /** The leader key is no longer ours. */
  record LeaseLost(String reason) implements Event {
    public LeaseLost {
      requireNonNull(reason, "reason is null");
    }
  }

  /**
   * A round of questions to all members is over.
   *
   * @param sentAt monotonic time just before it was sent
   * @param until up to when this leader may write by it, if all accepted
   * @param accepted all accepted
   * @param refusal what one said that refused; empty when none did
   */
  record FailsafeRound(Instant sentAt, Instant until, boolean accepted, String refusal)
      implements Event {
    public FailsafeRound {
      requireNonNull(sentAt, "sentAt is null");
      requireNonNull(until, "until is null");
      requireNonNull(refusal, "refusal is null");
    }
  }

  /** A leader without etcd asks this member to wait for it. */
  record FailsafeAsked(FailsafeCall call) implements Event {
    public FailsafeAsked {
      requireNonNull(call, "call is null");
    }
  }

  /** A peer answered. */
  record PeerAnswered(PeerReport report) implements Event {
    public PeerAnswered {
      requireNonNull(report, "report is null");
    }
  }

  /** An ordered effect ended. */
  record Ended(long order, Outcome outcome) implements Event {
    public Ended {
      requireNonNull(outcome, "outcome is null");
    }
  }

  /** An operator asked something of this member. */
  record Asked(Wish wish) implements Event {
    public Asked {
      requireNonNull(wish, "wish is null");
    }
  }

  /** An operator took a scheduled restart back. */
  record Withdrawn() implements Event {}

  /** What the wall clock said: schedules are told in its time. */
  record ClockRead(Instant wall) implements Event {
    public ClockRead {
      requireNonNull(wall, "wall is null");
    }
  }

  /**
   * This member's own limits were changed in its file.
   *
   * @param resigned how they are shown while it asks not to be waited for
   */
  record TagsChanged(Tags tags, String resigned) implements Event {
    public TagsChanged {
      requireNonNull(tags, "tags is null");
      requireNonNull(resigned, "resigned is null");
    }
  }

  /** Whether this member lacks the watchdog without which it must not lead. */
  record WatchdogSeen(boolean failed) implements Event {}

  /** The pooler on this host was looked at. */
  record PoolerSeen(Pooler pooler) implements Event {
    public PoolerSeen {
      requireNonNull(pooler, "pooler is null");
    }
  }

  /**
   * A leader that is about to hand over asks this host's pooler, which sends to it, to let its
   * clients wait.
   *
   * @param time after which they go on by themselves
   */
  record HoldAsked(String leader, Duration time) implements Event {
    public HoldAsked {
      requireNonNull(leader, "leader is null");
      requireNonNull(time, "time is null");
    }
  }

  /** The agent was asked to end. */
  record Leave() implements Event {}
}
