package dev.matriarch.etcd;

import static dev.matriarch.etcd.EtcdServers.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.promises.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The leader key: taken once, renewed for ever, lost for sure or not at all. */
@Tag("real")
class LeaderLeaseTest {

  @TempDir static Path folder;
  private static EtcdServers servers;
  private static EtcdClient client;
  private static final MonotonicSource TIME = new MonotonicSource();

  private final Queue<LeaseNotice> heard = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() throws Exception {
    servers = EtcdServers.start(folder, 3);
    client = EtcdClient.open(servers.config());
    servers.ready(client);
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    servers.close();
  }

  private LeaderLease lease(EtcdClient at, String key, String name) {
    return new LeaderLease(
        at,
        new LeaderLease.Terms(key, name, Duration.ofSeconds(4), Duration.ofMillis(400)),
        TIME,
        heard::add);
  }

  private List<LeaseNotice.Renewed> renewals() {
    return heard.stream()
        .filter(LeaseNotice.Renewed.class::isInstance)
        .map(LeaseNotice.Renewed.class::cast)
        .toList();
  }

  @Test
  @Promise("P138")
  void oneTakesItTheOtherLearnsWho() throws Exception {
    LeaderLease one = lease(client, "/l1/leader", "one");
    LeaderLease two = lease(client, "/l1/leader", "two");
    Instant before = TIME.instant();
    assertThat(one.acquire())
        .isInstanceOfSatisfying(
            Acquired.Held.class,
            held -> {
              assertThat(held.adopted()).isFalse();
              assertThat(held.sentAt()).isAfterOrEqualTo(before);
            });
    assertThatThrownBy(one::acquire).hasMessageContaining("held already");
    assertThat(two.acquire())
        .isInstanceOfSatisfying(
            Acquired.HeldByOther.class, other -> assertThat(other.name()).isEqualTo("one"));
    assertThat(two.isHeld()).isFalse();
    assertThat(one.release()).isInstanceOf(WriteResult.Done.class);
    assertThat(client.get("/l1/leader")).isEmpty();
    assertThat(two.acquire()).isInstanceOf(Acquired.Held.class);
    assertThat(two.release()).isInstanceOf(WriteResult.Done.class);
  }

  @Test
  @Promise("P123")
  void eachRenewalRaisesTheRevisionAndOutlivesTheLease() throws Exception {
    LeaderLease lease = lease(client, "/l2/leader", "one");
    Acquired.Held held = (Acquired.Held) lease.acquire();
    Instant acquired = held.sentAt();
    until(
        "held for twice its length",
        () ->
            !renewals().isEmpty()
                && renewals().getLast().sentAt().isAfter(acquired.plus(Duration.ofSeconds(8))));
    assertThat(renewals())
        .extracting(LeaseNotice.Renewed::revision)
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(renewals().getFirst().revision()).isGreaterThan(held.revision());
    assertThat(heard).allMatch(LeaseNotice.Renewed.class::isInstance);
    assertThat(lease.release()).isInstanceOf(WriteResult.Done.class);
  }

  /** Clients wait for it: what the heir has got ahead need not be written again. */
  @Test
  @Promise("P111")
  void anHeirHasTheKeyAtOnceThatWasPutOnItsOwnLease() throws Exception {
    LeaderLease one = lease(client, "/own/leader", "one");
    LeaderLease two = lease(client, "/own/leader", "two");
    assertThat(one.acquire()).isInstanceOf(Acquired.Held.class);
    Instant asked = two.prepare();
    KeyValue before = client.get("/own/leader").orElseThrow();
    assertThat(two.takeLeft(before)).as("it is not left yet").isEmpty();

    assertThat(one.leaveTo("two", two.ahead().orElseThrow())).isInstanceOf(WriteResult.Done.class);
    KeyValue left = client.get("/own/leader").orElseThrow();
    assertThat(left.lease()).isEqualTo(two.ahead().orElseThrow());
    assertThat(lease(client, "/own/leader", "two").takeLeft(left))
        .as("a later life of the heir's has no such lease")
        .isEmpty();

    assertThat(two.takeLeft(left)).contains(new Acquired.Held(asked, left.modRevision(), true));
    assertThat(two.isHeld()).isTrue();
    assertThat(two.takeLeft(left)).as("once").isEmpty();
    until(
        "it is renewed",
        () -> renewals().stream().anyMatch(it -> it.revision() > left.modRevision()));
    assertThat(client.get("/own/leader").orElseThrow().lease()).isEqualTo(left.lease());
    assertThat(two.release()).isInstanceOf(WriteResult.Done.class);
  }

  @Test
  void onALeaseThatIsGoneTheKeyIsNotLeft() throws Exception {
    LeaderLease one = lease(client, "/gone/leader", "one");
    assertThat(one.acquire()).isInstanceOf(Acquired.Held.class);
    LeaseId own = client.get("/gone/leader").orElseThrow().lease();
    assertThat(one.leaveTo("two", new LeaseId(4711), Op.put("/gone/status", "last words")))
        .isInstanceOf(WriteResult.Done.class);
    KeyValue left = client.get("/gone/leader").orElseThrow();
    assertThat(left.value()).isEqualTo("two");
    assertThat(left.lease()).isEqualTo(own);
    assertThat(client.get("/gone/status").orElseThrow().value()).isEqualTo("last words");
  }

  /** It stays on the first one's lease, so that it ends if the heir does not come. */
  @Test
  @Promise("P111")
  void anHeirAdoptsTheKeyThatWasLeftToIt() throws Exception {
    LeaderLease one = lease(client, "/heir/leader", "one");
    LeaderLease two = lease(client, "/heir/leader", "two");
    LeaderLease three = lease(client, "/heir/leader", "three");
    assertThat(one.leaveTo("two", LeaseId.NONE)).isInstanceOf(WriteResult.Conflict.class);
    assertThat(one.acquire()).isInstanceOf(Acquired.Held.class);
    LeaseId first = client.get("/heir/leader").orElseThrow().lease();
    two.prepare();

    assertThat(one.leaveTo("two", LeaseId.NONE, Op.put("/heir/status", "last words")))
        .isInstanceOf(WriteResult.Done.class);
    assertThat(one.isHeld()).isFalse();
    KeyValue left = client.get("/heir/leader").orElseThrow();
    assertThat(left.value()).isEqualTo("two");
    assertThat(left.lease()).isEqualTo(first);
    assertThat(client.get("/heir/status").orElseThrow().value()).isEqualTo("last words");

    assertThat(three.acquire()).isInstanceOf(Acquired.HeldByOther.class);
    LeaderLease.Claim ifLeft =
        LeaderLease.Claim.replacing(List.of(Compare.value("/heir/leader", "two")), List.of());
    assertThat(two.acquire(ifLeft)).isInstanceOf(Acquired.Held.class);
    KeyValue adopted = client.get("/heir/leader").orElseThrow();
    assertThat(adopted.lease()).isNotEqualTo(first);
    assertThat(adopted.modRevision()).isGreaterThan(left.modRevision());
    assertThat(two.release()).isInstanceOf(WriteResult.Done.class);
    assertThat(two.acquire(ifLeft)).isInstanceOf(Acquired.ConditionFailed.class);
  }

  @Test
  void aRestartedAgentAdoptsItsKey() throws Exception {
    LeaderLease first = lease(client, "/l3/leader", "one");
    Acquired.Held held = (Acquired.Held) first.acquire();
    first.close();
    LeaderLease second = lease(client, "/l3/leader", "one");
    assertThat(second.acquire())
        .isInstanceOfSatisfying(
            Acquired.Held.class,
            adopted -> {
              assertThat(adopted.adopted()).isTrue();
              assertThat(adopted.revision()).isGreaterThan(held.revision());
            });
    assertThat(first.release())
        .as("closed, nothing to give back")
        .isInstanceOf(WriteResult.Conflict.class);
    until("renewed", () -> !renewals().isEmpty());
    assertThat(second.release()).isInstanceOf(WriteResult.Done.class);
  }

  @Test
  void isLostForSureWhenTheKeyIsDeletedAtItsLastRevision() throws Exception {
    ClusterStore store = new ClusterStore(client, ClusterKeys.of("l4", "c"));
    LeaderLease lease = lease(client, store.keys().leader(), "one");
    Acquired.Held held = (Acquired.Held) lease.acquire();
    until("renewed", () -> !renewals().isEmpty());
    assertThat(store.expireLeader(held.revision()))
        .as("a renewal came after it")
        .isInstanceOf(WriteResult.Conflict.class);
    until(
        "expired between two renewals",
        () -> store.expireLeader(renewals().getLast().revision()) instanceof WriteResult.Done);
    LeaderLease other = lease(client, store.keys().leader(), "two");
    other.acquire();
    until("told", () -> heard.stream().anyMatch(LeaseNotice.Lost.class::isInstance));
    assertThat(lease.isHeld()).isFalse();
    assertThat(lease.release()).isInstanceOf(WriteResult.Conflict.class);
    other.release();
  }

  /** As {@code etcdctl put} does; whoever expires such a key does so at its revision. */
  @Test
  void writesItsKeyAgainWhenSomebodyWhoIsNoMemberOverwroteIt() throws Exception {
    ClusterStore store = new ClusterStore(client, ClusterKeys.of("l8", "c"));
    String key = store.keys().leader();
    LeaderLease lease = lease(client, key, "one");
    lease.acquire();
    for (String junk : List.of("two", "", "\u0000\uFFFD{")) {
      client.put(key, junk, LeaseId.NONE);
      until("it is whole again", () -> client.get(key).orElseThrow().value().equals("one"));
    }
    assertThat(client.get(key).orElseThrow().lease()).isNotEqualTo(LeaseId.NONE);
    assertThat(heard).allMatch(LeaseNotice.Renewed.class::isInstance);

    client.put(key, "two", client.grant(Duration.ofSeconds(30)).id());
    until("another's key is another's", () -> !lease.isHeld());
    assertThat(heard).contains(new LeaseNotice.Lost(Optional.of("two")));
  }

  @Test
  void takesAnotherKeyAlongOrNeither() throws Exception {
    LeaderLease lease = lease(client, "/l5/leader", "one");
    LeaderLease.Claim claim = LeaderLease.Claim.creating("/l5/initialize", "");
    client.put("/l5/initialize", "7", LeaseId.NONE);
    assertThat(lease.acquire(claim)).isInstanceOf(Acquired.ConditionFailed.class);
    assertThat(client.get("/l5/leader")).isEmpty();
    client.delete("/l5/initialize");
    assertThat(lease.acquire(claim)).isInstanceOf(Acquired.Held.class);
    assertThat(client.get("/l5/initialize")).isPresent();
    lease.release();
    until("it went with the lease", () -> client.get("/l5/initialize").isEmpty());
  }

  @Test
  void renewsThroughAKilledAndAHungEndpoint() throws Exception {
    int victim = (servers.leader(client) + 1) % 3;
    try (EtcdClient own = EtcdClient.open(EtcdConfig.of(servers.endpoints(victim)))) {
      LeaderLease lease = lease(own, "/l6/leader", "one");
      lease.acquire();
      until("renewed", () -> !renewals().isEmpty());
      servers.freeze(victim);
      until("failed once", () -> heard.stream().anyMatch(LeaseNotice.Failed.class::isInstance));
      int before = renewals().size();
      until("renewed elsewhere", () -> renewals().size() > before + 2);
      servers.thaw(victim);
      assertThat(heard).noneMatch(LeaseNotice.Lost.class::isInstance);
      servers.kill(victim);
      int then = renewals().size();
      until("renewed all the same", () -> renewals().size() > then + 2);
      lease.release();
    } finally {
      servers.restart(victim);
    }
  }

  @Test
  void aFrozenHolderThatWakesUpLateLearnsThatItLost() throws Exception {
    LeaderLease lease = lease(client, "/l7/leader", "one");
    lease.acquire();
    KeyValue key = client.get("/l7/leader").orElseThrow();
    client.revoke(key.lease());
    until("told", () -> heard.stream().anyMatch(LeaseNotice.Lost.class::isInstance));
    assertThat(heard.stream().filter(LeaseNotice.Lost.class::isInstance).findFirst().orElseThrow())
        .isEqualTo(new LeaseNotice.Lost(Optional.empty()));
  }
}
