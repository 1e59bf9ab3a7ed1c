package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.Revocation;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.SyncState;
import dev.matriarch.engine.TimelineSwitch;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One cluster's state in etcd, with the keys, JSON and compare rules of the drop-in contract
 * (section 4). Each write says what became of it; nothing is retried once it may have been applied,
 * unless that changes nothing. Thread-safe; calls block within the client's bounds.
 */
public final class ClusterStore {

  private final EtcdClient client;
  private final ClusterKeys keys;

  public ClusterStore(EtcdClient client, ClusterKeys keys) {
    this.client = requireNonNull(client, "client");
    this.keys = requireNonNull(keys, "keys");
  }

  public ClusterKeys keys() {
    return keys;
  }

  EtcdClient client() {
    return client;
  }

  /** Everything at one revision, linearizable. */
  public ClusterSnapshot snapshot() throws EtcdException, InterruptedException {
    Listing listing = client.list(keys.prefix());
    SortedMap<String, KeyValue> found = new TreeMap<>();
    listing.keys().forEach(kv -> found.put(kv.key(), kv));
    return SnapshotReader.read(keys, found, listing.revision());
  }

  /** Everything now, and again after each change; see {@link Watch} for threads and failures. */
  public Watch watch(Consumer<ClusterNotice> listener) {
    return client.watch(keys.prefix(), new Follower(keys, listener));
  }

  /** Keeps the keys up to date; called by the watch's thread alone. */
  private static final class Follower implements Consumer<WatchNotice> {
    private final ClusterKeys names;
    private final Consumer<ClusterNotice> listener;
    private final SortedMap<String, KeyValue> known = new TreeMap<>();

    Follower(ClusterKeys names, Consumer<ClusterNotice> listener) {
      this.names = names;
      this.listener = listener;
    }

    @Override
    public void accept(WatchNotice notice) {
      switch (notice) {
        case WatchNotice.Listed listed -> {
          known.clear();
          listed.all().keys().forEach(kv -> known.put(kv.key(), kv));
          tell(listed.all().revision());
        }
        case WatchNotice.Changed changed -> {
          changed.changes().forEach(this::apply);
          tell(changed.revision());
        }
        case WatchNotice.Interrupted interrupted ->
            listener.accept(new ClusterNotice.Interrupted(interrupted.failure()));
        case WatchNotice.Resumed resumed ->
            listener.accept(new ClusterNotice.Resumed(resumed.endpoint()));
      }
    }

    private void apply(Change change) {
      switch (change) {
        case Change.Put put -> known.put(put.key(), put.now());
        case Change.Deleted deleted -> known.remove(deleted.key());
      }
    }

    private void tell(long revision) {
      listener.accept(new ClusterNotice.Seen(SnapshotReader.read(names, known, revision)));
    }
  }

  /** To take the right to bootstrap together with the leader key, under the same lease. */
  public LeaderLease.Claim bootstrapClaim() {
    return LeaderLease.Claim.creating(keys.initialize(), "");
  }

  /**
   * Records that the cluster exists, and its first configuration if there is none; both only while
   * {@code leader} holds the key, and never in the place of another cluster: members have copied
   * its data by then. From here on {@code initialize} outlives the lease.
   */
  public WriteResult finishInitialize(String leader, String systemIdentifier, String config)
      throws InterruptedException {
    Optional<KeyValue> before;
    try {
      before = client.get(keys.initialize());
    } catch (EtcdException e) {
      return new WriteResult.Failed(e.failure());
    }
    if (before.filter(key -> KeyCodec.namesAnother(key.value(), systemIdentifier)).isPresent()) {
      return new WriteResult.Conflict(before);
    }
    Txn done =
        Txn.when(
                heldBy(leader),
                Compare.modRevision(
                    keys.initialize(), before.map(KeyValue::modRevision).orElse(0L)))
            .otherwise(Op.get(keys.leader()));
    Op put = Op.put(keys.initialize(), systemIdentifier);
    TxnOutcome withConfig =
        client.txn(
            done.and(Compare.absent(keys.config())).then(put, Op.put(keys.config(), config)));
    return WriteResult.of(
        withConfig instanceof TxnOutcome.CompareFailed ? client.txn(done.then(put)) : withConfig);
  }

  /**
   * Records that a leader's term is to end, if nobody has yet, and the leader and sync keys are
   * those that it names.
   */
  public WriteResult revoke(Revocation revocation) throws InterruptedException {
    return WriteResult.of(
        client.txn(
            Txn.when(
                    Compare.absent(keys.revoke()),
                    Compare.modRevision(keys.leader(), revocation.term()),
                    Compare.modRevision(keys.sync(), revocation.sync()))
                .then(Op.put(keys.revoke(), KeyCodec.encode(revocation)))
                .otherwise(Op.get(keys.revoke()))));
  }

  /** Removes the revocation of this revision. Done also when there is none any more. */
  public WriteResult endRevocation(long revision) throws InterruptedException {
    TxnOutcome outcome =
        client.txn(
            Txn.when(Compare.modRevision(keys.revoke(), revision))
                .then(Op.delete(keys.revoke()))
                .otherwise(Op.get(keys.revoke()))
                .asRepeatable());
    return outcome instanceof TxnOutcome.CompareFailed failed && failed.read().getFirst().isEmpty()
        ? new WriteResult.Done(failed.revision())
        : WriteResult.of(outcome);
  }

  /**
   * To take the leader key from the leader whose term is revoked, together with the record of who
   * may be elected next; only if all three keys are still as the revocation found them.
   */
  public LeaderLease.Claim takeoverClaim(Revocation revocation, SyncState next) {
    return LeaderLease.Claim.replacing(
        List.of(
            Compare.modRevision(keys.leader(), revocation.term()),
            Compare.modRevision(keys.sync(), revocation.sync()),
            Compare.modRevision(keys.revoke(), revocation.revision())),
        List.of(Op.put(keys.sync(), KeyCodec.encode(next)), Op.delete(keys.revoke())));
  }

  /**
   * Deletes the leader key if its revision is still this one, which proves that no renewal came
   * after it. Done also when the key is gone by itself.
   */
  public WriteResult expireLeader(long revision) throws InterruptedException {
    TxnOutcome outcome =
        client.txn(
            Txn.when(Compare.modRevision(keys.leader(), revision))
                .then(Op.delete(keys.leader()))
                .otherwise(Op.get(keys.leader()))
                .asRepeatable());
    return outcome instanceof TxnOutcome.CompareFailed failed && failed.read().getFirst().isEmpty()
        ? new WriteResult.Done(failed.revision())
        : WriteResult.of(outcome);
  }

  /** Writes a member's key as the engine knows it. */
  public WriteResult publishMember(Member member, LeaseId lease) throws InterruptedException {
    return publishMember(member.name(), MemberCodec.encode(member).toString(), lease);
  }

  /**
   * Writes a member's key from JSON: {@link #memberJson} with what the engine does not know of,
   * such as tags of the operator's own.
   */
  public WriteResult publishMember(String name, String json, LeaseId lease)
      throws InterruptedException {
    return WriteResult.of(client.put(keys.member(name), json, lease));
  }

  /** A member's key as {@link #publishMember(Member, LeaseId)} would write it. */
  public static String memberJson(Member member) {
    return MemberCodec.encode(member).toString();
  }

  /** Deletes a member's key. */
  public WriteResult withdrawMember(String name) throws InterruptedException {
    return WriteResult.of(client.delete(keys.member(name)));
  }

  /**
   * Replaces the configuration if it is still the one of {@code revision}; 0: there is none yet.
   * See {@link ConfigPatch} for what to write.
   */
  public WriteResult writeConfig(long revision, String json) throws InterruptedException {
    return putAt(keys.config(), revision, json);
  }

  /** Notes how far the leader's WAL is, while {@code leader} holds the key. */
  public WriteResult writeStatus(String leader, StatusRecord status) throws InterruptedException {
    return putAsLeader(leader, keys.status(), KeyCodec.encode(status));
  }

  /** What the last leader notes as it goes: the position; what is said of slots is kept. */
  public Op positionNote(StatusRecord last, Lsn position) {
    return Op.put(keys.status(), KeyCodec.encode(last.at(position)));
  }

  /** Records the timelines so far, while {@code leader} holds the key. */
  public WriteResult writeHistory(String leader, List<TimelineSwitch> history)
      throws InterruptedException {
    return putAsLeader(leader, keys.history(), KeyCodec.encode(history));
  }

  /**
   * Records the REST addresses of all members, or deletes the record when there are none, if the
   * key is still that of {@code revision} (0: absent) and {@code leader} holds the leader key.
   */
  public WriteResult writeFailsafe(String leader, long revision, SortedMap<String, String> members)
      throws InterruptedException {
    return WriteResult.of(
        client.txn(
            Txn.when(heldBy(leader), Compare.modRevision(keys.failsafe(), revision))
                .then(
                    members.isEmpty()
                        ? Op.delete(keys.failsafe())
                        : Op.put(keys.failsafe(), KeyCodec.encodeFailsafe(members)))
                .otherwise(Op.get(keys.failsafe()))));
  }

  /**
   * To take the leader key only while the failsafe key is still the one of this revision, and the
   * voters are still these. They are written again: whoever decided by them before finds another
   * revision, however late its own claim arrives.
   */
  public LeaderLease.Claim claim(long failsafeRevision, SyncState sync) {
    List<Op> again =
        sync.isRecorded() ? List.of(Op.put(keys.sync(), KeyCodec.encode(sync))) : List.of();
    return new LeaderLease.Claim(
        List.of(
            Compare.modRevision(keys.failsafe(), failsafeRevision),
            Compare.modRevision(keys.sync(), sync.revision())),
        List.of(),
        again,
        false);
  }

  /**
   * Records who may be elected, if the key is still that of {@code sync.revision()} (0: absent) and
   * {@code leader} holds the leader key.
   */
  public WriteResult writeSync(String leader, SyncState sync) throws InterruptedException {
    return WriteResult.of(
        client.txn(
            Txn.when(heldBy(leader), Compare.modRevision(keys.sync(), sync.revision()))
                .then(Op.put(keys.sync(), KeyCodec.encode(sync)))
                .otherwise(Op.get(keys.sync()))));
  }

  /** Deletes the sync key under the same conditions. */
  public WriteResult deleteSync(String leader, long revision) throws InterruptedException {
    return WriteResult.of(
        client.txn(
            Txn.when(heldBy(leader), Compare.modRevision(keys.sync(), revision))
                .then(Op.delete(keys.sync()))
                .otherwise(Op.get(keys.sync()))));
  }

  /**
   * Asks for a switchover or failover. {@code request.revision()} is the revision of the key that
   * it replaces; 0: it does not exist.
   */
  public WriteResult setFailover(MoveRequest request) throws InterruptedException {
    return putAt(keys.failover(), request.revision(), KeyCodec.encode(request));
  }

  /** Marks the request of this revision as done; the key stays, as {@code {}}. */
  public WriteResult clearFailover(long revision) throws InterruptedException {
    return putAt(keys.failover(), revision, "{}");
  }

  /** Revision of the failover key, 0 if it does not exist: for {@link #setFailover}. */
  public long failoverRevision() throws EtcdException, InterruptedException {
    Optional<KeyValue> now = client.get(keys.failover());
    return now.map(KeyValue::modRevision).orElse(0L);
  }

  private Compare heldBy(String leader) {
    return Compare.value(keys.leader(), leader);
  }

  private WriteResult putAsLeader(String leader, String key, String value)
      throws InterruptedException {
    return WriteResult.of(
        client.txn(
            Txn.when(heldBy(leader))
                .then(Op.put(key, value))
                .otherwise(Op.get(keys.leader()))
                .asRepeatable()));
  }

  private WriteResult putAt(String key, long revision, String value) throws InterruptedException {
    return WriteResult.of(
        client.txn(
            Txn.when(Compare.modRevision(key, revision))
                .then(Op.put(key, value))
                .otherwise(Op.get(key))));
  }
}
