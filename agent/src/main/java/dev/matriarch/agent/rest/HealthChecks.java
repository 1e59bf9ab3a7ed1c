package dev.matriarch.agent.rest;

import dev.matriarch.engine.Lease;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.SelfPortrait;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.View;
import java.time.Duration;
import java.util.Optional;

/**
 * What a health check is answered (P131-P137; drop-in contract, section 6). A primary is healthy
 * only while it leads: its lease cannot have passed on.
 */
final class HealthChecks {
  private final AgentStatus status;
  private final StatusJson body;
  private final Query query;
  private final View view;

  HealthChecks(AgentStatus status, StatusJson body, Query query) {
    this.status = status;
    this.body = body;
    this.query = query;
    this.view = status.view();
  }

  /** Whether this path is answered 200; one that does not exist never is. */
  boolean isHealthy(String path) {
    return switch (path) {
      case "", "primary", "master", "read-write" -> isPrimary();
      case "leader" -> view.mayServeWrites(status.now()) && view.server().isRunning();
      case "standby_leader", "standby-leader" -> isStandbyLeader();
      case "replica" -> isReplica();
      case "read-only" -> leadsForReaders() || isReplica();
      case "sync", "synchronous" -> isReplica() && body.isSync(Synchrony.Mode.PRIORITY);
      case "quorum" -> isReplica() && body.isSync(Synchrony.Mode.QUORUM);
      case "async", "asynchronous" ->
          isReplica()
              && view.store().isCurrent()
              && !body.isSync(Synchrony.Mode.PRIORITY)
              && !body.isSync(Synchrony.Mode.QUORUM);
      case "read-only-sync", "read-only-synchronous" ->
          leadsForReaders() || (isReplica() && body.isSync(Synchrony.Mode.PRIORITY));
      case "read-only-quorum" ->
          leadsForReaders() || (isReplica() && body.isSync(Synchrony.Mode.QUORUM));
      case "health" -> view.server().isRunning();
      case "readiness" -> leadsForReaders() || isReady();
      case "liveness" -> isTurning();
      case "patroni" -> true;
      default -> false;
    };
  }

  /**
   * Whether the decision loop goes round. Who asks would end the agent otherwise, so a member that
   * nobody's writes depend on has twice the time.
   */
  private boolean isTurning() {
    Duration ttl = view.settings().ttl();
    boolean leads = view.lease() instanceof Lease.Held || view.server().role() == Role.PRIMARY;
    Duration silence = Duration.between(status.turnedAt(), status.now());
    return silence.compareTo(leads ? ttl : ttl.multipliedBy(2)) <= 0;
  }

  private boolean isPrimary() {
    return view.mayServeWrites(status.now()) && view.server().isRunningPrimary();
  }

  private boolean isStandbyLeader() {
    return view.leads(status.now())
        && view.server().isRunningStandby()
        && view.settings().source().isPresent();
  }

  private boolean leadsForReaders() {
    return isPrimary() || isStandbyLeader();
  }

  /** The leader of a standby cluster is none, though it is a standby. */
  private boolean isReplica() {
    return view.server().isRunningStandby()
        && !isStandbyLeader()
        && !status.tags().tags().noloadbalance()
        && !isLagging()
        && replicatesAsAsked()
        && hasTags();
  }

  /** {@code ?replication_state=streaming}: its WAL comes from there. */
  private boolean replicatesAsAsked() {
    String state = SelfPortrait.replicationState(view.server());
    return query.value("replication_state").map(state::equals).orElse(true);
  }

  /** A standby whose WAL comes from somewhere and is not too far behind to stand in. */
  private boolean isReady() {
    if (SelfPortrait.replicationState(view.server()).isEmpty()) {
      return false;
    }
    boolean received = query.value("mode").filter("write"::equals).isPresent();
    Lsn has = received ? view.server().written() : view.server().replayed();
    long allowed =
        query.value("lag").flatMap(Sizes::bytes).orElse(view.settings().maximumLagOnFailover());
    return has.bytesBehind(view.state().status().position()) <= allowed;
  }

  /** {@code ?lag=16MB}: no further behind the leader's last known position than this. */
  private boolean isLagging() {
    Optional<Long> allowed = query.value("lag").flatMap(Sizes::bytes);
    if (allowed.isEmpty()) {
      return false;
    }
    long behind = view.server().replayed().bytesBehind(view.state().status().position());
    return behind > allowed.get();
  }

  /** {@code ?tag_KEY=VALUE}: the member has this tag. */
  private boolean hasTags() {
    return query.values().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("tag_"))
        .allMatch(entry -> body.hasTag(entry.getKey().substring(4), entry.getValue()));
  }
}
