package dev.matriarch.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.matriarch.inventory.Address;
import dev.matriarch.promises.Promise;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real programs take the rendered files. */
@Tag("real")
class RealServersTest {
  private static final String BIN = Samples.PROGRAMS.postgresBin() + "/";
  private static final String PASSWORD = "it's \"quoted\" # %d \\ ${HOME}";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void etcd_starts(int members) throws Exception {
    var inventory = Samples.inventory(yaml(members));
    try (var nodes = new Nodes()) {
      for (int i = 1; i <= members; i++) {
        var node =
            nodes.add(
                new RealNode(inventory, Address.of(RealNode.loopback(i)), folder.resolve("n" + i)));
        node.startService("etcd");
      }
      for (int i = 1; i <= members; i++) {
        var health = URI.create("http://" + RealNode.loopback(i) + ":2379/health");
        nodes.list.getFirst().await(() -> get(health), "{\"health\":\"true\"}");
      }
    }
  }

  @Test
  void haproxy_accepts_the_seeds_cluster() throws Exception {
    var inventory = Samples.inventory(Samples.text("pg-test"));
    try (var node = new RealNode(inventory, Address.of("10.10.10.11"), folder.resolve("n"))) {
      var check =
          node.run(
              Map.of(),
              "/usr/sbin/haproxy",
              "-c",
              "-f",
              node.layout.conf("haproxy.cfg").toString());
      assertThat(check.output()).doesNotContain("[WARNING]", "[ALERT]");
      assertThat(check.exitCode()).as(check.output()).isZero();
    }
  }

  /** HAProxy to PgBouncer to PostgreSQL over its socket, with SCRAM all the way. */
  @Test
  @Promise({"P16", "P21", "P22", "P25"})
  void an_application_logs_in_through_5433() throws Exception {
    var address = RealNode.loopback(9);
    var yaml = Samples.text("shared-host").replaceAll("127\\.0\\.0\\.12.*|127\\.0\\.0\\.13.*", "");
    var inventory = Samples.inventory(yaml.replace("127.0.0.11", address));
    var rest = HttpServer.create(new InetSocketAddress(address, 8008), 0);
    rest.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    rest.start();
    try (var node = new RealNode(inventory, Address.of(address), folder.resolve("n"))) {
      startPostgres(node, address);
      node.startService("pgbouncer");
      node.startService("haproxy");
      var app = "host=" + address + " port=5433 user=app dbname=app";
      node.await(() -> sql(node, app, PASSWORD, "select current_user"), "app");
      // A user without any role gets in too, by the pooler's own lines.
      var web = "host=" + address + " port=5433 user=web dbname=app";
      node.await(() -> sql(node, web, "plain", "select current_user"), "web");
      var direct = "host=" + address + " port=5436 user=app dbname=app";
      node.await(() -> sql(node, direct, PASSWORD, "select current_user"), "app");
      assertThat(sql(node, app, "wrong", "select 1")).contains("authentication failed");

      var console = "host=" + node.layout.run() + " port=6432 user=dbuser_dba dbname=pgbouncer";
      assertThat(sql(node, console, "DBUser.DBA", "show databases")).contains("app|");
      assertThat(get(URI.create("http://" + address + ":9101/metrics")))
          .contains("haproxy_server_status{proxy=\"pg-demo-primary\",server=\"pg-demo-1\"");
    } finally {
      rest.stop(0);
    }
  }

  /**
   * Its answers change as the files do that are renamed into the folder, and are gone with them.
   */
  @Test
  @Promise({"P11", "P39", "P41"})
  void dnsmasq_answers_for_clusters_and_instances() throws Exception {
    var address = RealNode.loopback(10);
    var yaml =
        Samples.text("named")
            .replace("10.10.10.10: { infra_seq: 1", address + ": { infra_seq: 1, dns_port: 5353");
    try (var node =
        new RealNode(Samples.inventory(yaml), Address.of(address), folder.resolve("n"))) {
      node.startService("dnsmasq");
      var dns = new Resolver(address, 5353);
      node.await(() -> dns.ask("pg-meta-1"), List.of("10.10.10.11"));
      assertThat(dns.ask("pg-meta.db.example")).containsExactly("10.10.10.2");
      assertThat(dns.ask("www.example")).isNotEmpty();
      assertThat(dns.ask("pg-out.db.example")).isEmpty();
      assertThat(dns.ask("pg-test.db.example")).isEmpty();
      for (String primary : List.of("10.10.10.12", "10.10.10.13")) {
        var next = node.layout.names().resolve(".pg-test");
        Files.writeString(next, primary + " pg-test.db.example\n");
        Files.move(next, next.resolveSibling("pg-test"), StandardCopyOption.ATOMIC_MOVE);
        node.await(() -> dns.ask("pg-test.db.example"), List.of(primary));
        assertThat(dns.lifetime()).isEqualTo(1);
      }
      Files.delete(node.layout.names().resolve("pg-test"));
      node.await(() -> dns.ask("pg-test.db.example"), List.of());
    }
  }

  private static void startPostgres(RealNode node, String address) throws Exception {
    var data = node.layout.pgData();
    var init =
        node.run(
            Map.of(),
            BIN + "initdb",
            "-D",
            data.toString(),
            "-U",
            "postgres",
            "--locale=C",
            "--encoding=UTF8",
            "--data-checksums");
    assertThat(init.exitCode()).as(init.output()).isZero();
    var agent = YamlFile.read(Samples.content(node.files, "patroni.yml"));
    var conf = new ArrayList<String>();
    conf.add("listen_addresses = '" + address + "'");
    agent
        .map("bootstrap", "dcs", "postgresql", "parameters")
        .forEach((k, v) -> conf.add(set(k, v)));
    agent.map("postgresql", "parameters").forEach((k, v) -> conf.add(set(k, v)));
    Files.write(data.resolve("postgresql.conf"), conf);
    var hba = new ArrayList<String>();
    if (!RealNode.user().equals("postgres")) {
      hba.add("local all postgres trust");
    }
    agent.list("postgresql", "pg_hba").forEach(line -> hba.add(line.toString()));
    Files.write(data.resolve("pg_hba.conf"), hba);
    node.start(BIN + "postgres", "-D", data.toString());
    var local = "host=" + node.layout.run() + " user=postgres dbname=postgres";
    node.await(() -> sql(node, local, "", "select 1"), "1");
    assertThat(
            sql(
                node,
                local,
                "",
                "select count(*) from pg_hba_file_rules where error not like 'hostssl%'"))
        .isEqualTo("0");
    for (Object user : agent.list("matriarch", "users")) {
      assertThat(sql(node, local, "", role((Map<?, ?>) user))).isEqualTo("CREATE ROLE");
    }
    assertThat(sql(node, local, "", "create database app owner app")).isEqualTo("CREATE DATABASE");
  }

  private static String set(String name, Object value) {
    return name + " = '" + value.toString().replace("'", "''") + "'";
  }

  private static String role(Map<?, ?> user) {
    var sql = new StringBuilder("create role \"" + user.get("name") + '"');
    sql.append(Boolean.TRUE.equals(user.get("login")) ? " login" : "");
    if (user.get("password") instanceof String verifier) {
      sql.append(" password '").append(verifier).append('\'');
    }
    var roles = ((List<?>) user.get("roles")).stream().map(r -> "\"" + r + '"').toList();
    return sql + (roles.isEmpty() ? "" : " in role " + String.join(",", roles));
  }

  private static String sql(RealNode node, String target, String password, String sql)
      throws Exception {
    return node.run(Map.of("PGPASSWORD", password), BIN + "psql", "-wXAtd", target, "-c", sql)
        .output();
  }

  private static String get(URI uri) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  private static String yaml(int members) {
    var yaml = new StringBuilder("pg-e:\n  hosts:\n");
    for (int i = 1; i <= members; i++) {
      yaml.append(
          "    %s: {pg_seq: %d, pg_role: %s}\n"
              .formatted(RealNode.loopback(i), i, i == 1 ? "primary" : "replica"));
    }
    return yaml + "  vars: {pg_cluster: pg-e}\n";
  }

  /** Several nodes, closed together. */
  private static final class Nodes implements AutoCloseable {
    private final List<RealNode> list = new ArrayList<>();

    RealNode add(RealNode node) {
      list.add(node);
      return node;
    }

    @Override
    public void close() {
      for (RealNode node : list) {
        node.close();
      }
    }
  }
}
