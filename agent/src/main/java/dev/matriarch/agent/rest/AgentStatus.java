package dev.matriarch.agent.rest;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.MemberTags;
import dev.matriarch.agent.vip.Standing;
import dev.matriarch.engine.View;
import dev.matriarch.engine.WalPace;
import dev.matriarch.postgres.Observation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that the REST interface tells, taken at one moment. Making it must not wait for etcd or
 * PostgreSQL.
 *
 * @param scope the cluster's name
 * @param view the engine's
 * @param now monotonic time, of the view's clock
 * @param wallNow wall time
 * @param observed the last look at the server
 * @param tags as published
 * @param storeSeenAt wall time at which etcd was last heard of
 * @param pace how transactions and WAL went together lately
 * @param closed the last wish for a move that this member took out of etcd
 * @param takeovers how often it took the lead from another
 * @param leaseAhead the etcd lease that it got for the leader key that it is to be left; 0 for none
 * @param turnedAt monotonic time at which it decided last
 * @param overlap for so long after the pooler on its host has come to send to another, HAProxy
 *     elsewhere may not have found that one
 */
public record AgentStatus(
    String scope,
    View view,
    Instant now,
    Instant wallNow,
    Observation observed,
    MemberTags tags,
    Optional<Instant> storeSeenAt,
    WalPace pace,
    Optional<ClosedMove> closed,
    Takeovers takeovers,
    long leaseAhead,
    Instant turnedAt,
    Duration overlap) {
  public AgentStatus {
    requireNonNull(scope, "scope is null");
    requireNonNull(view, "view is null");
    requireNonNull(now, "now is null");
    requireNonNull(wallNow, "wallNow is null");
    requireNonNull(observed, "observed is null");
    requireNonNull(tags, "tags is null");
    requireNonNull(storeSeenAt, "storeSeenAt is null");
    requireNonNull(pace, "pace is null");
    requireNonNull(closed, "closed is null");
    requireNonNull(takeovers, "takeovers is null");
    requireNonNull(turnedAt, "turnedAt is null");
    requireNonNull(overlap, "overlap is null");
  }

  /** Tells the present status; called by many threads, never blocks. */
  @FunctionalInterface
  public interface Source {
    AgentStatus status();

    /**
     * The status after another look at the server, or as it is if that takes too long. Elections go
     * by it: a look from before the last leader was fenced may miss commits that it acknowledged.
     */
    default AgentStatus fresh() {
      return status();
    }

    /**
     * What was decided between two moments, as lines of JSON; bounded. This one reads files.
     *
     * @throws IOException if they cannot be read
     */
    default String recording(Instant since, Instant until) throws IOException {
      return "";
    }

    /**
     * What this member threw away when it came back, as an array of JSON, newest first; bounded.
     * This one reads files too.
     *
     * @throws IOException if they cannot be read
     */
    default String lost() throws IOException {
      return "[]";
    }

    /**
     * What a switchover would cost clients of this leader's server or, for another {@code leader},
     * which connections to its server the pooler on this host has; as JSON. This one asks server
     * and poolers; bounded.
     *
     * @throws IOException if the server does not answer
     */
    default String connections(String leader) throws IOException, InterruptedException {
      return "{}";
    }

    /** How the addresses that follow the leader stand on this host. */
    default List<Standing> addresses() {
      return List.of();
    }

    /** How far etcd and the other members are, as JSON. This one asks them; bounded. */
    default String roundTrips() throws InterruptedException {
      return "{}";
    }
  }
}
