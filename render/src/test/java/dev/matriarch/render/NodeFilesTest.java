package dev.matriarch.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.inventory.Address;
import dev.matriarch.promises.Promise;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeFilesTest {
  @ParameterizedTest
  @ValueSource(strings = {"10.10.10.11", "10.10.10.12", "10.10.10.13"})
  void the_seeds_cluster_renders_as_found_right(String address) {
    var files = Samples.files("pg-test", address, false);
    assertThat(new Golden("pg-test/" + address).differences(Samples.layout(false), files))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.11", "127.0.0.13"})
  void nodes_that_share_a_host_render_as_found_right(String address) {
    var files = Samples.files("shared-host", address, true);
    assertThat(new Golden("shared-host/" + address).differences(Samples.layout(true), files))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.10.10.10", "10.10.10.11"})
  @Promise({"P11", "P163", "P208"})
  void names_and_virtual_addresses_render_as_found_right(String address) {
    var files = Samples.files("named", address, false);
    assertThat(new Golden("named/" + address).differences(Samples.layout(false), files)).isEmpty();
  }

  @Test
  void the_same_input_gives_the_same_files() {
    assertThat(Samples.files("pg-test", "10.10.10.11", false))
        .isEqualTo(Samples.files("pg-test", "10.10.10.11", false));
  }

  @Test
  void secrets_stand_only_in_files_that_nobody_else_reads() {
    var secrets =
        List.of("DBUser.Replicator", "DBUser.DBA", "DBUser.Monitor", "SCRAM-SHA-256$", "quoted");
    for (NodeFile file : Samples.files("shared-host", "127.0.0.11", true)) {
      if (file.mode() != NodeFile.Mode.SECRET) {
        assertThat(file.content()).as(file.path().toString()).doesNotContain(secrets);
      }
      assertThat(file.toString()).doesNotContain(secrets);
    }
  }

  @Test
  void an_unknown_node_is_refused_with_the_known_ones() {
    assertThatThrownBy(() -> Samples.files("pg-test", "10.10.10.99", false))
        .isInstanceOf(RenderException.class)
        .hasMessage(
            "matriarch.yml: 10.10.10.99 is none of its nodes; they are [10.10.10.11, 10.10.10.12, 10.10.10.13]");
  }

  @Test
  @Promise({"P116", "P117", "P118", "P119", "P120"})
  void the_server_gets_what_replication_needs() {
    var parameters =
        agent("pg-test", "10.10.10.11", false).map("bootstrap", "dcs", "postgresql", "parameters");
    assertThat(parameters)
        .containsEntry("wal_level", "logical")
        .containsEntry("max_wal_senders", 50)
        .containsEntry("max_replication_slots", 50)
        .containsEntry("wal_log_hints", "on")
        .containsEntry("track_commit_timestamp", "on");
  }

  @Test
  @Promise({"P124", "P125", "P126", "P127", "P128", "P129"})
  void timing_follows_the_recovery_time() {
    assertThat(dcs("pg-test", "10.10.10.11", false))
        .containsEntry("ttl", 30)
        .containsEntry("loop_wait", 10)
        .containsEntry("retry_timeout", 10)
        .containsEntry("primary_start_timeout", 10)
        .containsEntry("primary_stop_timeout", 30)
        .containsEntry("maximum_lag_on_failover", 1048576)
        .containsEntry("synchronous_mode", false)
        .containsEntry("matriarch", Map.of("two_node_policy", "availability"))
        .containsEntry("failsafe_mode", true);
    assertThat(dcs("shared-host", "127.0.0.11", true))
        .containsEntry("ttl", 5)
        .containsEntry("synchronous_mode", "quorum")
        .containsEntry("matriarch", Map.of("two_node_policy", "consistency"))
        .containsEntry("maximum_lag_on_failover", 0);
  }

  @Test
  @Promise({"P298", "P299"})
  void the_server_logs_as_promised() {
    var parameters = agent("pg-test", "10.10.10.11", false).map("postgresql", "parameters");
    assertThat(parameters)
        .containsEntry("logging_collector", "on")
        .containsEntry("log_destination", "csvlog")
        .containsEntry("log_filename", "postgresql-%a.log")
        .containsEntry("log_file_mode", "0640")
        .containsEntry("log_rotation_age", "1d")
        .containsEntry("log_truncate_on_rotation", "on")
        .containsEntry("log_statement", "ddl")
        .containsEntry("log_min_duration_statement", 100)
        .containsEntry("log_checkpoints", "on")
        .containsEntry("log_lock_waits", "on")
        .containsEntry("log_replication_commands", "on");
  }

  @Test
  void a_delayed_instance_neither_leads_nor_holds_up_commits() {
    assertThat(agent("shared-host", "127.0.0.13", true).map("tags"))
        .containsEntry("nofailover", true)
        .containsEntry("nosync", true);
  }

  @Test
  void server_and_pooler_store_the_same_secret() {
    var users = Samples.content(Samples.files("shared-host", "127.0.0.11", true), "userlist.txt");
    var app = ScramVerifier.of("pg-demo", "app", "it's \"quoted\" # %d \\ ${HOME}");
    assertThat(users).contains("\"app\" \"" + app + "\"\n").doesNotContain("report", "gone");
    var section = agent("shared-host", "127.0.0.11", true);
    assertThat(section.list("matriarch", "users"))
        .anySatisfy(
            u ->
                assertThat((Map<?, ?>) u)
                    .isEqualTo(
                        Map.of(
                            "name",
                            "app",
                            "password",
                            app,
                            "roles",
                            List.of("dbrole_readwrite"),
                            "pgbouncer",
                            true,
                            "login",
                            true)));
  }

  @Test
  @Promise({"P140", "P141", "P142", "P143"})
  void etcd_gets_its_promised_settings() {
    var file =
        YamlFile.read(Samples.content(Samples.files("pg-test", "10.10.10.12", false), "etcd.yml"))
            .map();
    assertThat(file)
        .containsEntry("election-timeout", 1000)
        .containsEntry("heartbeat-interval", 100)
        .containsEntry("quota-backend-bytes", 16L << 30)
        .containsEntry("auto-compaction-mode", "periodic")
        .containsEntry("auto-compaction-retention", "24h")
        .containsEntry(
            "initial-cluster",
            "etcd-1=http://10.10.10.11:2380,etcd-2=http://10.10.10.12:2380,etcd-3=http://10.10.10.13:2380");
  }

  @Test
  @Promise("P139")
  void the_agent_keeps_the_clusters_state_where_it_was_promised() {
    assertThat(agent("pg-test", "10.10.10.11", false).map())
        .containsEntry("scope", "pg-test")
        .containsEntry("namespace", "/pg")
        .containsEntry("name", "pg-test-1");
  }

  /**
   * Trigger key and value, DCS, address, netmask and interface. What a vip-manager polls and
   * retries, the agent does with each renewal, and again until it works: no number of its own.
   */
  @Test
  @Promise("P158")
  void what_a_vip_manager_would_be_told_the_agent_knows() {
    var agent = agent("named", "10.10.10.11", false);
    assertThat(agent.map())
        .containsEntry("namespace", "/pg")
        .containsEntry("scope", "pg-meta")
        .containsEntry("name", "pg-meta-1")
        .containsKey("etcd3");
    assertThat(agent.list("matriarch", "vips"))
        .isEqualTo(
            List.of(
                Map.of("address", "10.10.10.2/24", "interface", "auto"),
                Map.of("address", "fd00:0:0:0:0:0:0:2/64", "interface", "eth1")));
  }

  private static YamlFile agent(String inventory, String address, boolean shared) {
    return YamlFile.read(Samples.content(Samples.files(inventory, address, shared), "patroni.yml"));
  }

  @Test
  void a_cluster_is_made_with_the_segments_that_are_asked_for() {
    String small =
        Samples.text("pg-test")
            .replace("pg_cluster: pg-test", "pg_cluster: pg-test\n    pg_wal_segsize: 4");
    assertThat(agentFile(small)).containsPattern("wal-segsize: [\"']?4");
    assertThat(agentFile(Samples.text("pg-test"))).doesNotContain("wal-segsize");
  }

  private static String agentFile(String inventory) {
    return Samples.content(
        NodeFiles.of(
            Samples.inventory(inventory), Address.of("10.10.10.11"), Samples.layout(false)),
        "patroni.yml");
  }

  private static Map<String, Object> dcs(String inventory, String address, boolean shared) {
    return agent(inventory, address, shared).map("bootstrap", "dcs");
  }
}
