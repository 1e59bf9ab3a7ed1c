package dev.matriarch.engine.sim;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.ConfigRecord;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.FailsafeRecord;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Revocation;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.SyncState;
import dev.matriarch.engine.TimelineSwitch;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * etcd: one linear history of revisions. Each operation happens at the moment it is committed;
 * delays and losses are the caller's.
 */
final class Store {
  private static final Outcome DONE = new Outcome.Done();

  /** Told of every new revision. */
  @FunctionalInterface
  interface Watcher {
    void changed(ClusterState state);
  }

  /** What came of a claim: the lease's number, 0 when refused. */
  record Claimed(long lease, long revision, String why) {
    boolean held() {
      return lease != 0;
    }
  }

  private final Agenda agenda;
  private final Watcher watcher;
  private final Map<String, Long> memberLeaseEnds = new TreeMap<>();
  private final Map<String, Long> memberTtls = new TreeMap<>();
  private int troubles;
  private long leases;

  /** Leases that were used once, and those that were given back. */
  private final Set<Long> used = new HashSet<>();

  private final Set<Long> revoked = new HashSet<>();

  /** When leases end that were got ahead. */
  private final Map<Long, Long> ahead = new TreeMap<>();

  /** Which lease the leader key was written with, by its revision. */
  private final Map<Long, Long> leaderLeases = new TreeMap<>();

  private long leaderLease;
  private long leaderLeaseEnd;
  private long leaderTtl;

  private ClusterState state = ClusterState.EMPTY;
  private Leadership leadership = state.leadership();
  private String lastLeader = "";
  private Initialization initialization = state.initialization();
  private final SortedMap<String, Member> members = new TreeMap<>();
  private Optional<MoveRequest> request = Optional.empty();
  private SyncState sync = SyncState.NONE;
  private List<TimelineSwitch> history = List.of();
  private StatusRecord status = StatusRecord.NONE;
  private Optional<ConfigRecord> config = Optional.empty();
  private FailsafeRecord failsafe = FailsafeRecord.NONE;
  private Revocation revocation = Revocation.NONE;

  /** The keys that cannot be read, until they are written again. */
  private final SortedSet<String> junk = new TreeSet<>();

  Store(Agenda agenda, Watcher watcher) {
    this.agenda = agenda;
    this.watcher = watcher;
  }

  ClusterState state() {
    return state;
  }

  private long nextRevision() {
    return state.revision() + 1;
  }

  private Outcome commit() {
    state =
        new ClusterState(
            nextRevision(),
            leadership,
            initialization,
            members,
            request,
            sync,
            history,
            status,
            config,
            failsafe,
            revocation);
    if (!junk.isEmpty()) {
      state = asRead(state);
    }
    watcher.changed(state);
    return DONE;
  }

  /** What cannot be read counts as absent, but for the revision of the {@code sync} key. */
  private ClusterState asRead(ClusterState whole) {
    return new ClusterState(
            whole.revision(),
            leadership,
            junk.contains("initialize") ? new Initialization.Absent() : initialization,
            members,
            request,
            junk.contains("sync")
                ? new SyncState(sync.revision(), "", 0, Collections.emptySortedSet())
                : sync,
            junk.contains("history") ? List.of() : history,
            junk.contains("status") ? StatusRecord.NONE : status,
            config,
            failsafe,
            revocation)
        .withUnreadable(junk);
  }

  /** Somebody writes into that key what nobody can read. */
  void junk(String key) {
    boolean there =
        switch (key) {
          case "initialize" -> initialization instanceof Initialization.Done;
          case "sync" -> sync.isRecorded();
          case "history" -> !history.isEmpty();
          default -> status.position().isKnown();
        };
    if (there) {
      junk.add(key);
      sync = new SyncState(revisionOf(key), sync.leader(), sync.quorum(), sync.voters());
      commit();
    }
  }

  private long revisionOf(String key) {
    return key.equals("sync") ? nextRevision() : sync.revision();
  }

  private static Outcome refused(String why) {
    return new Outcome.Refused(why);
  }

  // ---- its own troubles

  boolean isAvailable() {
    return troubles == 0;
  }

  /** It answers nothing until {@link #recover}. */
  void fail() {
    troubles++;
  }

  /** Whoever leads etcd now starts every lease anew. */
  void recover() {
    troubles--;
    if (troubles == 0) {
      memberTtls.forEach(this::keepAlive);
      extendLeaderLease();
    }
  }

  private void expireLeases() {
    if (!isAvailable()) {
      return;
    }
    boolean gone = memberLeaseEnds.values().removeIf(end -> end <= agenda.now());
    if (gone) {
      members.keySet().retainAll(memberLeaseEnds.keySet());
      memberTtls.keySet().retainAll(memberLeaseEnds.keySet());
      commit();
    }
    if (leaderLease != 0 && leaderLeaseEnd <= agenda.now()) {
      vacate(Lsn.ZERO);
    }
  }

  // ---- the leader key

  /** A lease to claim with. */
  long grant() {
    return ++leases;
  }

  /** A lease that runs from now on, for a key that is to be left to somebody. */
  long grantAhead(long ttl) {
    long lease = grant();
    ahead.put(lease, agenda.now() + ttl);
    return lease;
  }

  /** The lease of the leader key at that revision; 0 when it was not written then. */
  long leaseAt(long revision) {
    return leaderLeases.getOrDefault(revision, 0L);
  }

  /** A claim that comes a second time finds the key, or that its lease was given back. */
  private boolean isSpent(long lease) {
    return revoked.contains(lease) || (used.contains(lease) && !leadership.isVacant());
  }

  private static Claimed denied(String why) {
    return new Claimed(0, 0, why);
  }

  Claimed acquire(String member, long lease, Effect.AcquireLeader wish, long ttl) {
    if (failsafe.revision() != wish.failsafeRevision()
        || sync.revision() != wish.sync().revision()) {
      return denied("the failsafe or the sync key has changed");
    }
    if (leadership instanceof Leadership.Held held && !held.name().equals(member)) {
      return denied(held.name() + " holds the leader key");
    }
    if (isSpent(lease)) {
      return denied("it came twice");
    }
    if (sync.isRecorded()) {
      sync = new SyncState(nextRevision(), sync.leader(), sync.quorum(), sync.voters());
      junk.remove("sync");
    }
    return hold(member, lease, ttl);
  }

  Claimed adopt(String member, long lease, long ttl) {
    if (!leadership.isHeldBy(member)) {
      return denied("the leader key does not name this member any more");
    }
    return isSpent(lease) ? denied("it came twice") : hold(member, lease, ttl);
  }

  Claimed takeInitialize(String member, long lease, long ttl) {
    if (!(initialization instanceof Initialization.Absent) || !leadership.isVacant()) {
      return denied("another was first");
    }
    if (isSpent(lease)) {
      return denied("it came twice");
    }
    initialization = new Initialization.InProgress();
    return hold(member, lease, ttl);
  }

  Claimed renew(String member, long lease) {
    return lease == leaderLease && leadership.isHeldBy(member)
        ? hold(member, lease, leaderTtl)
        : denied("the leader key is not ours any more");
  }

  private Claimed hold(String member, long lease, long ttl) {
    used.add(lease);
    leaderLease = lease;
    leaderTtl = ttl;
    extendLeaderLease();
    leadership = new Leadership.Held(member, nextRevision());
    leaderLeases.put(nextRevision(), lease);
    lastLeader = member;
    commit();
    return new Claimed(lease, state.revision(), "");
  }

  /** Who holds the leader key, or held it last; empty before the first. */
  String lastLeader() {
    return lastLeader;
  }

  private void extendLeaderLease() {
    leaderLeaseEnd = agenda.now() + leaderTtl;
    agenda.in(leaderTtl, this::expireLeases);
  }

  /**
   * Whoever gives a key back revokes its lease, whatever has become of the key; not if an heir has
   * it on that lease.
   */
  Outcome release(String member, long lease, Effect.ReleaseLeader release) {
    boolean ours = leadership.isHeldBy(member) && leaderLease == lease;
    if (release.heir().isEmpty()) {
      revoked.add(lease);
      return ours ? vacate(release.position()) : DONE;
    }
    if (!ours) {
      return DONE;
    }
    if (ahead.getOrDefault(release.leaseAhead(), 0L) > agenda.now()) {
      used.add(release.leaseAhead());
      leaderLease = release.leaseAhead();
      leaderLeaseEnd = ahead.get(leaderLease);
      agenda.in(leaderLeaseEnd - agenda.now(), this::expireLeases);
    }
    leadership = new Leadership.Held(release.heir(), nextRevision());
    leaderLeases.put(nextRevision(), leaderLease);
    lastLeader = release.heir();
    status = status.at(release.position());
    return commit();
  }

  Outcome expire(long revision) {
    return switch (leadership) {
      case Leadership.Vacant vacant -> DONE;
      case Leadership.Unowned unowned -> throw new IllegalStateException("only members write it");
      case Leadership.Held held ->
          held.revision() == revision
              ? vacate(Lsn.ZERO)
              : refused("the leader has renewed its lease");
    };
  }

  private Outcome vacate(Lsn position) {
    leaderLease = 0;
    leadership = new Leadership.Vacant();
    if (initialization instanceof Initialization.InProgress) {
      initialization = new Initialization.Absent();
    }
    if (position.isKnown()) {
      status = status.at(position);
    }
    return commit();
  }

  // ---- revocation

  Outcome revoke(Revocation wish) {
    boolean unchanged = !revocation.isRecorded() && isBoundTo(wish);
    if (!unchanged) {
      return refused("the keys have changed");
    }
    revocation = new Revocation(nextRevision(), wish.leader(), wish.term(), wish.sync(), wish.by());
    return commit();
  }

  private boolean isBoundTo(Revocation wish) {
    return leadership instanceof Leadership.Held held
        && held.revision() == wish.term()
        && sync.revision() == wish.sync();
  }

  Outcome endRevocation(long revision) {
    if (!revocation.isRecorded()) {
      return DONE;
    }
    if (revocation.revision() != revision) {
      return refused("the revocation is another");
    }
    revocation = Revocation.NONE;
    return commit();
  }

  Claimed takeOver(String member, long lease, Revocation wish, SyncState voters, long ttl) {
    if (revocation.revision() != wish.revision() || !isBoundTo(wish)) {
      return denied("the keys have changed");
    }
    revocation = Revocation.NONE;
    sync = new SyncState(nextRevision(), voters.leader(), voters.quorum(), voters.voters());
    junk.remove("sync");
    return hold(member, lease, ttl);
  }

  // ---- everything else

  Outcome finishInitialize(String member, String systemIdentifier) {
    if (!leadership.isHeldBy(member)) {
      return notLeader();
    }
    boolean another =
        initialization instanceof Initialization.Done done
            && !done.systemIdentifier().equals(systemIdentifier);
    if (another && !junk.contains("initialize")) {
      return refused("another cluster is recorded");
    }
    initialization = new Initialization.Done(systemIdentifier);
    junk.remove("initialize");
    if (config.isEmpty()) {
      config = Optional.of(new ConfigRecord(nextRevision(), Configurations.FIRST));
    }
    return commit();
  }

  private static Outcome notLeader() {
    return refused("this member does not hold the leader key");
  }

  Outcome publish(Member member, long ttl) {
    keepAlive(member.name(), ttl);
    members.put(member.name(), member);
    return commit();
  }

  /** A living agent keeps the lease of its own key. */
  void keepAlive(String member, long ttl) {
    memberTtls.put(member, ttl);
    memberLeaseEnds.put(member, agenda.now() + ttl);
    agenda.in(ttl, this::expireLeases);
  }

  Outcome writeStatus(String leader, StatusRecord newer) {
    if (!leadership.isHeldBy(leader)) {
      return notLeader();
    }
    status = newer;
    junk.remove("status");
    return commit();
  }

  Outcome writeHistory(String leader, List<TimelineSwitch> switches) {
    if (!leadership.isHeldBy(leader)) {
      return notLeader();
    }
    history = switches;
    junk.remove("history");
    return commit();
  }

  Outcome writeSync(String leader, SyncState wanted) {
    if (sync.revision() != wanted.revision() || !leadership.isHeldBy(leader)) {
      return refused("the sync key has changed");
    }
    sync = new SyncState(nextRevision(), wanted.leader(), wanted.quorum(), wanted.voters());
    junk.remove("sync");
    return commit();
  }

  Outcome deleteSync(String leader, long revision) {
    if (sync.revision() != revision || !leadership.isHeldBy(leader)) {
      return refused("the sync key has changed");
    }
    sync = SyncState.NONE;
    junk.remove("sync");
    return commit();
  }

  Outcome writeFailsafe(String leader, long revision, SortedMap<String, String> wanted) {
    if (failsafe.revision() != revision || !leadership.isHeldBy(leader)) {
      return refused("the failsafe key has changed");
    }
    failsafe = wanted.isEmpty() ? FailsafeRecord.NONE : new FailsafeRecord(nextRevision(), wanted);
    return commit();
  }

  /** An operator asks, or the leader fills in a candidate; an older wish is replaced. */
  Outcome request(MoveRequest wish) {
    request = Optional.of(wish.replacing(nextRevision()));
    return commit();
  }

  Outcome nameCandidate(MoveRequest wish, String candidate) {
    return isStill(wish.revision())
        ? request(wish.to(candidate))
        : refused("the request has changed");
  }

  Outcome clearRequest(long revision) {
    if (!isStill(revision)) {
      return refused("the request has changed");
    }
    request = Optional.empty();
    return commit();
  }

  private boolean isStill(long revision) {
    return request.filter(now -> now.revision() == revision).isPresent();
  }

  void configure(String json) {
    config = Optional.of(new ConfigRecord(nextRevision(), json));
    commit();
  }
}
