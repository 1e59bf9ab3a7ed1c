package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a valid file becomes. */
class InventoryReaderTest {
  @Test
  @Promise({"P49", "P50"})
  void aGroupOfItsOwnMayOfferTheServices() {
    Inventory inventory =
        Read.valid(
            Read.SEED
                + "    pg_service_provider: proxy\n"
                + "proxy:\n"
                + "  hosts: {10.10.10.21: {nodename: proxy-1}, 10.10.10.22: }\n"
                + "  vars: {haproxy_exporter_port: 9111}\n");
    Cluster cluster = inventory.clusters().getFirst();
    assertThat(inventory.proxies(cluster))
        .extracting(ProxyHost::name)
        .containsExactly("proxy-1", "10.10.10.22");
    assertThat(inventory.proxies(cluster).getFirst().adminPort()).isEqualTo(9111);
    assertThat(inventory.offered(Address.of("10.10.10.22"))).containsExactly(cluster);
    assertThat(inventory.offered(Address.of("10.10.10.11"))).isEmpty();
    Node node = inventory.node(Address.of("10.10.10.21")).orElseThrow();
    assertThat(node.name()).isEqualTo("proxy-1");
    assertThat(node.instances()).isEmpty();
    assertThat(node.etcd()).isEmpty();
    assertThat(inventory.notActedOn()).isEmpty();
    Inventory own = Read.valid(Read.SEED);
    assertThat(own.offered(Address.of("10.10.10.11"))).hasSize(1);
    assertThat(own.proxies(own.clusters().getFirst()))
        .extracting(ProxyHost::name)
        .containsExactly("pg-test-1", "pg-test-2", "pg-test-3");
  }

  @Test
  @Promise({"P1", "P2", "P6", "P7", "P86", "P87", "P88", "P91", "P92", "P94"})
  void theSeedsClusterIsReadAsItStands() {
    Inventory inventory = Read.valid(Read.SEED);
    assertThat(inventory.clusters()).singleElement().extracting(Cluster::name).isEqualTo("pg-test");
    Cluster cluster = inventory.cluster("pg-test").orElseThrow();
    assertThat(cluster.instances())
        .extracting(Instance::name)
        .containsExactly("pg-test-1", "pg-test-2", "pg-test-3");
    assertThat(cluster.primary().address()).isEqualTo(Address.of("10.10.10.11"));
    assertThat(cluster.primary().ports())
        .isEqualTo(new Ports(5432, 6432, 8008, 9101, 9630, 9631, 9854));
    assertThat(cluster.instance("pg-test-3").orElseThrow().servesOffline()).isTrue();
    assertThat(cluster.keyPrefix()).isEqualTo("/pg/pg-test");
    assertThat(inventory.nodes().values())
        .extracting(Node::name)
        .containsExactly("pg-test-1", "pg-test-2", "pg-test-3");
    assertThat(inventory.node(Address.of("10.10.10.12")).orElseThrow().instances()).hasSize(1);
    assertThat(inventory.notActedOn()).isEmpty();
  }

  @Test
  @Promise({"P5", "P95", "P14", "P146", "P147", "P148", "P149", "P102", "P154"})
  void fourServicesAreThereWithoutAWord() {
    Cluster cluster = Read.valid(Read.SEED).clusters().getFirst();
    assertThat(cluster.services())
        .extracting(s -> s.nameIn(cluster) + " " + s.port() + " " + s.check())
        .containsExactly(
            "pg-test-primary 5433 /primary",
            "pg-test-replica 5434 /read-only",
            "pg-test-default 5436 /primary",
            "pg-test-offline 5438 /replica");
    assertThat(members(cluster, "primary")).containsExactly("1:6432", "2:6432", "3:6432");
    assertThat(members(cluster, "replica")).containsExactly("1:6432 backup", "2:6432", "3:6432");
    assertThat(members(cluster, "default")).containsExactly("1:5432", "2:5432", "3:5432");
    assertThat(members(cluster, "offline")).containsExactly("3:5432", "2:5432 backup");
  }

  /** What lags on purpose is no source of reads, and what is set apart the last one. */
  @Test
  @Promise("P93")
  void rolesSayWhatAnInstanceServes() {
    Cluster cluster =
        Read.valid(
                """
                pg-a:
                  hosts:
                    10.0.0.1: {pg_seq: 1, pg_role: offline}
                    10.0.0.2: {pg_seq: 2, pg_role: primary}
                    10.0.0.3: {pg_seq: 3, pg_role: replica}
                    10.0.0.4: {pg_seq: 4, pg_role: delayed}
                  vars: {pg_cluster: pg-a}
                """)
            .clusters()
            .getFirst();
    assertThat(members(cluster, "replica"))
        .containsExactly("2:6432 backup", "3:6432", "1:6432 backup");
    assertThat(members(cluster, "offline")).containsExactly("1:5432", "3:5432 backup");
  }

  private static List<String> members(Cluster cluster, String service) {
    return cluster.service(service).orElseThrow().members(cluster.instances()).stream()
        .map(m -> m.instance().seq() + ":" + m.port() + (m.backup() ? " backup" : ""))
        .toList();
  }

  @Test
  @Promise({"P23", "P24", "P52", "P53", "P59"})
  void servicesFollowTheirParameters() {
    Cluster direct = Read.seedWith("pg_default_service_dest: postgres");
    assertThat(members(direct, "primary")).containsExactly("1:5432", "2:5432", "3:5432");
    Cluster unpooled = Read.seedWith("pgbouncer_enabled: false");
    assertThat(members(unpooled, "primary")).containsExactly("1:5432", "2:5432", "3:5432");
    Cluster more =
        Read.seedWith(
            """
            pg_services:
              - {name: standby, port: 5435, check: /sync, dest: 7777, balance: leastconn}
              - {name: replica, port: 6434, dest: postgres}
            """);
    assertThat(more.services())
        .extracting(Service::name)
        .containsExactly("primary", "replica", "default", "offline", "standby");
    assertThat(members(more, "standby")).containsExactly("1:7777", "2:7777", "3:7777");
    assertThat(more.service("standby").orElseThrow().balance()).isEqualTo(Balance.LEASTCONN);
    assertThat(more.service("replica").orElseThrow().port()).isEqualTo(6434);
  }

  @Test
  void hostWinsOverClusterOverGlobalsOverDefaults() {
    Inventory inventory =
        Read.valid(
            """
            vars: {pg_log_dir: /g, pg_port: 1111, patroni_port: 2222}
            pg-a:
              hosts:
                10.0.0.1: {pg_seq: 1, pg_role: primary, pg_port: 4444}
                10.0.0.2: {pg_seq: 2, pg_role: replica}
              vars: {pg_cluster: pg-a, patroni_port: 3333, pg_port: 5555}
            """);
    Cluster cluster = inventory.clusters().getFirst();
    assertThat(cluster.instances())
        .extracting(i -> i.ports().postgres())
        .containsExactly(4444, 5555);
    assertThat(cluster.primary().ports().agent()).isEqualTo(3333);
    assertThat(cluster.settings().text("pg_log_dir")).isEqualTo("/g");
    assertThat(cluster.settings().number("pg_port")).isEqualTo(5555);
    assertThat(inventory.globals().number("pg_port")).isEqualTo(1111);
    assertThat(inventory.globals().isDeclared("pg_data")).isFalse();
    assertThat(inventory.globals().text("pg_data")).isEqualTo("/pg/data");
  }

  @Test
  void bareAndUnderAllAreTheSame() {
    String under = "all:\n  children:\n" + Read.SEED.indent(4) + "  vars: {pg_rto: 15}\n";
    String bare = Read.SEED + "vars: {pg_rto: 15}\n";
    assertThat(Read.valid(under).clusters()).isEqualTo(Read.valid(bare).clusters());
    assertThat(Read.valid(bare).clusters().getFirst().timing().ttl()).hasSeconds(15);
  }

  @Test
  void withoutAnEtcdGroupTheFirstHostsRunIt() {
    int[] expected = {1, 1, 3, 3, 5, 5, 5};
    for (int hosts = 1; hosts <= expected.length; hosts++) {
      StringBuilder text = new StringBuilder("pg-a:\n  hosts:\n");
      for (int i = 1; i <= hosts; i++) {
        String role = i == 1 ? "primary" : "replica";
        text.append("    10.0.0.%d: {pg_seq: %d, pg_role: %s}%n".formatted(30 - i, i, role));
      }
      EtcdCluster etcd = Read.valid(text + "  vars: {pg_cluster: pg-a}\n").etcd();
      assertThat(etcd.members()).hasSize(expected[hosts - 1]);
      assertThat(etcd.declared()).isFalse();
      assertThat(etcd.members().getFirst())
          .isEqualTo(new EtcdMember("etcd-1", 1, Address.of("10.0.0.29"), 2379, 2380, ""));
    }
  }

  @Test
  @Promise({"P205", "P206"})
  void durability() {
    assertThat(Read.seedWith("").durability())
        .isEqualTo(new Durability(new Bytes(1048576), SynchronousMode.OFF, false));
    assertThat(Read.seedWith("pg_rpo: 0").durability())
        .isEqualTo(new Durability(new Bytes(0), SynchronousMode.QUORUM, false));
    Cluster crit = Read.seedWith("pg_conf: crit.yml");
    assertThat(crit.durability())
        .isEqualTo(new Durability(new Bytes(1048576), SynchronousMode.QUORUM, true));
    assertThat(crit.durability().losesNothing()).isTrue();
    assertThat(crit.template()).isEqualTo(ConfTemplate.CRIT);
  }

  @Test
  void usersAndDatabases() {
    Cluster cluster =
        Read.seedWith(
            """
            pg_replication_username: repl
            pg_replication_password: secret
            pg_users:
              - {name: app, password: pw, roles: [dbrole_readwrite, {name: x, admin: true}],
                 pgbouncer: true, connlimit: 10, expire_in: 30, createdb: false,
                 parameters: {search_path: [a, b], work_mem: 4MB}}
            pg_databases:
              - {name: app, owner: app, pool_size: 20}
              - {name: old, state: absent, pgbouncer: false}
            """);
    assertThat(cluster.defaultRoles())
        .extracting(User::name)
        .containsExactly(
            "dbrole_readonly",
            "dbrole_offline",
            "dbrole_readwrite",
            "dbrole_admin",
            "postgres",
            "repl",
            "dbuser_dba",
            "dbuser_monitor");
    assertThat(cluster.defaultRoles().get(5).password()).contains(new Secret("secret"));
    assertThat(cluster.defaultRoles().get(4).password()).isEmpty();
    User app = cluster.users().getFirst();
    assertThat(app.password()).contains(new Secret("pw"));
    assertThat(app.roles()).extracting(RoleGrant::role).containsExactly("dbrole_readwrite", "x");
    assertThat(app.roles().getLast().admin()).contains(true);
    assertThat(app.options()).containsOnly(java.util.Map.entry("createdb", false));
    assertThat(app.parameters()).containsEntry("search_path", "a, b");
    assertThat(app.expireInDays()).contains(30);
    assertThat(app.comment()).isEqualTo("business user app");
    assertThat(cluster.databases()).extracting(Database::pooled).containsExactly(true, false);
    assertThat(cluster.databases().getFirst().text("pool_size")).contains("20");
    assertThat(cluster.databases().getLast().state()).isEqualTo(DesiredState.ABSENT);
  }

  @Test
  @Promise({"P262", "P263", "P264", "P265", "P266", "P267"})
  void accessRulesStandInOrder() {
    Cluster cluster =
        Read.seedWith(
            """
            pg_hba_rules:
              - {title: last, addr: world, auth: deny}
              - {title: first, order: 10, user: app, addr: 10.1.1.1, auth: cert}
              - {title: middle, order: 300, addr: cluster}
              - {title: raw, order: 999, rules: [host all all 10.0.0.0/8 trust]}
            """);
    assertThat(cluster.hbaRules()).hasSize(16);
    assertThat(cluster.hbaRules().getFirst().title()).isEqualTo("first");
    assertThat(cluster.hbaRules().getLast().title()).isEqualTo("last");
    assertThat(cluster.hbaRules().get(6).title()).isEqualTo("middle");
    assertThat(cluster.hbaRules().get(14).lines()).hasSize(1);
    List<HbaRule> defaults = Read.seedWith("").hbaRules();
    assertThat(defaults)
        .extracting(r -> r.user() + " " + r.database() + " " + r.address() + " " + r.auth())
        .containsExactly(
            "${dbsu} all local ident",
            "${dbsu} replication local ident",
            "${repl} replication localhost pwd",
            "${repl} replication intra pwd",
            "${repl} postgres intra pwd",
            "${monitor} all localhost pwd",
            "${monitor} all infra pwd",
            "${admin} all infra ssl",
            "${admin} all world ssl",
            "+dbrole_readonly all localhost pwd",
            "+dbrole_readonly all intra pwd",
            "+dbrole_offline all intra pwd");
  }

  @Test
  void aFileOfTheDescribedSystemIsReadAndTheRestIsNamed() {
    Inventory inventory = Read.valid(Read.resource("described.yml"));
    assertThat(inventory.clusters())
        .extracting(Cluster::name)
        .containsExactly("pg-meta", "pg-test");
    assertThat(inventory.etcd().members())
        .extracting(EtcdMember::name)
        .containsExactly("etcd-1", "etcd-2", "etcd-3");
    assertThat(inventory.etcd().declared()).isTrue();
    assertThat(inventory.infra()).containsExactly(Address.of("10.10.10.10"));
    Cluster test = inventory.cluster("pg-test").orElseThrow();
    assertThat(test.settings().number("pg_version")).isEqualTo(17);
    assertThat(test.timing().plan()).isEqualTo("norm");
    assertThat(test.instance("pg-test-3").orElseThrow().offlineQuery()).isTrue();
    Node meta = inventory.node(Address.of("10.10.10.10")).orElseThrow();
    assertThat(meta.infra()).isPresent();
    assertThat(meta.etcd()).isPresent();
    assertThat(meta.name()).isEqualTo("pg-meta-1");
    assertThat(inventory.notActedOn())
        .extracting(NotActedOn::path)
        .contains(
            "all.children.minio",
            "all.children.redis-ms",
            "all.children.nodes",
            "all.children.pg-meta.vars.node_tune",
            "all.vars.version",
            "all.vars.infra_portal",
            "all.vars.docker_enabled",
            "all.vars.repo_enabled",
            "all.vars.node_timezone");
    assertThat(inventory.notActedOn().getFirst().toString()).startsWith("matriarch.yml:");
  }

  @Test
  void weakPasswordsAndOldNamesAreWarnings() {
    List<String> warnings =
        Read.valid(Read.resource("described.yml")).warnings().stream()
            .map(Problem::toString)
            .toList();
    assertThat(warnings)
        .anyMatch(w -> w.contains("pg_admin_password: is the well-known default"))
        .anyMatch(w -> w.contains("pg_fs_bkup: is the old name of pg_fs_backup"))
        .anyMatch(w -> w.contains("patroni_password") && w.contains("keep their well-known"))
        .noneMatch(w -> w.contains("pg_monitor_password"));
    assertThat(Read.valid(Read.SEED + "vars: {node_firewall_public_port: [22, 5432]}").warnings())
        .extracting(Problem::rule)
        .anyMatch(rule -> rule.startsWith("opens PostgreSQL's port"));
    String loopback = Read.SEED.replace("10.10.10.", "127.0.0.");
    assertThat(Read.valid(loopback).warnings())
        .extracting(Problem::rule)
        .anyMatch(rule -> rule.startsWith("is outside of node_firewall_intranet"));
  }

  private static List<String> ofTwo(String... vars) {
    String two = Read.SEED.replaceAll("(?m)^    10.10.10.13.*\\n", "");
    return Read.valid(two + String.join("\n", vars).indent(4)).warnings().stream()
        .map(Problem::toString)
        .filter(text -> text.contains("pg_two_node_policy"))
        .toList();
  }

  @Test
  @Promise({"P188", "P205"})
  void whatTwoMembersWantFollowsFromWhatMayBeLost() {
    assertThat(Read.seedWith("").twoNodePolicy()).isEqualTo(TwoNodePolicy.AVAILABILITY);
    assertThat(Read.seedWith("pg_rpo: 0").twoNodePolicy()).isEqualTo(TwoNodePolicy.CONSISTENCY);
    assertThat(Read.seedWith("pg_conf: crit.yml").twoNodePolicy())
        .isEqualTo(TwoNodePolicy.CONSISTENCY);
    assertThat(Read.seedWith("pg_two_node_policy: consistency").twoNodePolicy())
        .isEqualTo(TwoNodePolicy.CONSISTENCY);
    assertThat(Read.seedWith("").hasTwoMembers()).isFalse();
    assertThat(Read.problemsOfSeedWith("pg_two_node_policy: both")).hasSize(1);
  }

  @Test
  void aPolicyOfTwoMembersThatContradictsWhatMayBeLostIsAWarning() {
    assertThat(ofTwo()).isEmpty();
    assertThat(ofTwo("pg_two_node_policy: consistency"))
        .singleElement()
        .asString()
        .contains("wait for no replica", "set pg_rpo to 0");
    assertThat(ofTwo("pg_two_node_policy: availability", "pg_rpo: 0"))
        .singleElement()
        .asString()
        .contains("only a replica with every commit will lead");
    assertThat(ofTwo("pg_two_node_policy: consistency", "pg_rpo: 0")).isEmpty();
  }

  @Test
  @Promise("P61")
  void severalInstancesOnANode() {
    Inventory inventory =
        Read.valid(
            """
            pg-a:
              hosts:
                10.0.0.1:
                  pg_instances:
                    5432: {pg_seq: 1, pg_role: primary}
                    5442: {pg_seq: 2, pg_role: replica, pgbouncer_port: 6442, patroni_port: 8018,
                           pg_exporter_port: 9640, pgbouncer_exporter_port: 9641,
                           pgbackrest_exporter_port: 9864}
              vars: {pg_cluster: pg-a}
            """);
    assertThat(inventory.node(Address.of("10.0.0.1")).orElseThrow().instances())
        .extracting(i -> i.ports().postgres())
        .containsExactly(5432, 5442);
  }

  @Test
  void hostsMayNameTheirOwnCluster() {
    Inventory inventory =
        Read.valid(
            """
            pg-shards:
              hosts:
                10.0.0.1: {pg_cluster: pg-s0, pg_group: 0, pg_seq: 1, pg_role: primary}
                10.0.0.2: {pg_cluster: pg-s0, pg_group: 0, pg_seq: 2, pg_role: replica}
                10.0.0.3: {pg_cluster: pg-s1, pg_group: 1, pg_seq: 1, pg_role: primary}
              vars: {pg_shard: pg-s}
            """);
    assertThat(inventory.clusters()).extracting(Cluster::name).containsExactly("pg-s0", "pg-s1");
    assertThat(inventory.clusters().getLast().settings().number("pg_group")).isEqualTo(1);
  }

  @Test
  @Promise("P94")
  void aNodeMayHaveANameOfItsOwn() {
    Inventory inventory =
        Read.valid(Read.SEED.replace("pg_seq: 2,", "pg_seq: 2, nodename: db-two,"));
    assertThat(inventory.nodes().values())
        .extracting(Node::name)
        .containsExactly("pg-test-1", "db-two", "pg-test-3");
  }

  @Test
  void nodesMayHaveIpv6Addresses() {
    Inventory inventory =
        Read.valid(
            """
            pg-a:
              hosts:
                "fd00::11": {pg_seq: 1, pg_role: primary}
                "FD00:0::12": {pg_seq: 2, pg_role: replica}
              vars: {pg_cluster: pg-a, node_firewall_intranet: ["fd00::/8"]}
            """);
    assertThat(inventory.node(Address.of("fd00::12"))).isPresent();
    assertThat(inventory.warnings())
        .extracting(Problem::rule)
        .noneMatch(rule -> rule.contains("node_firewall_intranet"));
  }

  @Test
  @Promise("P294")
  void theWellKnownKeyOfRemoteBackupsIsAWarning() {
    String remote = Read.SEED + "vars: {pgbackrest_method: minio}\n";
    assertThat(Read.valid(remote).warnings())
        .extracting(Problem::rule)
        .anyMatch(rule -> rule.startsWith("encrypts backups with the well-known key"));
    assertThat(Read.valid(Read.SEED).warnings())
        .extracting(Problem::rule)
        .noneMatch(rule -> rule.startsWith("encrypts backups"));
  }

  @Test
  void anchorsAndMergesWork() {
    Inventory inventory =
        Read.valid(
            """
            vars:
              pg_parameters: &p {work_mem: 4MB, jit: off}
            pg-a:
              hosts: {10.0.0.1: &one {pg_seq: 1, pg_role: primary}, 10.0.0.2: {<<: *one, pg_seq: 2, pg_role: replica}}
              vars: {pg_cluster: pg-a, pg_parameters: {<<: *p, jit: on}}
            """);
    assertThat(inventory.clusters().getFirst().settings().textEntries("pg_parameters"))
        .containsEntry("work_mem", "4MB")
        .containsEntry("jit", "on");
  }

  @Test
  void upstreams() {
    Inventory inventory =
        Read.valid(
            """
            pg-dr:
              hosts:
                10.0.1.1: {pg_seq: 1, pg_role: primary, pg_upstream: 10.0.0.1}
                10.0.1.2: {pg_seq: 2, pg_role: replica, pg_upstream: 10.0.1.1}
              vars: {pg_cluster: pg-dr}
            """);
    assertThat(inventory.clusters().getFirst().primary().upstream())
        .contains(Address.of("10.0.0.1"));
  }

  @Test
  void tenThousandHosts() {
    StringBuilder text = new StringBuilder("pg-a:\n  hosts:\n");
    for (int i = 0; i < 10_000; i++) {
      String role = i == 0 ? "primary" : "replica";
      text.append(
          "    10.1.%d.%d: {pg_seq: %d, pg_role: %s}%n".formatted(i / 256, i % 256, i + 1, role));
    }
    Inventory inventory = Read.valid(text + "  vars: {pg_cluster: pg-a}\n");
    assertThat(inventory.clusters().getFirst().instances()).hasSize(10_000);
    assertThat(inventory.nodes()).hasSize(10_000);
  }
}
