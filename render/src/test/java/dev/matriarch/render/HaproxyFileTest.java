package dev.matriarch.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.inventory.Address;
import dev.matriarch.promises.Promise;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HaproxyFileTest {
  private static final String SEED =
      Samples.content(Samples.files("pg-test", "10.10.10.11", false), "haproxy.cfg");

  @Test
  @Promise({"P14", "P16", "P146", "P150", "P151", "P153"})
  void the_primary_service_asks_every_member_who_leads() {
    assertThat(section(SEED, "listen pg-test-primary"))
        .contains(
            "bind *:5433",
            "mode tcp",
            "option httpchk",
            "http-check send meth OPTIONS uri /primary",
            "http-check expect status 200",
            "server pg-test-1 10.10.10.11:6432 check port 8008 weight 100",
            "server pg-test-2 10.10.10.12:6432 check port 8008 weight 100",
            "server pg-test-3 10.10.10.13:6432 check port 8008 weight 100");
  }

  @Test
  @Promise({"P17", "P147"})
  void the_replica_service_prefers_replicas() {
    assertThat(section(SEED, "listen pg-test-replica"))
        .contains(
            "bind *:5434",
            "http-check send meth OPTIONS uri /read-only",
            "server pg-test-1 10.10.10.11:6432 check port 8008 weight 100 backup",
            "server pg-test-2 10.10.10.12:6432 check port 8008 weight 100",
            "server pg-test-3 10.10.10.13:6432 check port 8008 weight 100");
  }

  @Test
  @Promise({"P18", "P24", "P148"})
  void the_default_service_goes_past_the_pooler() {
    assertThat(section(SEED, "listen pg-test-default"))
        .contains(
            "bind *:5436",
            "http-check send meth OPTIONS uri /primary",
            "server pg-test-1 10.10.10.11:5432 check port 8008 weight 100");
  }

  @Test
  @Promise({"P19", "P149"})
  void the_offline_service_goes_to_the_offline_instance() {
    assertThat(section(SEED, "listen pg-test-offline"))
        .contains(
            "bind *:5438",
            "http-check send meth OPTIONS uri /replica",
            "server pg-test-3 10.10.10.13:5432 check port 8008 weight 100",
            "server pg-test-2 10.10.10.12:5432 check port 8008 weight 100 backup")
        .noneMatch(line -> line.startsWith("server pg-test-1"));
  }

  @Test
  @Promise({"P152", "P156"})
  void servers_come_and_go_as_promised() {
    assertThat(section(SEED, "listen pg-test-replica"))
        .contains(
            "default-server inter 3s fastinter 1s downinter 5s rise 3 fall 3"
                + " on-marked-down shutdown-sessions slowstart 30s maxconn 3000 maxqueue 128 weight 100");
  }

  /** Its own line: the one before it says what the plan says. What the user wrote stands alone. */
  @Test
  @Promise("P171")
  void checks_bear_that_an_agent_is_started_anew() {
    assertThat(section(SEED, "listen pg-test-primary")).contains("default-server fall 4");
    var own =
        Samples.text("pg-test")
            + "    pg_services: [{name: own, port: 5499, selector: '[]', options: 'inter 9s'}]\n";
    assertThat(section(haproxy(own), "listen pg-test-own"))
        .contains("default-server inter 9s")
        .doesNotContain("default-server fall 4");
  }

  /** With it the only server would take one connection at a time for its first second. */
  @Test
  void a_new_primary_is_not_started_slowly() {
    for (String service : List.of("primary", "default")) {
      assertThat(String.join("\n", section(SEED, "listen pg-test-" + service)))
          .contains("on-marked-down shutdown-sessions maxconn 3000")
          .doesNotContain("slowstart");
    }
  }

  @Test
  @Promise("P15")
  void metrics_statistics_and_admin_page_stand_on_9101() {
    assertThat(section(SEED, "listen admin"))
        .contains(
            "bind *:9101",
            "http-request use-service prometheus-exporter if { path /metrics }",
            "stats uri /haproxy/pg-test-1/",
            "stats admin if TRUE");
  }

  @Test
  void nodes_that_share_a_host_bind_to_their_own_address() {
    var text = Samples.content(Samples.files("shared-host", "127.0.0.12", true), "haproxy.cfg");
    assertThat(text).contains("bind 127.0.0.12:5433\n", "bind 127.0.0.12:9101\n");
    assertThat(text).doesNotContain("bind *:");
  }

  @Test
  @Promise("P23")
  void the_destination_of_the_services_can_be_switched() {
    var yaml = Samples.text("pg-test") + "    pg_default_service_dest: postgres\n";
    var text = haproxy(yaml);
    assertThat(section(text, "listen pg-test-primary"))
        .contains("server pg-test-1 10.10.10.11:5432 check port 8008 weight 100");
  }

  @Test
  @Promise({"P49", "P50"})
  void hosts_of_their_own_may_offer_the_services_of_several_clusters() {
    var inventory = Samples.inventory(Samples.text("pg-test") + Samples.PROVIDED);
    var files = NodeFiles.of(inventory, Address.of("10.10.10.21"), Samples.layout(false));
    assertThat(files)
        .extracting(file -> file.path().getFileName().toString())
        .containsExactly("haproxy.state", "haproxy.cfg", "services");
    var text = Samples.content(files, "haproxy.cfg");
    assertThat(section(text, "listen pg-test-primary"))
        .contains("bind *:5433", "server pg-test-1 10.10.10.11:6432 check port 8008 weight 100");
    assertThat(section(text, "listen pg-b-default"))
        .contains("bind *:5536", "server pg-b-1 10.10.10.15:5432 check port 8008 weight 100");
    assertThat(section(text, "listen admin")).contains("stats uri /haproxy/proxy-1/");
    var member = NodeFiles.of(inventory, Address.of("10.10.10.11"), Samples.layout(false));
    assertThat(Samples.content(member, "services")).doesNotContain("haproxy");
    assertThat(Samples.content(member, "patroni.yml"))
        .doesNotContain("haproxy")
        .contains("    overlap: 13\n");
  }

  /** Nobody tells it there that a pooler looks after the clients of a former primary. */
  @Test
  @Promise({"P49", "P111"})
  void hosts_without_an_agent_ask_for_the_clients_of_the_pooler() {
    var inventory =
        Samples.inventory(
            Samples.text("pg-test")
                + "    pg_services: [{name: near, port: 5498, check: '/replica?lag=1MB'}]\n"
                + Samples.PROVIDED);
    var text =
        Samples.content(
            NodeFiles.of(inventory, Address.of("10.10.10.21"), Samples.layout(false)),
            "haproxy.cfg");
    assertThat(section(text, "listen pg-test-primary"))
        .containsSubsequence(
            "http-check send meth OPTIONS uri /primary?pooled",
            "http-check disable-on-404",
            "http-check expect status 200");
    assertThat(section(text, "listen pg-test-near"))
        .contains("http-check send meth OPTIONS uri /replica?lag=1MB&pooled");
    assertThat(section(text, "listen pg-test-default"))
        .contains("http-check send meth OPTIONS uri /primary")
        .doesNotContain("http-check disable-on-404");
    assertThat(SEED).doesNotContain("pooled", "disable-on-404");
  }

  @Test
  void a_member_among_those_hosts_is_told_by_its_agent() {
    var yaml =
        (Samples.text("pg-test") + Samples.PROVIDED)
            .replace("{ 10.10.10.21:", "{ 10.10.10.11: { nodename: pg-test-1 }, 10.10.10.21:");
    assertThat(haproxy(yaml)).contains("listen pg-test-primary").doesNotContain("pooled");
  }

  @Test
  void a_service_listens_where_it_is_told() {
    var yaml =
        Samples.text("pg-test")
            + "    pg_services:\n"
            + "      - {name: own, port: 5499, check: /replica, ip: '${ip}'}\n"
            + "      - {name: near, port: 5498, check: /replica, ip: '${lo}'}\n";
    var text = haproxy(yaml);
    assertThat(section(text, "listen pg-test-own")).contains("bind 10.10.10.11:5499");
    assertThat(section(text, "listen pg-test-near")).contains("bind 127.0.0.1:5498");
  }

  @Test
  void what_could_break_out_of_its_place_is_refused() {
    var yaml = Samples.text("pg-test") + "    haproxy_admin_password: \"a\\x07b\"\n";
    assertThatThrownBy(() -> haproxy(yaml)).hasMessageContaining("control characters");
  }

  private static String haproxy(String yaml) {
    var layout = Samples.layout(false);
    return Samples.content(
        NodeFiles.of(Samples.inventory(yaml), Address.of("10.10.10.11"), layout), "haproxy.cfg");
  }

  /** The lines of one section, without their indentation. */
  private static List<String> section(String text, String head) {
    return Arrays.stream(text.split("\n\n|(?=\nlisten )", -1))
        .map(String::strip)
        .filter(section -> section.startsWith(head + "\n"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no section " + head))
        .lines()
        .map(String::strip)
        .toList();
  }
}
