package dev.matriarch.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** A PostgreSQL server on a host of the testbed, with nothing around it. */
final class BareServer implements AutoCloseable {
  static final Login LOGIN = new Login("postgres", "postgres", "");
  private static final String BIN = "/usr/lib/postgresql/15/bin/";
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Host host;
  private final Path folder;
  private Proc postmaster;

  BareServer(Host host) throws IOException, SQLException {
    this(host, Folders.make("mtpg"));
    initialise();
    start();
    try (Connection connection = open()) {
      NumberedWriter.prepare(connection);
      WriterWatch.prepare(connection);
    }
  }

  private BareServer(Host host, Path folder) {
    this.host = host;
    this.folder = folder;
    Shell.run("chown", "postgres:postgres", folder.toString()).orThrow();
  }

  /** A standby of another server. */
  static BareServer cloneOf(BareServer source, Host from, Host to) throws IOException {
    BareServer standby = new BareServer(to, Folders.make("mtpg"));
    to.run(
        Launch.of(
                BIN + "pg_basebackup",
                "-h",
                from.address(),
                "-U",
                "postgres",
                "-D",
                standby.data().toString(),
                "-R",
                "-c",
                "fast")
            .as("postgres"));
    Path settings = standby.data().resolve("postgresql.conf");
    Files.writeString(
        settings,
        Files.readString(settings)
            .replace(from.address(), to.address())
            .replace(source.folder.toString(), standby.folder.toString()));
    standby.start();
    return standby;
  }

  private void initialise() throws IOException {
    host.run(
        Launch.of(
                BIN + "initdb",
                "-D",
                data().toString(),
                "-A",
                "trust",
                "-U",
                "postgres",
                "-N",
                "--no-instructions")
            .as("postgres"));
    Files.writeString(
        data().resolve("pg_hba.conf"),
        "local all all trust\nhost replication all 10.0.0.0/8 trust\nhost all all 10.0.0.0/8 trust\n");
    Files.writeString(
        data().resolve("postgresql.conf"),
        """
        listen_addresses = '%s'
        port = 5432
        unix_socket_directories = '%s'
        shared_buffers = 16MB
        fsync = off
        """
            .formatted(host.address(), folder),
        StandardOpenOption.TRUNCATE_EXISTING);
  }

  Path data() {
    return folder.resolve("data");
  }

  Endpoint tcp() {
    return new Endpoint.Tcp(host.address(), 5432);
  }

  Endpoint local() {
    return new Endpoint.Local(folder.resolve(".s.PGSQL.5432"));
  }

  void start() {
    postmaster =
        host.start("postgres", Launch.of(BIN + "postgres", "-D", data().toString()).as("postgres"));
    Await.until("PostgreSQL on " + host, DEADLINE, this::answers, () -> postmaster.tail(5));
  }

  Proc postmaster() {
    return postmaster;
  }

  private boolean answers() {
    try (Connection connection = open()) {
      return connection.isValid(1);
    } catch (SQLException notYet) {
      return false;
    }
  }

  Connection open() throws SQLException {
    return LOGIN.connect(local(), Duration.ofSeconds(10));
  }

  /** Immediate stop and start again, as a crash and its repair. */
  void restart() {
    postmaster.signal(Signal.KILL);
    postmaster.awaitExit(DEADLINE);
    Network.killAll(host.namespace());
    start();
  }

  @Override
  public void close() throws IOException {
    Network.killAll(host.namespace());
    Folders.remove(folder);
  }
}
