package dev.matriarch.etcd;

import static dev.matriarch.etcd.EtcdServers.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.FailsafeRecord;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MemberState;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.SyncState;
import dev.matriarch.engine.TimelineSwitch;
import dev.matriarch.promises.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster's state in real etcd, and the field's own client reading it. */
@Tag("real")
class ClusterStoreTest {

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

  private static Member member(String name, MemberRole role, long lsn) {
    boolean replica = role == MemberRole.REPLICA;
    return Member.named(name).toBuilder()
        .connUrl("postgres://127.0.0.1:5432/postgres")
        .apiUrl("http://127.0.0.1:8008/patroni")
        .state(replica ? MemberState.STREAMING : MemberState.RUNNING)
        .role(role)
        .timeline(3)
        .position(new Lsn(lsn))
        .receivedPosition(replica ? new Lsn(lsn) : Lsn.ZERO)
        .replayedPosition(replica ? new Lsn(lsn) : Lsn.ZERO)
        .version("4.1.0")
        .replicationState(replica ? "streaming" : "")
        .build();
  }

  @Test
  @Promise({"P29", "P67"})
  void readsBackAllThatItWrites() throws Exception {
    ClusterStore store = new ClusterStore(client, ClusterKeys.of("/pg/", "all"));
    assertThat(store.snapshot().state())
        .isEqualTo(withRevision(ClusterState.EMPTY, store.snapshot().state().revision()));
    LeaderLease lease = EtcdServers.lease(client, store, "a-1", new MonotonicSource());
    assertThat(lease.acquire(store.bootstrapClaim())).isInstanceOf(Acquired.Held.class);
    assertThat(store.snapshot().state().initialization())
        .isInstanceOf(Initialization.InProgress.class);
    assertDone(store.finishInitialize("a-1", "7301", "{\"ttl\":30}"));
    assertDone(store.finishInitialize("a-1", "7301", "{\"ttl\":31}"));
    assertThat(store.finishInitialize("a-1", "7302", "{\"ttl\":31}"))
        .as("a recorded cluster stays what it is")
        .isInstanceOf(WriteResult.Conflict.class);
    Member one = member("a-1", MemberRole.PRIMARY, 50_331_648);
    Member two = member("a-2", MemberRole.REPLICA, 50_331_000);
    Lease live = client.grant(Duration.ofSeconds(30));
    assertDone(store.publishMember(one, live.id()));
    assertDone(store.publishMember(two, live.id()));
    StatusRecord status =
        new StatusRecord(
            new Lsn(50_331_648), new TreeMap<>(Map.of("a_2", new Lsn(50_331_000))), List.of("x"));
    assertDone(store.writeStatus("a-1", status));
    List<TimelineSwitch> history =
        List.of(
            new TimelineSwitch(
                1,
                new Lsn(42),
                "no recovery target specified",
                Instant.parse("2026-11-22T01:02:03.000004Z"),
                "a-1"));
    assertDone(store.writeHistory("a-1", history));
    SyncState sync = new SyncState(0, "a-1", 0, new TreeSet<>(List.of("a-2", "a-3")));
    assertDone(store.writeSync("a-1", sync));
    TreeMap<String, String> failsafe =
        new TreeMap<>(Map.of("a-1", "http://127.0.0.1:8008/patroni"));
    assertDone(store.writeFailsafe("a-1", 0, failsafe));
    MoveRequest request =
        new MoveRequest(0, "a-1", "a-2", Optional.of(Instant.parse("2027-01-01T00:00:00Z")))
            .withLost("a-3");
    assertDone(store.setFailover(request));

    ClusterSnapshot snapshot = store.snapshot();
    ClusterState state = snapshot.state();
    assertThat(snapshot.corrupt()).isEmpty();
    assertThat(state.initialization()).isEqualTo(new Initialization.Done("7301"));
    assertThat(state.config().orElseThrow().json()).isEqualTo("{\"ttl\":30}");
    assertThat(state.leadership()).isInstanceOf(Leadership.Held.class);
    assertThat(state.leader()).contains(one);
    assertThat(state.members()).containsValues(one, two);
    assertThat(state.status()).isEqualTo(status);
    assertThat(state.history()).isEqualTo(history);
    assertThat(state.sync().saysSameAs(sync)).isTrue();
    assertThat(state.failsafe().members()).isEqualTo(failsafe);
    long written = state.failsafe().revision();
    assertThat(store.writeFailsafe("a-1", 0, failsafe)).isInstanceOf(WriteResult.Conflict.class);
    assertDone(store.writeFailsafe("a-1", written, new TreeMap<>()));
    assertThat(store.snapshot().state().failsafe()).isEqualTo(FailsafeRecord.NONE);
    MoveRequest read = state.request().orElseThrow();
    assertThat(read).isEqualTo(request.replacing(read.revision()));
    assertThat(store.clearFailover(read.revision() - 1)).isInstanceOf(WriteResult.Conflict.class);
    assertDone(store.clearFailover(read.revision()));
    assertThat(client.get("/pg/all/failover")).map(KeyValue::value).isEqualTo(Optional.of("{}"));
    assertThat(store.snapshot().state().request()).isEmpty();
    assertThat(store.writeSync("a-1", sync)).isInstanceOf(WriteResult.Conflict.class);
    assertDone(store.deleteSync("a-1", state.sync().revision()));
    long config = state.config().orElseThrow().revision();
    assertDone(store.writeConfig(config, "{\"ttl\":20}"));
    assertThat(store.writeConfig(config, "{}")).isInstanceOf(WriteResult.Conflict.class);
    assertThat(store.writeStatus("a-2", status))
        .as("only the leader's word counts")
        .isInstanceOf(WriteResult.Conflict.class);
    lease.release();
    client.revoke(live.id());
  }

  private static ClusterState withRevision(ClusterState state, long revision) {
    return new ClusterState(
        revision,
        state.leadership(),
        state.initialization(),
        state.members(),
        state.request(),
        state.sync(),
        state.history(),
        state.status(),
        state.config(),
        state.failsafe(),
        state.revocation());
  }

  private static void assertDone(WriteResult result) {
    assertThat(result).isInstanceOf(WriteResult.Done.class);
  }

  @Test
  void aMemberKeepsItsKeyAliveAndPutsItAgainWhenItIsGone() throws Exception {
    ClusterStore store = new ClusterStore(client, ClusterKeys.of("pg", "alive"));
    MemberKey key = new MemberKey(store, "a-1", Duration.ofSeconds(30));
    WriteResult first = key.publish("{}");
    assertDone(first);
    assertThat(key.publish("{}")).as("nothing new, nothing put").isEqualTo(first);
    assertDone(key.publish("{\"state\":\"running\"}"));
    KeyValue now = client.get("/pg/alive/members/a-1").orElseThrow();
    assertThat(now.value()).contains("running");
    client.revoke(now.lease());
    assertThat(client.get("/pg/alive/members/a-1")).isEmpty();
    assertDone(key.publish("{\"state\":\"running\"}"));
    assertThat(client.get("/pg/alive/members/a-1")).isPresent();
    assertDone(key.withdraw());
    assertThat(client.get("/pg/alive/members/a-1")).isEmpty();
  }

  @Test
  void corruptValuesAreReportedAndCountAsAbsent() throws Exception {
    ClusterStore store = new ClusterStore(client, ClusterKeys.of("pg", "bad"));
    Queue<ClusterNotice> heard = new ConcurrentLinkedQueue<>();
    Watch watch = store.watch(heard::add);
    Map<String, String> bad =
        Map.of(
            "members/bad-1", "{\"state\": \"running\"",
            "members/bad-2", "[]",
            "members/bad-3", "{\"timeline\": \"three\"}",
            "config", "nonsense",
            "sync", "{\"quorum\": {}}",
            "history", "[[1]]",
            "status", "{\"optime\": \"x\"}",
            "failover", "{\"leader\":\"a\",\"scheduled_at\":\"tomorrow\"}",
            "failsafe", "{\"a\": 1}",
            "leader", "bad-4");
    for (var entry : bad.entrySet()) {
      client.put("/pg/bad/" + entry.getKey(), entry.getValue(), LeaseId.NONE);
    }
    client.put(
        "/pg/bad/members/bad-4",
        ClusterStore.memberJson(member("bad-4", MemberRole.REPLICA, 7)),
        LeaseId.NONE);
    ClusterSnapshot snapshot = store.snapshot();
    assertThat(snapshot.corrupt())
        .extracting(CorruptKey::key)
        .containsExactlyInAnyOrderElementsOf(
            bad.keySet().stream().map(k -> "/pg/bad/" + k).toList());
    assertThat(snapshot.corrupt())
        .anySatisfy(
            it ->
                assertThat(it.message())
                    .isEqualTo(
                        "etcd key /pg/bad/members/bad-3: timeline must be a whole number, not \"three\""));
    assertThat(snapshot.state().members()).containsOnlyKeys("bad-4");
    assertThat(snapshot.state().leadership())
        .as("a key without a lease was written by no member, whomever it names")
        .isInstanceOf(Leadership.Unowned.class);
    until(
        "the watch says the same",
        () ->
            heard.stream()
                .anyMatch(
                    n -> n instanceof ClusterNotice.Seen seen && seen.snapshot().equals(snapshot)));
    watch.close();
  }

  /** Anybody may write them: they cost neither time nor memory, and make no line of a log. */
  @Test
  void hugeValuesAndThoseOfSeveralLinesAreKeptShort() throws Exception {
    ClusterStore store = new ClusterStore(client, ClusterKeys.of("pg", "huge"));
    Queue<ClusterNotice> heard = new ConcurrentLinkedQueue<>();
    String huge = "x".repeat(1 << 20);
    try (Watch _ = store.watch(heard::add)) {
      until("it began", () -> !heard.isEmpty());
      for (int i = 0; i < 8; i++) {
        client.put("/pg/huge/members/m" + i, huge, LeaseId.NONE);
      }
      long began = System.nanoTime();
      client.put("/pg/huge/initialize", "7\n2026-11-26 00:00:00,000 INFO: forged", LeaseId.NONE);
      until(
          "the watch has them all",
          () ->
              heard.stream()
                  .anyMatch(
                      n ->
                          n instanceof ClusterNotice.Seen seen
                              && seen.snapshot().corrupt().size() == 9));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }
    assertThat(store.snapshot().corrupt())
        .hasSize(9)
        .allMatch(it -> it.message().length() < 500 && it.message().lines().count() == 1);
    assertThat(store.snapshot().memberJson().values()).allMatch(json -> json.length() < 500);
  }

  @Test
  @Promise("P212")
  void theFieldsOwnClientReadsIt() throws Exception {
    ClusterStore store = new ClusterStore(client, ClusterKeys.of("service", "pg-test"));
    LeaderLease lease = EtcdServers.lease(client, store, "pg-test-1", new MonotonicSource());
    lease.acquire(store.bootstrapClaim());
    store.finishInitialize(
        "pg-test-1", "7300000000000000000", "{\"ttl\":30,\"synchronous_mode\":true}");
    store.publishMember(member("pg-test-1", MemberRole.PRIMARY, 83_886_080), LeaseId.NONE);
    store.publishMember(member("pg-test-2", MemberRole.REPLICA, 83_886_080), LeaseId.NONE);
    store.publishMember(member("pg-test-3", MemberRole.REPLICA, 80_740_352), LeaseId.NONE);
    store.writeStatus(
        "pg-test-1", new StatusRecord(new Lsn(83_886_080), new TreeMap<>(), List.of()));
    store.writeSync(
        "pg-test-1", new SyncState(0, "pg-test-1", 0, new TreeSet<>(List.of("pg-test-2"))));
    store.writeHistory(
        "pg-test-1",
        List.of(
            new TimelineSwitch(
                1, new Lsn(42), "no recovery target specified", Instant.EPOCH, "pg-test-1")));

    String list = patronictl("list", "-f", "json");
    assertThat(list)
        .contains(
            "\"Cluster\": \"pg-test\", \"Member\": \"pg-test-1\", \"Host\": \"127.0.0.1:5432\"")
        .contains("\"Role\": \"Leader\"")
        .contains("\"Role\": \"Sync Standby\"")
        .contains("\"Lag in MB\": 3")
        .contains("\"TL\": 3");
    assertThat(patronictl("show-config")).contains("synchronous_mode: true");
    assertThat(patronictl("history", "-f", "json")).contains("no recovery target specified");
    lease.release();
  }

  private static String patronictl(String... arguments) throws Exception {
    Path config = folder.resolve("patronictl.yml");
    Files.writeString(
        config,
        "scope: pg-test\nnamespace: /service\netcd3:\n  host: " + servers.endpoint(0) + "\n",
        UTF_8);
    java.util.ArrayList<String> command =
        new java.util.ArrayList<>(List.of("patronictl", "-c", config.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("patronictl.err").toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("patronictl.err"))).isZero();
    return output;
  }
}
