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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real programs take the rendered files. */
@Tag("real")
class RealServersTest {
  private static final String BIN = Samples.PROGRAMS.postgresBin() + "/";
  private static final String PASSWORD = "it's \"quoted\" # %d \\ ${HOME}";

  /** By which the owner of a database would have the superuser do what the owner likes. */
  private static final List<String> TRAP =
      List.of(
          "create function public.trap(name, name) returns boolean language plpgsql"
              + " as 'begin raise exception ''trapped''; end'",
          "create operator public.= (leftarg = name, rightarg = name, function = public.trap)",
          "alter database app set search_path = public, pg_catalog");

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

  @ParameterizedTest
  @CsvSource({"10.10.10.11, ''", "10.10.10.21, provided"})
  void haproxy_accepts_the_seeds_cluster(String address, String provided) throws Exception {
    var more = provided.isEmpty() ? "" : Samples.PROVIDED;
    var inventory = Samples.inventory(Samples.text("pg-test") + more);
    try (var node = new RealNode(inventory, Address.of(address), folder.resolve("n"))) {
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
  @Promise({"P16", "P21", "P22", "P25", "P55", "P57"})
  void an_application_logs_in_through_5433() throws Exception {
    var address = RealNode.loopback(9);
    var inventory =
        Samples.inventory(
            oneNode(address).replace("password: r,", "password: r, roles: [dbrole_readonly],")
                + "    pgbouncer_auth_query: true\n");
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
      var app = through(address, 5433, "app");
      node.await(() -> sql(node, app, PASSWORD, "select current_user"), "app");
      // A user without any role gets in too, by the pooler's own lines.
      var web = through(address, 5433, "web");
      node.await(() -> sql(node, web, "plain", "select current_user"), "web");
      var direct = through(address, 5436, "app");
      node.await(() -> sql(node, direct, PASSWORD, "select current_user"), "app");
      assertThat(sql(node, app, "wrong", "select 1")).contains("authentication failed");
      askForPasswords(node, address);

      var console = "host=" + node.layout.run() + " port=6432 user=dbuser_dba dbname=pgbouncer";
      assertThat(sql(node, console, "DBUser.DBA", "show databases")).contains("app|");
      askFromElsewhere(node, address, console);
      assertThat(get(URI.create("http://" + address + ":9101/metrics")))
          .contains("haproxy_server_status{proxy=\"pg-demo-primary\",server=\"pg-demo-1\"");
    } finally {
      rest.stop(0);
    }
  }

  /** Nobody told the pooler of these. */
  private static void askForPasswords(RealNode node, String address) throws Exception {
    var local = "host=" + node.layout.run() + " user=postgres dbname=postgres";
    var trap = local.replace("dbname=postgres", "dbname=app");
    for (String statement : TRAP) {
      assertThat(sql(node, trap, "", statement)).matches("[A-Z ]+");
    }
    var report = through(address, 5433, "report");
    assertThat(sql(node, report, "r", "select current_user")).isEqualTo("report");
    assertThat(sql(node, report, "wrong", "select 1")).contains("authentication failed");
    sql(node, local, "", "create role late login password 'l' in role dbrole_readonly");
    assertThat(sql(node, through(address, 5433, "late"), "l", "select 1")).isEqualTo("1");
    sql(node, local, "", "create role bare login in role dbrole_readonly");
    sql(node, local, "", "create role over login password 'o' valid until '2020-01-01'");
    assertThat(sql(node, through(address, 5433, "over"), "o", "select 1")).contains("FATAL");
    for (String user : List.of("postgres", "bare", "over", "nobody")) {
      assertThat(EmptyPassword.login(address, 6432, user, "app")).as(user).startsWith("E");
    }
  }

  /** As after a switchover. Older releases would have to be let in there as the superuser. */
  private static void askFromElsewhere(RealNode node, String address, String console)
      throws Exception {
    var ini = node.layout.conf("pgbouncer.ini");
    var home = "host=" + node.layout.run() + " port=5432";
    var away = "host=" + address + " port=5432";
    Files.writeString(ini, Files.readString(ini).replace(home, away));
    assertThat(sql(node, console, "DBUser.DBA", "reload")).isEqualTo("RELOAD");
    var from = "select coalesce(host(inet_server_addr()), 'socket')";
    assertThat(sql(node, through(address, 6432, "app"), PASSWORD, from)).isEqualTo(address);
    var report = through(address, 6432, "report") + " connect_timeout=2";
    assertThat(sql(node, report, "r", from).equals(address))
        .isEqualTo(RealNode.pooler().asksApart());
    assertThat(sql(node, report, "wrong", from)).contains("failed");
    var own = report.replace("dbname=app", "dbname=" + PgbouncerFiles.PASSWORDS);
    assertThat(sql(node, own, "r", "select 1")).contains("FATAL");
  }

  @ParameterizedTest
  @CsvSource({
    "allow, true, true",
    "prefer, true, true",
    "require, false, true",
    "verify-ca, false, false",
    "verify-full, false, false",
  })
  @Promise("P58")
  void clients_come_over_tls(String mode, boolean plainly, boolean unproven) throws Exception {
    var address = RealNode.loopback(11);
    var inventory = Samples.inventory(oneNode(address) + "    pgbouncer_sslmode: " + mode + "\n");
    try (var node = new RealNode(inventory, Address.of(address), folder.resolve("n"))) {
      var key = node.layout.cert("server.key");
      var certificate = node.layout.cert("server.crt");
      var made =
          node.run(
              Map.of(),
              ("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=dbuser_dba -keyout "
                      + key
                      + " -out "
                      + certificate)
                  .split(" "));
      assertThat(made.exitCode()).as(made.output()).isZero();
      Files.copy(certificate, node.layout.cert("ca.crt"));
      node.startService("pgbouncer");
      var console = "host=" + address + " port=6432 user=dbuser_dba dbname=pgbouncer";
      // The agent comes over the socket, whatever is asked of others.
      var socket = "host=" + node.layout.run() + " port=6432 user=dbuser_dba dbname=pgbouncer";
      node.await(() -> version(node, socket), true);
      assertThat(version(node, console + " sslmode=disable")).isEqualTo(plainly);
      assertThat(version(node, console + " sslmode=require")).isEqualTo(unproven);
      if (!unproven) {
        var proven = " sslmode=require sslkey=" + key + " sslcert=" + certificate;
        assertThat(version(node, console + proven)).isTrue();
      }
    }
  }

  private static boolean version(RealNode node, String console) throws Exception {
    return sql(node, console, "DBUser.DBA", "show version").startsWith("PgBouncer");
  }

  private static String oneNode(String address) {
    return Samples.text("shared-host")
        .replaceAll("127\\.0\\.0\\.12.*|127\\.0\\.0\\.13.*", "")
        .replace("127.0.0.11", address);
  }

  private static String through(String address, int port, String user) {
    return "host=%s port=%d user=%s dbname=app".formatted(address, port, user);
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
    var home = node.layout.root().toString();
    return node.run(
            Map.of("PGPASSWORD", password, "HOME", home), BIN + "psql", "-wXAtd", target, "-c", sql)
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
