package dev.matriarch.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Revocation;
import dev.matriarch.engine.SyncState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A revocation in real etcd: each key that a step is bound to is compared. */
@Tag("real")
class RevocationStoreTest {

  @TempDir static Path folder;
  private static EtcdServers servers;
  private static EtcdClient client;

  @BeforeAll
  static void start() throws Exception {
    servers = EtcdServers.start(folder, 1);
    client = EtcdClient.open(servers.config());
    servers.ready(client);
  }

  @AfterAll
  static void stop() {
    client.close();
    servers.close();
  }

  private final MonotonicSource monotonic = new MonotonicSource();

  private static ClusterStore store(String cluster) {
    return new ClusterStore(client, ClusterKeys.of("pg", cluster));
  }

  private static SyncState voters(ClusterStore store, String leader, String... names)
      throws Exception {
    long revision = store.snapshot().state().sync().revision();
    return new SyncState(revision, leader, 1, new TreeSet<>(List.of(names)));
  }

  private static Revocation wish(ClusterStore store) throws Exception {
    ClusterState now = store.snapshot().state();
    long term = ((Leadership.Held) now.leadership()).revision();
    return new Revocation(0, "a", term, now.sync().revision(), "b");
  }

  /** Leader a, voters b and c. */
  private LeaderLease led(ClusterStore store) throws Exception {
    LeaderLease lease = EtcdServers.lease(client, store, "a", monotonic);
    assertThat(lease.acquire()).isInstanceOf(Acquired.Held.class);
    done(store.writeSync("a", voters(store, "a", "b", "c")));
    return lease;
  }

  private static Revocation revoked(ClusterStore store) throws Exception {
    done(store.revoke(wish(store)));
    return store.snapshot().state().revocation();
  }

  private static void done(WriteResult result) {
    assertThat(result).isInstanceOf(WriteResult.Done.class);
  }

  private static void refused(WriteResult result) {
    assertThat(result).isInstanceOf(WriteResult.Conflict.class);
  }

  /** As a renewal does. */
  private static void renew(ClusterStore store) throws Exception {
    KeyValue leader = client.get(store.keys().leader()).orElseThrow();
    client.put(leader.key(), leader.value(), leader.lease());
  }

  private Acquired takesOver(ClusterStore store, Revocation revocation) throws Exception {
    SyncState next = new SyncState(revocation.sync(), "b", 1, new TreeSet<>(List.of("a", "c")));
    LeaderLease lease = EtcdServers.lease(client, store, "b", monotonic);
    Acquired acquired = lease.acquire(store.takeoverClaim(revocation, next));
    lease.close();
    return acquired;
  }

  @Test
  void isReadBackAndRemovedAtItsRevision() throws Exception {
    ClusterStore store = store("record");
    LeaderLease lease = led(store);
    Revocation wish = wish(store);
    Revocation stands = revoked(store);
    assertThat(stands)
        .isEqualTo(new Revocation(stands.revision(), "a", wish.term(), wish.sync(), "b"));
    assertThat(store.snapshot().state().revocationInForce()).contains(stands);
    refused(store.endRevocation(stands.revision() - 1));
    done(store.endRevocation(stands.revision()));
    done(store.endRevocation(stands.revision()));
    assertThat(store.snapshot().state().revocation()).isEqualTo(Revocation.NONE);
    lease.close();
  }

  @Test
  void isCreatedOnceAndOnlyWhileTheKeysAreUnchanged() throws Exception {
    ClusterStore store = store("create");
    LeaderLease lease = led(store);
    Revocation before = wish(store);
    renew(store);
    refused(store.revoke(before));
    Revocation renewed = wish(store);
    done(store.writeSync("a", voters(store, "a", "b")));
    refused(store.revoke(renewed));
    Revocation stands = revoked(store);
    refused(store.revoke(wish(store)));
    assertThat(store.snapshot().state().revocation()).isEqualTo(stands);
    lease.close();
  }

  @Test
  void theTakeoverChangesAllThreeKeysAtOnce() throws Exception {
    ClusterStore store = store("takeover");
    LeaderLease old = led(store);
    Instant before = monotonic.instant();
    assertThat(takesOver(store, revoked(store)))
        .isInstanceOfSatisfying(
            Acquired.Held.class,
            held -> {
              assertThat(held.adopted()).isFalse();
              assertThat(held.sentAt()).isAfterOrEqualTo(before);
            });
    ClusterState after = store.snapshot().state();
    assertThat(after.leadership().isHeldBy("b")).isTrue();
    assertThat(after.sync().leader()).isEqualTo("b");
    assertThat(after.sync().voters()).containsExactly("a", "c");
    assertThat(after.revocation()).isEqualTo(Revocation.NONE);
    refused(store.writeSync("a", voters(store, "a", "b", "c")));
    old.close();
  }

  @Test
  void noTakeoverAfterARenewal() throws Exception {
    ClusterStore store = store("renewed");
    LeaderLease lease = led(store);
    Revocation revocation = revoked(store);
    renew(store);
    isRefused(store, revocation);
    lease.close();
  }

  @Test
  void noTakeoverOnceTheVotersChanged() throws Exception {
    ClusterStore store = store("voters");
    LeaderLease lease = led(store);
    Revocation revocation = revoked(store);
    done(store.writeSync("a", voters(store, "a", "b", "c", "d")));
    isRefused(store, revocation);
    lease.close();
  }

  @Test
  void noTakeoverOnceTheRevocationIsGoneOrAnother() throws Exception {
    ClusterStore store = store("gone");
    LeaderLease lease = led(store);
    Revocation revocation = revoked(store);
    done(store.endRevocation(revocation.revision()));
    isRefused(store, revocation);
    Revocation again = revoked(store);
    isRefused(store, revocation);
    assertThat(takesOver(store, again)).isInstanceOf(Acquired.Held.class);
    lease.close();
  }

  @Test
  void noTakeoverOnceTheKeyIsVacant() throws Exception {
    ClusterStore store = store("vacant");
    LeaderLease lease = led(store);
    Revocation revocation = revoked(store);
    done(lease.release());
    assertThat(takesOver(store, revocation)).isInstanceOf(Acquired.ConditionFailed.class);
  }

  @Test
  void ofTwoCandidatesOneTakesOver() throws Exception {
    ClusterStore store = store("two");
    LeaderLease lease = led(store);
    Revocation revocation = revoked(store);
    assertThat(takesOver(store, revocation)).isInstanceOf(Acquired.Held.class);
    LeaderLease second = EtcdServers.lease(client, store, "c", monotonic);
    SyncState next = new SyncState(revocation.sync(), "c", 1, new TreeSet<>(List.of("a", "b")));
    assertThat(second.acquire(store.takeoverClaim(revocation, next)))
        .isEqualTo(new Acquired.HeldByOther("b", leaderRevision(store)));
    assertThat(store.snapshot().state().sync().leader()).isEqualTo("b");
    lease.close();
  }

  private static long leaderRevision(ClusterStore store) throws Exception {
    return ((Leadership.Held) store.snapshot().state().leadership()).revision();
  }

  private void isRefused(ClusterStore store, Revocation revocation) throws Exception {
    assertThat(takesOver(store, revocation)).isInstanceOf(Acquired.HeldByOther.class);
    assertThat(store.snapshot().state().leadership().isHeldBy("a")).isTrue();
    assertThat(store.snapshot().state().sync().leader()).isEqualTo("a");
  }
}
