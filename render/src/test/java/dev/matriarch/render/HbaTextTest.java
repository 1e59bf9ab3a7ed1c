package dev.matriarch.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.inventory.HbaRule;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.promises.Promise;
import dev.matriarch.render.HbaText.Dialect;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HbaTextTest {
  private static final String INTRA = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16";

  @Test
  @Promise({"P262", "P263", "P264", "P265", "P266", "P267"})
  void the_default_rules_keep_order_and_meaning() {
    var site = site("pg-test");
    var expected =
        List.of(
            "local all postgres peer",
            "local replication postgres peer",
            "local replication replicator scram-sha-256",
            "host replication replicator 127.0.0.1/32 scram-sha-256",
            "host replication replicator ::1/128 scram-sha-256",
            intra("host replication replicator"),
            intra("host postgres replicator"),
            "local all dbuser_monitor scram-sha-256",
            "host all dbuser_monitor 127.0.0.1/32 scram-sha-256",
            "host all dbuser_monitor ::1/128 scram-sha-256",
            "hostssl all dbuser_dba 0.0.0.0/0 scram-sha-256",
            "hostssl all dbuser_dba ::/0 scram-sha-256",
            "local all +dbrole_readonly scram-sha-256",
            "host all +dbrole_readonly 127.0.0.1/32 scram-sha-256",
            "host all +dbrole_readonly ::1/128 scram-sha-256",
            intra("host all +dbrole_readonly"),
            intra("host all +dbrole_offline"));
    assertThat(rules(new HbaText(site, Dialect.POSTGRES).lines(site.cluster().hbaRules())))
        .isEqualTo(expected.stream().flatMap(String::lines).toList());
  }

  @Test
  @Promise("P268")
  void auth_aliases_mean_what_was_promised() {
    assertThat(postgres("app", "world", "deny").getFirst()).endsWith("0.0.0.0/0 reject");
    assertThat(postgres("app", "world", "pwd").getFirst()).endsWith("0.0.0.0/0 scram-sha-256");
    assertThat(postgres("app", "10.0.0.1", "ssl"))
        .containsExactly("hostssl all app 10.0.0.1/32 scram-sha-256");
    assertThat(postgres("app", "10.0.0.0/8", "cert"))
        .containsExactly("hostssl all app 10.0.0.0/8 cert");
    assertThat(postgres("app", "local", "os")).containsExactly("local all app peer");
    assertThat(postgres("app", "10.0.0.1", "ident"))
        .containsExactly("host all app 10.0.0.1/32 ident");
    assertThat(postgres("app", "local", "trust")).containsExactly("local all app trust");
  }

  @Test
  void an_unknown_auth_is_refused() {
    assertThatThrownBy(() -> postgres("app", "world", "pasword"))
        .isInstanceOf(RenderException.class)
        .hasMessageContaining("auth 'pasword': not known");
  }

  @Test
  void members_outside_of_the_intranet_reach_each_other() {
    var inventory =
        Samples.inventory(
            Samples.text("pg-test").replace("10.10.10.12", "100.64.0.12")
                + "    node_firewall_intranet: [10.10.10.0/28]\n");
    var cluster = inventory.clusters().getFirst();
    var site = new Site(inventory, cluster, cluster.primary(), Samples.layout(false));
    assertThat(rules(new HbaText(site, Dialect.POSTGRES).lines(cluster.hbaRules())))
        .filteredOn(line -> line.startsWith("host replication"))
        .endsWith(
            "host replication replicator 10.10.10.0/28 scram-sha-256",
            "host replication replicator 100.64.0.12/32 scram-sha-256");
  }

  @Test
  void members_on_loopback_reach_each_other() {
    var site = site("shared-host");
    assertThat(rules(new HbaText(site, Dialect.POSTGRES).lines(site.cluster().hbaRules())))
        .contains(
            "host replication replicator 127.0.0.0/8 scram-sha-256",
            "host postgres replicator 127.0.0.0/8 scram-sha-256");
  }

  @Test
  void a_rule_for_another_role_leaves_only_a_comment() {
    var rule =
        new HbaRule("t", Optional.empty(), "offline", "all", "all", "world", "pwd", List.of());
    assertThat(new HbaText(site("pg-test"), Dialect.POSTGRES).lines(List.of(rule)))
        .containsExactly("# t", "# only on instances that are offline");
  }

  @Test
  void names_cannot_break_out_of_their_field() {
    assertThat(postgres("a b", "local", "pwd")).containsExactly("local all \"a b\" scram-sha-256");
    assertThat(postgres("a\"b", "local", "pwd"))
        .containsExactly("local all \"a\"\"b\" scram-sha-256");
    assertThat(postgres("+a b", "local", "pwd"))
        .containsExactly("local all +\"a b\" scram-sha-256");
    assertThatThrownBy(() -> postgres("a\nb", "local", "pwd"))
        .hasMessageContaining("control characters");
  }

  @Test
  void the_pooler_gets_no_method_it_does_not_know() {
    var site = site("pg-test");
    var lines = rules(new HbaText(site, Dialect.PGBOUNCER).lines(site.cluster().poolerHbaRules()));
    assertThat(lines)
        .startsWith("local pgbouncer postgres peer", "local all all scram-sha-256")
        .contains("host all dbuser_dba 0.0.0.0/0 reject")
        .noneMatch(line -> line.endsWith("ident"));
  }

  private static List<String> postgres(String user, String address, String auth) {
    var rule = new HbaRule("t", Optional.empty(), "common", user, "all", address, auth, List.of());
    return rules(new HbaText(site("pg-test"), Dialect.POSTGRES).lines(List.of(rule)));
  }

  private static List<String> rules(List<String> lines) {
    return lines.stream().filter(line -> !line.startsWith("#")).toList();
  }

  private static String intra(String head) {
    return INTRA
        .lines()
        .flatMap(l -> List.of(l.split(" ", -1)).stream())
        .map(block -> head + " " + block + " scram-sha-256\n")
        .reduce("", String::concat);
  }

  private static Site site(String name) {
    Inventory inventory = Samples.inventory(Samples.text(name));
    var cluster = inventory.clusters().getFirst();
    return new Site(
        inventory, cluster, cluster.primary(), Samples.layout(name.equals("shared-host")));
  }
}
