package dev.matriarch.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Real servers in a folder of their own, on free loopback ports; all are gone after close. */
final class Stable implements AutoCloseable {
  static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");
  static final Duration LONG = Duration.ofSeconds(60);
  static final Duration SHORT = Duration.ofSeconds(20);
  static final Secret SUPER = new Secret("it's a \\ secret: 100%");
  static final Secret REPLICATION = new Secret("repl:pass\\word");
  static final Secret REWIND = new Secret("rewind-password");

  private final Path root;
  private final List<PostgresServer> servers = new ArrayList<>();

  Stable() {
    this(
        Path.of(System.getProperty("java.io.tmpdir"))
            .resolve("pgt-" + ProcessHandle.current().pid() + "-" + System.nanoTime() % 1_000_000));
    new OwnedFiles(OsUser.fitting()).directory(root);
  }

  private Stable(Path root) {
    this.root = root;
  }

  /** In a folder that another one made. */
  static Stable at(Path root) {
    return new Stable(root);
  }

  Path root() {
    return root;
  }

  /** A server that is not made yet. */
  PostgresServer server(String name) {
    return server(name, Settings.defaults());
  }

  PostgresServer server(String name, Settings settings) {
    PostgresServer server = new PostgresServer(spec(name, freePort()), withHba(settings));
    servers.add(server);
    return server;
  }

  /** One with exactly these settings. */
  PostgresServer bare(String name, Settings settings) {
    PostgresServer server = new PostgresServer(spec(name, freePort()), settings);
    servers.add(server);
    return server;
  }

  /** The server there in the hands of an agent that is told so. */
  PostgresServer told(ServerSpec spec, Settings settings) {
    PostgresServer server = new PostgresServer(spec, settings);
    servers.add(server);
    return server;
  }

  /** The same server in the hands of another agent. */
  PostgresServer again(PostgresServer server) {
    return told(server.spec(), server.settings());
  }

  ServerSpec spec(String name, int port) {
    return new ServerSpec(
        root.resolve(name).resolve("data"),
        BIN,
        List.of("127.0.0.1"),
        port,
        root.resolve(name).resolve("s"),
        root.resolve(name).resolve("run"),
        OsUser.fitting(),
        "postgres",
        Optional.of(SUPER),
        "stable");
  }

  /** A primary with a replication and a rewind role. */
  PostgresServer primary(String name) {
    PostgresServer server = server(name);
    server.initdb(fast(), LONG);
    List<String> warnings = server.start(new ServerRole.Primary(), LONG);
    if (!warnings.isEmpty()) {
      throw new AssertionError(warnings);
    }
    server.provision(
        new Provision(
            List.of(
                new Provision.Role("postgres", Optional.of(SUPER), List.of(), List.of()),
                Provision.replicator("replicator", REPLICATION),
                Provision.rewinder("rewind_user", REWIND)),
            List.of()),
        LONG);
    return server;
  }

  /** A standby of that server, made by a clone. */
  PostgresServer standby(String name, PostgresServer of) {
    PostgresServer server = server(name);
    server.cloneFrom(upstream(of, name), LONG);
    server.start(new ServerRole.StandbyOf(upstream(of, name)), LONG);
    return server;
  }

  static InitOptions fast() {
    InitOptions options = InitOptions.defaults(SUPER);
    Map<String, String> more = new java.util.LinkedHashMap<>(options.options());
    more.put("no-sync", "");
    more.put("wal-segsize", "4");
    return options.withOptions(more);
  }

  static Upstream upstream(PostgresServer of, String as) {
    return Upstream.of("127.0.0.1", of.spec().port(), "replicator", REPLICATION, as);
  }

  static Upstream rewindSource(PostgresServer of) {
    return Upstream.of("127.0.0.1", of.spec().port(), "rewind_user", REWIND, "rewind");
  }

  static Observation.Running running(PostgresServer server) {
    Observation observation = server.observe(SHORT);
    if (observation instanceof Observation.Running running) {
      return running;
    }
    throw new AssertionError("not running: " + observation);
  }

  static long pid(PostgresServer server) {
    return running(server).pid();
  }

  /** Waits for a state, with a deadline. */
  static void await(String what, java.util.function.BooleanSupplier question) {
    Deadline.in(Duration.ofSeconds(30)).require(what, Duration.ofMillis(10), question);
  }

  /** Until the standby streams and has replayed all that the primary wrote. */
  static void awaitCaughtUp(PostgresServer standby, PostgresServer primary) {
    Lsn target = running(primary).written().orElseThrow();
    await(
        "catching up",
        () -> {
          Observation.Running now = running(standby);
          return now.receiver().filter(r -> r.status().equals("streaming")).isPresent()
              && now.replayed().orElse(Lsn.ZERO).reached(target);
        });
  }

  static String one(PostgresServer server, String statement) {
    return server.sql(statement, SHORT).getFirst().getFirst();
  }

  static void run(PostgresServer server, String statement) {
    server.sql(statement, SHORT);
  }

  static void signal(long pid, int signal) {
    ProcessTable processes = new ProcessTable();
    processes.signal(processes.find(pid).orElseThrow(), signal);
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Settings withHba(Settings settings) {
    return settings
        .withHba(
            List.of(
                "host replication replicator 127.0.0.1/32 scram-sha-256",
                "host all all 127.0.0.1/32 scram-sha-256"))
        .withFile(Map.of("fsync", "off", "shared_buffers", "2MB", "wal_keep_size", "64MB"))
        .withFile(settings.file());
  }

  @Override
  public void close() {
    for (PostgresServer server : servers) {
      if (Files.exists(server.spec().dataDir())) {
        server.stop(StopMode.IMMEDIATE, SHORT);
      }
      server.close();
    }
    new OwnedFiles(OsUser.fitting()).clear(root, true);
  }
}
