package dev.matriarch.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Three agents on 127.0.0.1, each from a plain {@code patroni.yml} with nothing of ours in it, and
 * one etcd. No host of the testbed, no load balancer: the agent as a drop-in.
 */
final class LocalCluster implements AutoCloseable {
  static final String SCOPE = "batman";
  static final List<String> NAMES = List.of("m1", "m2", "m3");
  static final Login SUPERUSER = new Login("postgres", "postgres", "zalando");
  private static final Pattern TIMELINE = Pattern.compile("\"timeline\":(\\d+)");
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Path folder;
  private final int etcdPort = freePort();
  private final Map<String, Integer> rest = new LinkedHashMap<>();
  private final Map<String, Integer> postgres = new LinkedHashMap<>();
  private final Map<String, Process> agents = new LinkedHashMap<>();
  private final Process etcd;

  LocalCluster() throws IOException {
    Shell.run(
        List.of(Product.launcher().toString(), "validate", "--help"), Duration.ofMinutes(10), "");
    folder = Folders.make("mtplain");
    etcd = startEtcd();
    for (String name : NAMES) {
      rest.put(name, freePort());
      postgres.put(name, freePort());
      Path own = Files.createDirectory(folder.resolve(name));
      if (System.getProperty("user.name").equals("root")) {
        Shell.run("chown", "postgres:postgres", own.toString()).orThrow();
      }
      write(name, "");
    }
    NAMES.forEach(this::start);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process startEtcd() throws IOException {
    String url = "http://127.0.0.1:" + etcdPort;
    String peer = "http://127.0.0.1:" + freePort();
    return new ProcessBuilder(
            "etcd",
            "--data-dir=" + folder.resolve("etcd"),
            "--listen-client-urls=" + url,
            "--advertise-client-urls=" + url,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=default=" + peer,
            "--unsafe-no-fsync",
            "--log-level=error")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("etcd.log").toFile())
        .start();
  }

  /** Writes a member's file. */
  void write(String name, String tags) throws IOException {
    write(name, tags, "");
  }

  /** Writes a member's file, with another line of its section {@code postgresql}. */
  void write(String name, String tags, String postgresql) throws IOException {
    Path own = folder.resolve(name);
    Files.writeString(
        file(name),
        """
        scope: %s
        name: %s
        restapi:
          listen: 127.0.0.1:%d
          connect_address: 127.0.0.1:%d
          authentication: {username: admin, password: secret}
        etcd3: {hosts: '127.0.0.1:%d'}
        bootstrap:
          dcs:
            ttl: 8
            loop_wait: 1
            retry_timeout: 3
            postgresql:
              use_pg_rewind: true
              remove_data_directory_on_rewind_failure: true
              parameters: {shared_buffers: 16MB, fsync: 'off', max_connections: 60}
          initdb: [{encoding: UTF8}, data-checksums, {auth: scram-sha-256}]
        postgresql:
          listen: 127.0.0.1:%d
          connect_address: 127.0.0.1:%d
          data_dir: %s
          bin_dir: /usr/lib/postgresql/15/bin
          pgpass: %s
          authentication:
            superuser: {username: postgres, password: zalando}
            replication: {username: replicator, password: rep-pass}
            rewind: {username: rewind_user, password: rewind-pass}
          parameters: {unix_socket_directories: %s}
          basebackup: [{checkpoint: fast}]
          %s
          pg_hba:
          - local all all trust
          - host replication replicator 127.0.0.1/32 scram-sha-256
          - host all all 127.0.0.1/32 scram-sha-256
        tags: {%s}
        """
            .formatted(
                SCOPE,
                name,
                rest.get(name),
                rest.get(name),
                etcdPort,
                postgres.get(name),
                postgres.get(name),
                data(name),
                own.resolve("pgpass"),
                own,
                postgresql,
                tags));
  }

  Path folder() {
    return folder;
  }

  Path file(String name) {
    return folder.resolve(name + ".yml");
  }

  Path data(String name) {
    return folder.resolve(name).resolve("data");
  }

  void start(String name) {
    ProcessBuilder builder =
        new ProcessBuilder(Product.launcher().toString(), "agent", file(name).toString())
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()));
    builder.environment().put("MATRIARCH_NO_BUILD", "1");
    try {
      agents.put(name, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGTERM; returns the exit code. */
  int stop(String name) throws InterruptedException {
    Process agent = agents.get(name);
    agent.destroy();
    return agent.waitFor();
  }

  /** Its agent dies; the server goes on. */
  void killAgent(String name) throws InterruptedException {
    agents.get(name).destroyForcibly().waitFor();
  }

  /** Agent and server die, as with their host. */
  void kill(String name) throws IOException, InterruptedException {
    killAgent(name);
    Shell.run("kill", "-KILL", Long.toString(postmaster(name))).orThrow();
  }

  long postmaster(String name) throws IOException {
    String first = Files.readAllLines(data(name).resolve("postmaster.pid")).getFirst();
    return Long.parseLong(first.strip());
  }

  /** Sends etcd a signal, such as STOP and CONT. */
  void signalEtcd(String word) {
    Shell.run("kill", "-" + word, Long.toString(etcd.pid())).orThrow();
  }

  Process agent(String name) {
    return agents.get(name);
  }

  String log(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"));
  }

  Endpoint server(String name) {
    return new Endpoint.Tcp("127.0.0.1", postgres.get(name));
  }

  String rest(String name) {
    return "http://127.0.0.1:" + rest.get(name);
  }

  /** What a member answers to a request; its status stands at the end. */
  String ask(String member, String method, String path, String body) {
    return Shell.run(
            "curl",
            "-s",
            "-u",
            "admin:secret",
            "-X",
            method,
            "-d",
            body,
            "-w",
            " %{http_code}",
            rest(member) + path)
        .output();
  }

  /** The first value that a statement returns there, or why there is none. */
  String sql(String member, String query) {
    try (Connection connection = SUPERUSER.connect(server(member), Duration.ofSeconds(5));
        Statement statement = connection.createStatement()) {
      if (!statement.execute(query)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        return rows.next() ? rows.getString(1) : "";
      }
    } catch (SQLException e) {
      return "failed: " + e.getMessage();
    }
  }

  /** Who holds the leader key; empty when nobody does. */
  String leader() {
    return key("leader");
  }

  /** Those that do not hold it. */
  List<String> replicas() {
    String leader = leader();
    return NAMES.stream().filter(name -> !name.equals(leader)).toList();
  }

  /** The leader knows its server, and the others stream on its timeline. */
  boolean isWhole() {
    // Just after a move the members' keys still tell how whole it was before.
    if (!key("members/" + leader()).contains("\"role\":\"primary\"")) {
      return false;
    }
    String state = NAMES.stream().map(name -> key("members/" + name)).toList().toString();
    return state.split("\"replication_state\":\"streaming\"", -1).length == NAMES.size()
        && state.split("\"timeline\":", -1).length == NAMES.size() + 1
        && TIMELINE.matcher(state).results().map(found -> found.group(1)).distinct().count() == 1;
  }

  /** The ends of all members' logs, for a test that fails. */
  String logs() {
    StringBuilder text = new StringBuilder();
    for (String name : NAMES) {
      try {
        List<String> lines = log(name).lines().toList();
        text.append("--- ").append(name).append('\n');
        lines
            .subList(Math.max(0, lines.size() - 25), lines.size())
            .forEach(line -> text.append(line).append('\n'));
      } catch (IOException e) {
        text.append(e.getMessage());
      }
    }
    return text.toString();
  }

  /** PostgreSQL's own control program on a member's data. */
  void control(String name, String verb, String... options) {
    List<String> line = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      line.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
    }
    line.addAll(
        List.of(
            "/usr/lib/postgresql/15/bin/pg_ctl", "-D", data(name).toString(), "-m", "fast", verb));
    line.addAll(List.of(options));
    Shell.run(line).orThrow();
  }

  /** What etcd holds there; empty for nothing. */
  String key(String key) {
    return Shell.run(
            "etcdctl",
            "--endpoints=127.0.0.1:" + etcdPort,
            "get",
            "--print-value-only",
            "/service/" + SCOPE + "/" + key)
        .orThrow()
        .output()
        .strip();
  }

  /** How long each lease in etcd was granted for, as etcd's tool says it. */
  String leases() {
    StringBuilder all = new StringBuilder();
    for (String line : etcdctl("lease", "list").lines().skip(1).toList()) {
      all.append(etcdctl("lease", "timetolive", line.strip())).append('\n');
    }
    return all.toString();
  }

  private String etcdctl(String... words) {
    List<String> line = new ArrayList<>(List.of("etcdctl", "--endpoints=127.0.0.1:" + etcdPort));
    line.addAll(List.of(words));
    return Shell.run(line).orThrow().output();
  }

  void putKey(String key, String value) {
    Shell.run(
            "etcdctl",
            "--endpoints=127.0.0.1:" + etcdPort,
            "put",
            "/service/" + SCOPE + "/" + key,
            value)
        .orThrow();
  }

  void deleteKey(String key) {
    Shell.run(
            "etcdctl", "--endpoints=127.0.0.1:" + etcdPort, "del", "/service/" + SCOPE + "/" + key)
        .orThrow();
  }

  /** Raises or ends etcd's alarm that its database is full: until then it takes no write. */
  void alarm(String action) {
    Shell.run(
            "curl",
            "-sSf",
            "http://127.0.0.1:" + etcdPort + "/v3/maintenance/alarm",
            "-d",
            "{\"action\": \"" + action + "\", \"memberID\": 0, \"alarm\": \"NOSPACE\"}")
        .orThrow();
  }

  /** Debian's own tool, with a member's own file. */
  Shell.Result patronictl(String input, String... arguments) {
    List<String> line = new ArrayList<>(List.of("/usr/bin/patronictl", "-c"));
    line.add(file("m1").toString());
    line.addAll(List.of(arguments));
    return Shell.run(line, Map.of("PGPASSWORD", "zalando", "LC_ALL", "C.UTF-8"), DEADLINE, input);
  }

  @Override
  public void close() {
    agents.values().forEach(Process::destroyForcibly);
    for (String name : NAMES) {
      try {
        if (Files.exists(data(name).resolve("postmaster.pid"))) {
          control(name, "stop");
        }
      } catch (TestbedException e) {
        System.err.println(e.getMessage());
      }
    }
    etcd.destroyForcibly();
    if (!Boolean.getBoolean("testbed.keep")) {
      try {
        Folders.remove(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
