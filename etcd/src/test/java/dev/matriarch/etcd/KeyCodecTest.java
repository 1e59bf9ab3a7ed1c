package dev.matriarch.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MemberState;
import dev.matriarch.engine.PendingChange;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.SyncState;
import dev.matriarch.engine.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The exact JSON of the drop-in contract, section 4, and what others may have written instead. */
class KeyCodecTest {

  @Test
  void writesAMemberAsTheContractSpellsIt() {
    Member standby =
        Member.named("a-2").toBuilder()
            .connUrl("postgres://10.0.0.2:5432/postgres")
            .apiUrl("http://10.0.0.2:8008/patroni")
            .state(MemberState.RUNNING)
            .role(MemberRole.REPLICA)
            .timeline(2)
            .position(new Lsn(100))
            .receivedPosition(new Lsn(100))
            .replayedPosition(new Lsn(90))
            .tags(
                Tags.NONE.toBuilder().nofailover(true).clonefrom(true).replicatefrom("a-3").build())
            .version("4.1.0")
            .replicationState("streaming")
            .pendingRestart(true)
            .raisesKey(true)
            .build();
    assertThat(ClusterStore.memberJson(standby))
        .isEqualTo(
            "{\"conn_url\":\"postgres://10.0.0.2:5432/postgres\","
                + "\"api_url\":\"http://10.0.0.2:8008/patroni\",\"state\":\"running\","
                + "\"role\":\"replica\",\"version\":\"4.1.0\",\"xlog_location\":100,"
                + "\"receive_lsn\":100,\"replay_lsn\":90,\"replication_state\":\"streaming\","
                + "\"timeline\":2,\"tags\":{\"clonefrom\":true,\"nofailover\":true,"
                + "\"replicatefrom\":\"a-3\"},\"pending_restart\":true,\"raises_key\":true}");
  }

  @Test
  void readsWhatItWrote() throws Exception {
    Member member =
        Member.named("a-1").toBuilder()
            .connUrl("postgres://h:1/postgres")
            .apiUrl("http://h:2/patroni")
            .state(MemberState.STARTING)
            .role(MemberRole.PRIMARY)
            .timeline(0)
            .position(Lsn.ZERO)
            .tags(
                Tags.NONE.toBuilder().failoverPriority(7).nosync(true).noloadbalance(true).build())
            .version("4.1.0")
            .build();
    Member read = MemberCodec.decode("a-1", ClusterStore.memberJson(member));
    assertThat(read.tags().toBuilder().shown("").build()).isEqualTo(member.tags());
    assertThat(read.toBuilder().tags(member.tags()).build()).isEqualTo(member);
    assertThat(MemberCodec.decode("a-1", ClusterStore.memberJson(read))).isEqualTo(read);
  }

  @Test
  void tellsWhatAppliesToAMemberAndNothingElse() throws Exception {
    Member member =
        Member.named("a-1").toBuilder()
            .state(MemberState.RUNNING)
            .role(MemberRole.PRIMARY)
            .pendingRestart(true)
            .pending(List.of(new PendingChange("max_connections", "100", "101")))
            .paused(true)
            .unsettled(true)
            .proxyUrl("postgres://h:6432/postgres")
            .build();
    String json = ClusterStore.memberJson(member);
    assertThat(json)
        .contains(
            "\"pending_restart\":true,\"pending_restart_reason\":{\"max_connections\":"
                + "{\"old_value\":\"100\",\"new_value\":\"101\"}}",
            "\"pause\":true",
            "\"checkpoint_after_promote\":false",
            "\"proxy_url\":\"postgres://h:6432/postgres\"");
    assertThat(MemberCodec.decode("a-1", json)).isEqualTo(member);
    assertThat(ClusterStore.memberJson(Member.named("a-1")))
        .doesNotContain("pending", "pause", "checkpoint", "proxy", "tags", "lsn");
  }

  @Test
  void takesTagsInTheSpellingsOfTheField() throws Exception {
    assertThat(tags("{'failover_priority':'0','nofailover':false}").mayLead()).isTrue();
    assertThat(tags("{'failover_priority':'0'}").mayLead()).isFalse();
    assertThat(tags("{'failover_priority':'1','nofailover':true}").mayLead()).isFalse();
    assertThat(tags("{'nosync':true,'sync_priority':'2'}").nosync()).isTrue();
    assertThat(tags("{'nosync':false,'sync_priority':'0'}").nosync()).isFalse();
    assertThat(tags("{'sync_priority':'0'}").nosync()).isTrue();
    assertThat(tags("{'nofailover':'on','new_tag':'x'}").nofailover()).isTrue();
    assertThat(tags("{'clonefrom':'false'}").clonefrom()).as("any text is a yes").isTrue();
    assertThat(tags("{'nostream':'false'}").nostream()).as("but for nostream").isFalse();
    assertThat(tags("{'nostream':'true'}").nostream()).isTrue();
    assertThat(tags("{'sync_priority':'7','failover_priority':'x'}").syncPriority()).isEqualTo(7);
  }

  @Test
  void keepsTheOrderAndTheTypesOfTags() throws Exception {
    String tags = "{\"nosync\":true,\"sync_priority\":\"2\",\"colour\":[1],\"clonefrom\":true}";
    Member member = MemberCodec.decode("a", "{\"state\":\"running\",\"tags\":" + tags + "}");
    assertThat(ClusterStore.memberJson(member)).contains("\"tags\":" + tags);
  }

  private static Tags tags(String json) throws Json.Unreadable {
    return MemberCodec.decode("a", ("{'tags':" + json + "}").replace('\'', '"')).tags();
  }

  @Test
  void writesNoEmptyPartsAndNullForNobody() {
    assertThat(KeyCodec.encode(new StatusRecord(new Lsn(5), new TreeMap<>(), List.of())))
        .isEqualTo("{\"optime\":5}");
    assertThat(KeyCodec.encode(new SyncState(0, "a", 0, new TreeSet<>())))
        .isEqualTo("{\"leader\":\"a\",\"quorum\":0,\"sync_standby\":null}");
    assertThat(KeyCodec.encode(new SyncState(0, "a", 1, new TreeSet<>(List.of("c", "b")))))
        .isEqualTo("{\"leader\":\"a\",\"quorum\":1,\"sync_standby\":\"b,c\"}");
  }

  @Test
  void tellsWhichTimelineWasGivenUp() throws Exception {
    String text = "{\"optime\":5,\"given_up\":3,\"followed\":2}";
    assertThat(KeyCodec.status(text).givenUp()).isEqualTo(3);
    assertThat(KeyCodec.encode(KeyCodec.status(text))).isEqualTo(text);
    assertThat(KeyCodec.status("{\"optime\":5}").givenUp()).isZero();
  }

  @Test
  void namesWhoWroteTheStatus() throws Exception {
    String text = "{\"optime\":5,\"leader\":\"a\"}";
    assertThat(KeyCodec.status(text).leader()).isEqualTo("a");
    assertThat(KeyCodec.encode(KeyCodec.status(text))).isEqualTo(text);
    assertThat(KeyCodec.status("{\"optime\":5}").leader()).isEmpty();
  }

  @Test
  void readsOlderAndForeignSpellings() throws Exception {
    assertThat(KeyCodec.status("67393608").position()).isEqualTo(new Lsn(67_393_608));
    assertThat(KeyCodec.sync("{\"leader\":\"a\",\"sync_standby\":null}", 3).voters()).isEmpty();
    assertThat(KeyCodec.sync("{\"leader\":null,\"sync_standby\":\"b, c\"}", 3).voters())
        .containsExactly("b", "c");
    assertThat(KeyCodec.history("[[1,42,\"why\"]]").getFirst().newLeader()).isEmpty();
    assertThat(KeyCodec.request("{}", 4)).isEmpty();
    assertThat(
            KeyCodec.request(
                    "{\"leader\":\"a\",\"scheduled_at\":\"2026-11-22 03:00:00.5+01:00\"}", 4)
                .orElseThrow()
                .scheduledAt())
        .isEqualTo(Optional.of(Instant.parse("2026-11-22T02:00:00.5Z")));
  }

  @Test
  void saysWhatIsWrongWithAValueAndWhere() {
    assertThatThrownBy(() -> KeyCodec.history("[[1"))
        .hasMessageStartingWith("is not JSON (column 4: Unexpected end-of-input")
        .hasMessageEndingWith("): [[1");
    assertThatThrownBy(() -> KeyCodec.sync("{\"leader\":1}", 1))
        .hasMessage("leader must be a string, not 1");
    assertThatThrownBy(() -> KeyCodec.failsafe("{} {}")).hasMessageContaining("is not JSON");
    assertThatThrownBy(() -> KeyCodec.failsafe("")).hasMessageContaining("must be a JSON object");
  }

  @Test
  void namesKeysAsTheFieldDoes() {
    assertThat(ClusterKeys.of("/pg", "pg-test").leader()).isEqualTo("/pg/pg-test/leader");
    assertThat(ClusterKeys.of("service/", "b").member("x")).isEqualTo("/service/b/members/x");
    assertThat(ClusterKeys.of("", "b").sync()).isEqualTo("/b/sync");
  }

  @Test
  void mergesAConfigurationUnlikeRfc7396() {
    assertThat(ConfigPatch.merge("{\"ttl\":30,\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"b\":null}}"))
        .isEqualTo("{\"ttl\":30,\"a\":{\"c\":2}}");
    assertThat(ConfigPatch.merge("{\"ttl\":30}", "{\"slots\":{\"s\":null}}"))
        .as("a map where none was is stored as it is")
        .isEqualTo("{\"ttl\":30,\"slots\":{\"s\":null}}");
    assertThat(ConfigPatch.merge("{\"ttl\":30}", "{\"ttl\":\"30\"}")).isEqualTo("{\"ttl\":30}");
    assertThat(ConfigPatch.merge("{\"ttl\":30}", "{\"ttl\":20}")).isEqualTo("{\"ttl\":20}");
    assertThatThrownBy(() -> ConfigPatch.merge("{}", "[1]"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be a JSON object");
  }

  @Test
  void refusesBoundsThatCannotHold() {
    assertThatThrownBy(
            () -> new LeaderLease.Terms("/k", "a", Duration.ofSeconds(2), Duration.ofMillis(1500)))
        .hasMessageContaining("does not fit");
    assertThatThrownBy(() -> Endpoint.parse("ftp://x")).hasMessageContaining("host:port");
    assertThat(Endpoint.parse("10.0.0.1").toString()).isEqualTo("10.0.0.1:2379");
    assertThat(Endpoint.parse("https://[::1]:2379").toString()).isEqualTo("[::1]:2379");
    assertThatThrownBy(() -> EtcdConfig.of(List.of(Endpoint.parse("https://x:1"))))
        .hasMessageContaining("certificates");
  }
}
