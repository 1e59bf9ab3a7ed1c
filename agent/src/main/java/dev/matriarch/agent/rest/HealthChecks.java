package dev.matriarch.agent.rest;

import dev.matriarch.engine.Lease;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.PooledClients;
import dev.matriarch.engine.Pooler;
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
  /**
   * Asked by HAProxy on hosts without an agent, for services that lead to the pooler: 404 keeps the
   * sessions that a server has, and sends it no more ({@code disable-on-404}). The field's
   * controller ignores it.
   */
  static final String POOLED = "pooled";

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

  /** 200 or 503; to who asks with {@link #POOLED}, also 404. */
  int code(String path) {
    boolean healthy = isHealthy(path);
    return query.value(POOLED).isEmpty() ? plain(healthy) : pooledCode(path, healthy);
  }

  private static int plain(boolean healthy) {
    return healthy ? 200 : 503;
  }

  /** Whose clients come through the pooler fare as it does with them, whatever its server is. */
  private int pooledCode(String path, boolean healthy) {
    return switch (path) {
      case "", "primary", "master", "read-write", "leader" -> healthy ? 200 : writers();
      case "replica",
          "read-only",
          "sync",
          "synchronous",
          "quorum",
          "async",
          "asynchronous",
          "read-only-sync",
          "read-only-synchronous",
          "read-only-quorum" ->
          isPoolersOwn() ? plain(healthy) : readers();
      default -> plain(healthy);
    };
  }

  private int writers() {
    return switch (pooled()) {
      case WELCOME -> 200;
      case KEPT -> 404;
      case LOST -> 503;
    };
  }

  /** They go with the writers: new ones are better served by a pooler that reads from a standby. */
  private int readers() {
    return pooled() == PooledClients.LOST ? 503 : 404;
  }

  private PooledClients pooled() {
    return PooledClients.of(view, status.now(), status.overlap());
  }

  /** Its clients are those of this member's server, or it is none of this one's business. */
  private boolean isPoolersOwn() {
    Pooler pooler = view.pooler();
    return leadsForReaders() || !pooler.present() || (pooler.target().isEmpty() && !pooler.held());
  }

  /** Whether this path is healthy; one that does not exist never is. */
  private boolean isHealthy(String path) {
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
