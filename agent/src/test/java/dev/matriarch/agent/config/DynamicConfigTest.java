package dev.matriarch.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.engine.Settings;
import dev.matriarch.engine.SlotKind;
import dev.matriarch.engine.SlotRules;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.TwoNodePolicy;
import dev.matriarch.engine.Undoing;
import dev.matriarch.promises.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DynamicConfigTest {
  @Test
  void hasTheContractsDefaults() {
    DynamicConfig config = DynamicConfig.parse("{}");

    assertThat(config.settings())
        .isEqualTo(
            Settings.DEFAULT.toBuilder()
                .ttl(Duration.ofSeconds(30))
                .loopWait(Duration.ofSeconds(10))
                .retryTimeout(Duration.ofSeconds(10))
                .primaryStartTimeout(Duration.ofMinutes(5))
                .primaryStopTimeout(Duration.ZERO)
                .maximumLagOnFailover(1_048_576)
                .synchrony(Synchrony.OFF)
                .paused(false)
                .undoing(new Undoing(false, false, false))
                .build());
    assertThat(config.useSlots()).isTrue();
    assertThat(config.settings().failsafe()).isFalse();
    assertThat(config.notes()).isEmpty();
  }

  @ParameterizedTest
  @Promise({"P124", "P204"})
  @CsvSource({
    // ttl, loop_wait, retry_timeout -> used
    "30, 10, 10,  30, 10, 10",
    "20, 2, 10,  20, 1, 9",
    "21, 2, 10,  21, 1, 10",
    "20, 5, 8,  20, 4, 8",
    "3, 1, 1,  3, 1, 1",
    "5, 1, 2,  5, 1, 2",
    "5, 2, 2,  20, 2, 3",
    "2, 1, 1,  20, 1, 3",
    "30, 0, 10,  30, 1, 10",
    "60, 10, 10,  60, 10, 10"
  })
  void repairsATimingThatBreaksTheRule(
      long ttl, long loop, long retry, long usedTtl, long usedLoop, long usedRetry) {
    Settings settings =
        DynamicConfig.parse(
                "{\"ttl\":%d,\"loop_wait\":\"%d\",\"retry_timeout\":%d}"
                    .formatted(ttl, loop, retry))
            .settings();

    assertThat(List.of(settings.ttl(), settings.loopWait(), settings.retryTimeout()))
        .containsExactly(
            Duration.ofSeconds(usedTtl),
            Duration.ofSeconds(usedLoop),
            Duration.ofSeconds(usedRetry));
  }

  @ParameterizedTest
  @CsvSource({
    "true, PRIORITY",
    "'\"on\"', PRIORITY",
    "'\"quorum\"', QUORUM",
    "'\"Quorum\"', QUORUM",
    "false, OFF",
    "'\"off\"', OFF",
    "null, OFF",
    "'{}', OFF"
  })
  void readsTheSynchronousMode(String value, Synchrony.Mode mode) {
    assertThat(
            DynamicConfig.parse("{\"synchronous_mode\":" + value + "}")
                .settings()
                .synchrony()
                .mode())
        .isEqualTo(mode);
  }

  @Test
  void readsAliasesAndStrings() {
    Settings old =
        DynamicConfig.parse("{\"master_start_timeout\":\"0\",\"master_stop_timeout\":7}")
            .settings();
    Settings both =
        DynamicConfig.parse("{\"master_start_timeout\":5,\"primary_start_timeout\":6}").settings();
    Settings sync =
        DynamicConfig.parse(
                "{\"synchronous_mode\":true,\"synchronous_mode_strict\":\"on\",\"synchronous_node_count\":\"2\",\"maximum_lag_on_syncnode\":\"16MB\",\"maximum_lag_on_failover\":\"2048\",\"pause\":true}")
            .settings();

    assertThat(old.primaryStartTimeout()).isZero();
    assertThat(old.primaryStopTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(both.primaryStartTimeout()).isEqualTo(Duration.ofSeconds(6));
    assertThat(sync.synchrony())
        .isEqualTo(new Synchrony(Synchrony.Mode.PRIORITY, true, 2, 16 * 1024 * 1024));
    assertThat(sync.maximumLagOnFailover()).isEqualTo(2048);
    assertThat(sync.paused()).isTrue();
  }

  @Test
  void readsThePolicyOfTwoNodes() {
    assertThat(policy("availability")).isEqualTo(TwoNodePolicy.AVAILABILITY);
    assertThat(policy("Consistency")).isEqualTo(TwoNodePolicy.CONSISTENCY);
    assertThat(DynamicConfig.parse("{}").settings().twoNodePolicy())
        .isEqualTo(TwoNodePolicy.UNDECLARED);
    DynamicConfig wrong = DynamicConfig.parse("{\"matriarch\":{\"two_node_policy\":\"both\"}}");
    assertThat(wrong.settings().twoNodePolicy()).isEqualTo(TwoNodePolicy.CONSISTENCY);
    assertThat(wrong.notes())
        .singleElement()
        .asString()
        .contains("two_node_policy", "both", "availability nor consistency");
  }

  @Test
  void readsHowFastServersRecover() {
    DynamicConfig fast = DynamicConfig.parse("{\"matriarch\":{\"recovery_rate\":\"200MB\"}}");
    assertThat(fast.settings().recoveryRate()).isEqualTo(200L << 20);
    DynamicConfig wrong = DynamicConfig.parse("{\"matriarch\":{\"recovery_rate\":0}}");
    assertThat(wrong.settings().recoveryRate()).isEqualTo(64L << 20);
    assertThat(wrong.notes()).singleElement().asString().contains("recovery_rate 0");
  }

  private static TwoNodePolicy policy(String word) {
    return DynamicConfig.parse("{\"matriarch\":{\"two_node_policy\":\"" + word + "\"}}")
        .settings()
        .twoNodePolicy();
  }

  @Test
  void replacesWhatMakesNoSenseAndSaysSo() {
    DynamicConfig config =
        DynamicConfig.parse(
            "{\"ttl\":\"long\",\"synchronous_node_count\":0,\"pause\":\"maybe\",\"maximum_lag_on_failover\":[]}");

    assertThat(config.settings().ttl()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.settings().paused()).isFalse();
    assertThat(config.notes()).hasSize(4).first().asString().contains("ttl", "long", "30");
    assertThat(config.mistakes()).isEqualTo(config.notes());
    assertThat(DynamicConfig.parse("{\"ttl\": 5, \"colour\": \"red\"}").mistakes())
        .as("what is repaired or not known is none")
        .isEmpty();
  }

  @Test
  void leavesAsideWhatIsNoMapOrListThatMustBeOne() {
    DynamicConfig config =
        DynamicConfig.parse(
            """
            {"postgresql": {"parameters": [], "recovery_conf": 1}, "slots": "all",
             "ignore_slots": {"name": {"name": "a"}}, "standby_cluster": "far"}""");
    assertThat(config.mistakes())
        .containsExactly(
            "postgresql.parameters is no map of keys; left aside",
            "postgresql.recovery_conf is no map of keys; left aside",
            "standby_cluster is no map of keys; left aside",
            "slots is no map of keys; left aside",
            "ignore_slots is no list; left aside");
    assertThat(config.settings().slots()).isEqualTo(SlotRules.DEFAULT);
    assertThat(DynamicConfig.parse("{\"slots\": null, \"postgresql\": null}").notes()).isEmpty();
  }

  @Test
  void readsParametersAsText() {
    assertThat(
            DynamicConfig.parse(
                    "{\"postgresql\":{\"parameters\":{\"max_connections\":100,\"hot_standby\":true,\"wal_level\":\"logical\",\"gone\":null,\"odd\":{}}}}")
                .parameters())
        .containsExactlyInAnyOrderEntriesOf(
            Map.copyOf(
                Map.of("max_connections", "100", "hot_standby", "on", "wal_level", "logical")))
        .hasSize(3);
  }

  @Test
  void saysWhatItDoesNotActOn() {
    DynamicConfig config =
        DynamicConfig.parse(
            """
            {"ttl": 40, "colour": "red", "gone": null, "matriarch": {},
             "postgresql": {"callbacks": {"on_start": "x"}, "use_slots": true, "bin_name": null,
              "remove_data_directory_on_rewind_failure": true}}
            """);

    assertThat(config.settings().ttl().toSeconds()).isEqualTo(40);
    assertThat(config.notes())
        .containsExactly("colour is not acted on", "postgresql.callbacks is not acted on");
  }

  @Test
  void refusesWhatIsNoObject() {
    assertThatThrownBy(() -> DynamicConfig.parse("[]"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DynamicConfig.parse("{"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not JSON");
  }

  @Test
  void readsSlotsInTheSpellingsOfTheField() {
    DynamicConfig config =
        DynamicConfig.parse(
            """
            {"slots": {"nothing": null, "zero": 0, "empty": {}, "physical": {"type": "physical"},
                "logical": {"type": "logical", "database": "app", "plugin": "pgoutput"},
                "short": {"database": "app", "plugin": "wal2json"},
                "Bad-Name": 0, "half": {"type": "logical", "database": "app"}},
             "ignore_slots": [{"name": "cdc", "type": "logical"}, {"plugin": "wal2json"}, 3],
             "member_slots_ttl": "30min"}""");
    SlotRules rules = config.settings().slots();
    assertThat(rules.permanent())
        .containsOnly(
            Map.entry("empty", SlotKind.PHYSICAL),
            Map.entry("logical", new SlotKind.Logical("app", "pgoutput")),
            Map.entry("nothing", SlotKind.PHYSICAL),
            Map.entry("physical", SlotKind.PHYSICAL),
            Map.entry("short", new SlotKind.Logical("app", "wal2json")),
            Map.entry("zero", SlotKind.PHYSICAL));
    assertThat(rules.ignored())
        .containsExactly(
            new SlotRules.Matcher("cdc", "logical", "", ""),
            new SlotRules.Matcher("", "", "", "wal2json"));
    assertThat(rules.memberTtl()).isEqualTo(Duration.ofMinutes(30));
    assertThat(config.notes()).hasSize(3);
    assertThat(slots("{\"permanent_slots\":{\"a\":0}}").permanent()).containsOnlyKeys("a");
    assertThat(slots("{\"permanent_replication_slots\":{\"b\":0}}").permanent())
        .containsOnlyKeys("b");
    assertThat(slots("{}")).isEqualTo(SlotRules.DEFAULT);
    assertThat(slots("{\"postgresql\":{\"use_slots\":false}}").used()).isFalse();
  }

  private static SlotRules slots(String json) {
    return DynamicConfig.parse(json).settings().slots();
  }

  @Test
  void readsAccessRulesAndRecoverySettings() {
    DynamicConfig config =
        DynamicConfig.parse(
            """
            {"postgresql": {
              "pg_hba": ["local all all trust", 5], "pg_ident": "none",
              "recovery_conf": {"restore_command": "cp a b", "standby_mode": "on"}}}""");

    assertThat(config.hba()).containsExactly("local all all trust");
    assertThat(config.ident()).isEmpty();
    assertThat(config.parameters()).isEqualTo(Map.of("restore_command", "cp a b"));
    assertThat(config.notes())
        .containsExactly(
            "postgresql.pg_hba has 5, which is no line; left aside",
            "postgresql.pg_ident is no list of lines; left aside");
  }

  @Test
  void aTimelineThatIsNotCheckedIsCheckedAllTheSame() {
    assertThat(DynamicConfig.parse("{\"check_timeline\": true}").notes()).isEmpty();
    assertThat(DynamicConfig.parse("{\"check_timeline\": false}").notes())
        .singleElement()
        .asString()
        .startsWith("check_timeline false is not followed");
  }

  @Test
  void readsHowLongWalHoldsOffARace() {
    assertThat(DynamicConfig.parse("{}").settings().raceBackoff()).isZero();
    assertThat(DynamicConfig.parse("{\"primary_race_backoff\": \"40\"}").settings().raceBackoff())
        .isEqualTo(Duration.ofSeconds(40));
  }
}
