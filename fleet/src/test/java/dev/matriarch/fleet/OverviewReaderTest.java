package dev.matriarch.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.ConfigRecord;
import dev.matriarch.engine.FailsafeRecord;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MemberState;
import dev.matriarch.engine.Revocation;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.SyncState;
import dev.matriarch.etcd.ClusterSnapshot;
import dev.matriarch.etcd.CorruptKey;
import dev.matriarch.fleet.MemberOverview.Lag;
import dev.matriarch.inventory.Cluster;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What an operator is shown of what etcd says. */
class OverviewReaderTest {

  private static final Cluster CLUSTER = Declared.withEtcdAt(2379).clusters().getFirst();

  private static Member member(int seq, MemberRole role, long lsn, int port) {
    boolean replica = role == MemberRole.REPLICA;
    return Member.named("pg-test-" + seq).toBuilder()
        .connUrl("postgres://10.10.10.1" + seq + ":" + port + "/postgres")
        .apiUrl("http://10.10.10.1" + seq + ":8008/patroni")
        .state(MemberState.RUNNING)
        .role(role)
        .timeline(2)
        .position(replica ? Lsn.ZERO : new Lsn(lsn))
        .receivedPosition(replica ? new Lsn(lsn) : Lsn.ZERO)
        .version("4.1.0")
        .replicationState(replica ? "streaming" : "")
        .build();
  }

  private static ClusterSnapshot snapshot(
      Leadership leadership, String config, List<CorruptKey> corrupt, Member... members) {
    TreeMap<String, Member> all = new TreeMap<>();
    TreeMap<String, String> json = new TreeMap<>();
    for (Member member : members) {
      all.put(member.name(), member);
      json.put(member.name(), "{}");
    }
    return new ClusterSnapshot(
        new ClusterState(
            9,
            leadership,
            new Initialization.Done("7301"),
            all,
            Optional.empty(),
            new SyncState(4, "pg-test-1", 0, new TreeSet<>(List.of("pg-test-2"))),
            List.of(),
            StatusRecord.NONE,
            Optional.of(new ConfigRecord(3, config)),
            FailsafeRecord.NONE,
            Revocation.NONE),
        corrupt,
        json,
        Optional.empty());
  }

  private static final Leadership HELD = new Leadership.Held("pg-test-1", 7);

  @Test
  void tellsRolesStatesAndLag() {
    ClusterOverview overview =
        OverviewReader.read(
            CLUSTER,
            snapshot(
                HELD,
                "{\"synchronous_mode\":\"quorum\"}",
                List.of(),
                member(1, MemberRole.PRIMARY, 100L << 20, 5432),
                member(2, MemberRole.REPLICA, 100L << 20, 5432),
                member(3, MemberRole.REPLICA, (98L << 20) + 1000, 5432)));
    assertThat(overview.problems()).isEmpty();
    assertThat(overview.members())
        .extracting(m -> m.host() + " " + m.label() + " " + m.state() + " " + m.timeline())
        .containsExactly(
            "10.10.10.11 Leader running 2",
            "10.10.10.12 Quorum Standby streaming 2",
            "10.10.10.13 Replica streaming 2");
    assertThat(overview.members())
        .extracting(MemberOverview::lag)
        .containsExactly(new Lag.None(), new Lag.Behind(0), new Lag.Behind((2L << 20) - 1000));
    assertThat(new Lag.Behind((2L << 20) - 1000).mebibytes()).isEqualTo(2);
    assertThat(overview.followersOf(overview.members().getFirst())).hasSize(2);
  }

  @Test
  void saysWhatIsNotAsItShouldBe() {
    ClusterOverview overview =
        OverviewReader.read(
            CLUSTER,
            snapshot(
                new Leadership.Vacant(),
                "{\"pause\":true}",
                List.of(new CorruptKey("/pg/pg-test/history", "is not JSON")),
                member(2, MemberRole.REPLICA, 0, 6543)));
    assertThat(overview.paused()).isTrue();
    assertThat(overview.member("pg-test-2").orElseThrow().host()).isEqualTo("10.10.10.12:6543");
    assertThat(overview.member("pg-test-2").orElseThrow().lag()).isEqualTo(new Lag.Unknown());
    assertThat(overview.problems())
        .containsExactly(
            "etcd key /pg/pg-test/history: is not JSON",
            "pg-test has no leader: nobody accepts writes",
            "pg-test-1, pg-test-3: declared, but not in etcd; its agent does not run or cannot"
                + " reach etcd");
  }

  @Test
  void saysWhenAStandbyClusterReceivesNothing() {
    Member dry = member(1, MemberRole.STANDBY_LEADER, 1 << 20, 5432);
    assertThat(problems(dry))
        .containsExactly("pg-test-1 leads a standby cluster and receives no WAL from outside");
    assertThat(problems(dry.toBuilder().replicationState("streaming").build())).isEmpty();
  }

  private static List<String> problems(Member leader) {
    Member two = member(2, MemberRole.REPLICA, 1 << 20, 5432);
    Member three = member(3, MemberRole.REPLICA, 1 << 20, 5432);
    return OverviewReader.read(CLUSTER, snapshot(HELD, "{}", List.of(), leader, two, three))
        .problems();
  }

  @Test
  void aClusterThatWasNeverStartedIsToldAsSuch() {
    ClusterOverview overview =
        OverviewReader.read(
            CLUSTER,
            new ClusterSnapshot(ClusterState.EMPTY, List.of(), new TreeMap<>(), Optional.empty()));
    assertThat(overview.problems()).hasSize(1).first().asString().contains("never started");
  }
}
