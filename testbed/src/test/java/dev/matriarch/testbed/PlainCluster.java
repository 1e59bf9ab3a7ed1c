package dev.matriarch.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Servers led from plain {@code patroni.yml} files, one on each host, with an etcd on a host of its
 * own. Either kind of controller reads the same file.
 */
final class PlainCluster implements AutoCloseable {
  /** What leads a server. */
  enum Kind {
    OURS,
    /** Debian's package of the controller that the field uses. */
    THEIRS
  }

  static final Duration SOON = Duration.ofSeconds(60);
  private static final String STORE = "10.10.10.250";
  private static final Login ADMIN = new Login("postgres", "postgres", "secret-of-the-testbed");

  private final Path folder;
  private final Network network;
  private final List<Host> hosts = new ArrayList<>();
  private final Map<Host, Proc> controllers = new LinkedHashMap<>();
  private final Host store;

  PlainCluster(int members) {
    try {
      folder = Folders.make("mtm");
      network = Network.open(folder.resolve("logs"));
      store = network.add("store", STORE);
      Path data = folder.resolve("etcd");
      store.start(
          "etcd",
          Launch.of(
              "etcd",
              "--data-dir=" + data,
              "--listen-client-urls=http://" + STORE + ":2379",
              "--advertise-client-urls=http://" + STORE + ":2379"));
      for (int i = 1; i <= members; i++) {
        hosts.add(member("n" + i, "10.10.10.1" + i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Host member(String name, String address) throws IOException {
    Path home = Files.createDirectory(folder.resolve(name));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(home.resolve("patroni.yml"), file(name, address, home));
    Shell.run("chown", "-R", "postgres:postgres", home.toString()).orThrow();
    return network.add(name, address);
  }

  private static String file(String name, String address, Path home) {
    return """
        scope: pg-mixed
        name: NAME
        restapi: { listen: 'ADDRESS:8008', connect_address: 'ADDRESS:8008' }
        etcd3: { host: 'STORE:2379' }
        bootstrap:
          dcs:
            ttl: 20
            loop_wait: 2
            retry_timeout: 5
            postgresql: { use_pg_rewind: true, use_slots: true }
          initdb: [ { encoding: UTF8 }, data-checksums ]
        postgresql:
          listen: 'ADDRESS:5432'
          connect_address: 'ADDRESS:5432'
          data_dir: HOME/data
          bin_dir: /usr/lib/postgresql/15/bin
          pgpass: HOME/pgpass
          authentication:
            superuser: { username: postgres, password: PASSWORD }
            replication: { username: replicator, password: PASSWORD }
          parameters: { unix_socket_directories: HOME, shared_buffers: 16MB }
          pg_hba:
            - local all all trust
            - host all all 10.10.10.0/24 scram-sha-256
            - host replication replicator 10.10.10.0/24 scram-sha-256
        """
        .replace("NAME", name)
        .replace("ADDRESS", address)
        .replace("STORE", STORE)
        .replace("HOME", home.toString())
        .replace("PASSWORD", ADMIN.password());
  }

  List<Host> hosts() {
    return hosts;
  }

  Path file(Host host) {
    return folder.resolve(host.name()).resolve("patroni.yml");
  }

  void start(Host host, Kind kind) {
    Launch launch =
        switch (kind) {
          case OURS -> Launch.of(Product.launcher().toString(), "agent", file(host).toString());
          case THEIRS -> Launch.of("patroni", file(host).toString()).as("postgres");
        };
    controllers.put(host, host.start(kind.name().toLowerCase(Locale.ROOT), launch));
  }

  /** Asks the controller to end; whether its server goes on depends on the pause. */
  void stop(Host host) {
    if (!controllers.get(host).stop(SOON)) {
      throw new TestbedException(controllers.get(host) + " does not end\n" + situation());
    }
  }

  /** Host crash. */
  void crash(Host host) {
    host.crash();
  }

  /** The field's own command line, on a host. */
  String ctl(String... words) {
    List<String> line =
        new ArrayList<>(List.of("patronictl", "-c", file(hosts.getFirst()).toString()));
    line.addAll(List.of(words));
    return store.run(Launch.of(line).with("LC_ALL", "C.UTF-8"));
  }

  Endpoint.Local socket(Host host) {
    return new Endpoint.Local(folder.resolve(host.name()).resolve(".s.PGSQL.5432"));
  }

  Connection connect(Host host) throws SQLException {
    return ADMIN.connect(socket(host), Duration.ofSeconds(5));
  }

  ClusterView observe() {
    return new ClusterView(hosts.stream().map(host -> Observer.ask(host, socket(host))).toList());
  }

  boolean serves(Host host) {
    return Observer.ask(host, socket(host)).standing() != MemberView.Standing.DOWN;
  }

  Host primary() {
    String name = observe().primary().orElseThrow();
    return hosts.stream().filter(host -> host.name().equals(name)).findFirst().orElseThrow();
  }

  /** One primary, of the given name, and this many members that stream from it. */
  void awaitLedBy(Host leader, int streaming) {
    Await.until(
        leader + " leads " + streaming,
        SOON,
        () -> {
          ClusterView view = observe();
          long followers =
              view.members().stream()
                  .filter(it -> it.standing() == MemberView.Standing.STREAMING)
                  .count();
          return view.primary().equals(Optional.of(leader.name())) && followers == streaming;
        },
        this::situation);
  }

  /** Runs a statement where writes go. */
  void write(String sql) throws SQLException {
    try (Connection connection = connect(primary());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long count(Host host, String table) throws SQLException {
    try (Connection connection = connect(host);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  String situation() {
    StringBuilder text = new StringBuilder(observe().toString()).append('\n');
    controllers.forEach(
        (host, controller) ->
            text.append("--- %s: %s%n%s%n".formatted(host, controller, controller.tail(120))));
    return text.toString();
  }

  @Override
  public void close() {
    network.close();
    try {
      Folders.remove(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
