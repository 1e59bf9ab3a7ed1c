package dev.matriarch.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.SyncState;
import dev.matriarch.promises.Promise;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A claim of the vacant leader key holds only by the voters that it was decided by. */
class ClaimStoreTest {
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

  private static SyncState sync(ClusterStore store) throws Exception {
    return store.snapshot().state().sync();
  }

  @Test
  @Promise({"P109", "P201"})
  void oneThatWasDecidedBeforeATermFailsAfterIt() throws Exception {
    ClusterStore store = new ClusterStore(client, ClusterKeys.of("pg", "term"));
    LeaderLease first = EtcdServers.lease(client, store, "a", monotonic);
    assertThat(first.acquire()).isInstanceOf(Acquired.Held.class);
    store.writeSync("a", new SyncState(0, "a", 1, new TreeSet<>(List.of("b", "c"))));
    first.release();
    SyncState decidedBy = sync(store);

    LeaderLease second = EtcdServers.lease(client, store, "b", monotonic);
    assertThat(second.acquire(store.claim(0, decidedBy))).isInstanceOf(Acquired.Held.class);
    assertThat(sync(store).saysSameAs(decidedBy))
        .as("the voters are written as they were")
        .isTrue();
    assertThat(sync(store).revision()).isGreaterThan(decidedBy.revision());
    second.release();

    assertThat(EtcdServers.lease(client, store, "c", monotonic).acquire(store.claim(0, decidedBy)))
        .isInstanceOf(Acquired.ConditionFailed.class);
    assertThat(
            EtcdServers.lease(client, store, "c", monotonic).acquire(store.claim(0, sync(store))))
        .isInstanceOf(Acquired.Held.class);
  }

  @Test
  void withoutVotersNoneAreWritten() throws Exception {
    ClusterStore store = new ClusterStore(client, ClusterKeys.of("pg", "none"));
    LeaderLease lease = EtcdServers.lease(client, store, "a", monotonic);
    assertThat(lease.acquire(store.claim(0, SyncState.NONE))).isInstanceOf(Acquired.Held.class);
    assertThat(sync(store).isRecorded()).isFalse();
    lease.close();
  }
}
