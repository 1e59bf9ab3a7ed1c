package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that etcd says of one cluster, at one revision. A key whose value cannot be read counts as
 * absent here; the store's adapter reports it, and {@link StoreSight} keeps what it was before.
 *
 * @param revision the etcd revision it was read at
 * @param leadership the {@code leader} key
 * @param initialization the {@code initialize} key
 * @param members the {@code members/} keys by name
 * @param request the {@code failover} key, when it asks for something
 * @param sync the {@code sync} key; {@link SyncState#NONE} when absent
 * @param history the {@code history} key
 * @param status the {@code status} key
 * @param config the {@code config} key
 * @param failsafe the {@code failsafe} key
 * @param revocation the {@code revoke} key; {@link Revocation#NONE} when absent
 * @param unreadable the keys below the cluster's whose values cannot be read
 * @param remembered those of them of which it is known here what they said before
 */
public record ClusterState(
    long revision,
    Leadership leadership,
    Initialization initialization,
    SortedMap<String, Member> members,
    Optional<MoveRequest> request,
    SyncState sync,
    List<TimelineSwitch> history,
    StatusRecord status,
    Optional<ConfigRecord> config,
    FailsafeRecord failsafe,
    Revocation revocation,
    SortedSet<String> unreadable,
    SortedSet<String> remembered) {
  /** Keys on which elections depend: without them nobody is promoted. */
  private static final SortedSet<String> VITAL =
      Collections.unmodifiableSortedSet(
          new TreeSet<>(List.of("history", "initialize", "revoke", "status", "sync")));

  /** Those of them that a term changes. */
  private static final SortedSet<String> CHANGING =
      Collections.unmodifiableSortedSet(new TreeSet<>(List.of("history", "status", "sync")));

  /** A cluster of which etcd knows nothing. */
  public static final ClusterState EMPTY =
      new ClusterState(
          0,
          new Leadership.Vacant(),
          new Initialization.Absent(),
          Collections.emptySortedMap(),
          Optional.empty(),
          SyncState.NONE,
          List.of(),
          StatusRecord.NONE,
          Optional.empty(),
          FailsafeRecord.NONE,
          Revocation.NONE);

  public ClusterState {
    requireNonNull(leadership, "leadership is null");
    requireNonNull(initialization, "initialization is null");
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    requireNonNull(request, "request is null");
    requireNonNull(sync, "sync is null");
    history = List.copyOf(history);
    requireNonNull(status, "status is null");
    requireNonNull(config, "config is null");
    requireNonNull(failsafe, "failsafe is null");
    requireNonNull(revocation, "revocation is null");
    unreadable = Collections.unmodifiableSortedSet(new TreeSet<>(unreadable));
    remembered = Collections.unmodifiableSortedSet(new TreeSet<>(remembered));
  }

  /** The standing revocation, while it can still take effect. */
  public Optional<Revocation> revocationInForce() {
    return revocation.isInForce(leadership, sync) ? Optional.of(revocation) : Optional.empty();
  }

  /** Where every key can be read. */
  public ClusterState(
      long revision,
      Leadership leadership,
      Initialization initialization,
      SortedMap<String, Member> members,
      Optional<MoveRequest> request,
      SyncState sync,
      List<TimelineSwitch> history,
      StatusRecord status,
      Optional<ConfigRecord> config,
      FailsafeRecord failsafe,
      Revocation revocation) {
    this(
        revision,
        leadership,
        initialization,
        members,
        request,
        sync,
        history,
        status,
        config,
        failsafe,
        revocation,
        Collections.emptySortedSet(),
        Collections.emptySortedSet());
  }

  /** The same, where these keys cannot be read. */
  public ClusterState withUnreadable(SortedSet<String> keys) {
    return new ClusterState(
        revision,
        leadership,
        initialization,
        members,
        request,
        sync,
        history,
        status,
        config,
        failsafe,
        revocation,
        keys,
        Collections.emptySortedSet());
  }

  /** The same, where this member's key says that. */
  ClusterState with(Member member) {
    SortedMap<String, Member> others = new TreeMap<>(members);
    others.put(member.name(), member);
    return new ClusterState(
        revision,
        leadership,
        initialization,
        others,
        request,
        sync,
        history,
        status,
        config,
        failsafe,
        revocation,
        unreadable,
        remembered);
  }

  /** With what the unreadable keys said before, as far as it is known. */
  ClusterState remembering(ClusterState before) {
    if (unreadable.isEmpty()) {
      return this;
    }
    // Its revision stays the true one: whoever replaces the key compares with it.
    SyncState lastSync =
        new SyncState(
            sync.revision(), before.sync.leader(), before.sync.quorum(), before.sync.voters());
    return new ClusterState(
        revision,
        heldAsBefore(before),
        unreadable.contains("initialize") ? before.initialization : initialization,
        members,
        request,
        unreadable.contains("sync") ? lastSync : sync,
        unreadable.contains("history") ? before.history : history,
        unreadable.contains("status") ? before.status : status,
        unreadable.contains("config") ? before.config : config,
        unreadable.contains("failsafe") ? before.failsafe : failsafe,
        unreadable.contains("revoke") ? before.revocation : revocation,
        Collections.emptySortedSet(),
        unreadable);
  }

  /**
   * By who held it, at the revision that the key has now: whoever deletes it compares with that.
   */
  private Leadership heldAsBefore(ClusterState before) {
    return before.leadership instanceof Leadership.Held held
            && leadership instanceof Leadership.Unowned now
        ? new Leadership.Held(held.name(), now.revision())
        : leadership;
  }

  /**
   * The keys that elections depend on, cannot be read, and were never seen whole, or were last seen
   * so: a member that slept may not have seen what was written before they became unreadable.
   */
  SortedSet<String> vitalUnreadable() {
    SortedSet<String> vital = new TreeSet<>(VITAL);
    vital.retainAll(unreadable);
    SortedSet<String> outdated = new TreeSet<>(CHANGING);
    outdated.retainAll(remembered);
    vital.addAll(outdated);
    return vital;
  }

  public Optional<Member> member(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /** The member that holds the leader key, if it has published itself. */
  public Optional<Member> leader() {
    return switch (leadership) {
      case Leadership.Vacant vacant -> Optional.empty();
      case Leadership.Unowned unowned -> Optional.empty();
      case Leadership.Held held -> member(held.name());
    };
  }

  /** Who began a timeline, as the history tells. */
  public Optional<String> beginnerOf(int timeline) {
    return history.stream()
        .filter(ended -> ended.timeline() == timeline - 1 && !ended.newLeader().isEmpty())
        .map(TimelineSwitch::newLeader)
        .findFirst();
  }

  /**
   * Who led last, as far as the keys tell that outlive a leader: who leads anew begins a timeline,
   * and writes the status key only once that is recorded.
   */
  public Optional<String> lastLeader() {
    return beginnerOf(newestRecorded())
        .or(() -> Optional.of(status.leader()).filter(name -> !name.isEmpty()));
  }

  /** The newest timeline that the history tells of. */
  public int newestRecorded() {
    return history.isEmpty() ? 1 : history.getLast().timeline() + 1;
  }

  /** The newest timeline that the history tells of and that was not given up; 0 for none. */
  int newestRecordedInForce() {
    int newest = history.isEmpty() ? 0 : newestRecorded();
    return newest <= status.givenUp() ? 0 : newest;
  }

  /**
   * The newest timeline that who leads must be on; 0 when none is known. Those that a standby
   * cluster gave up for its source's do not count.
   */
  public int newestInForce() {
    return newestTimeline() <= status.givenUp() ? 0 : newestTimeline();
  }

  /** The newest timeline that anybody here began, or received from outside. */
  int newestHeardOf() {
    int newest = Math.max(newestTimeline(), status.followed());
    for (Member member : members.values()) {
      newest = Math.max(newest, member.timeline());
    }
    return newest;
  }

  /** The newest timeline that the cluster is known to have begun; 0 when none is. */
  public int newestTimeline() {
    int newest = history.isEmpty() ? 0 : history.getLast().timeline() + 1;
    for (Member member : members.values()) {
      if (member.role() == MemberRole.PRIMARY) {
        newest = Math.max(newest, member.timeline());
      }
    }
    return newest;
  }
}
