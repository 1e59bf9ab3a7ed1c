package dev.matriarch.agent.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.Credentials;
import dev.matriarch.agent.config.MatriarchConfig.PoolerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A PgBouncer on a socket of its own, whose one database is on 127.0.0.1, port 1: nowhere. */
public final class RealPooler implements AutoCloseable {
  private final Path folder;
  private final int port;
  private Process process;

  public RealPooler() throws IOException {
    // Below /tmp itself: PgBouncer runs as another user than root and must get there.
    folder = Files.createTempDirectory(Path.of("/tmp"), "pooler");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path users = Files.writeString(folder.resolve("users.txt"), "\"dba\" \"secret\"\n");
    Files.writeString(
        ini(),
        """
        [databases]
        test = host=127.0.0.1 port=1
        [pgbouncer]
        listen_addr =
        listen_port = %d
        unix_socket_dir = %s
        auth_type = scram-sha-256
        auth_file = %s
        admin_users = dba
        pool_mode = transaction
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(port, folder, users));
    process = start();
  }

  private Process start() throws IOException {
    Process started = begin();
    while (!Files.exists(folder.resolve(".s.PGSQL." + port)) && started.isAlive()) {
      Thread.onSpinWait();
    }
    assertThat(started.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
    return started;
  }

  private Process begin() throws IOException {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
    }
    command.addAll(List.of("pgbouncer", ini().toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private Path ini() {
    return folder.resolve("p.ini");
  }

  /** How its administrator comes to it, by this password; the right one is {@code secret}. */
  public PoolerConfig config(String password) {
    return new PoolerConfig(folder, port, new Credentials("dba", password), ini(), Duration.ZERO);
  }

  /** Ends it, as a crash does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Ends it and starts another in its place. */
  public void startAnew() throws IOException {
    kill();
    Files.deleteIfExists(folder.resolve(".s.PGSQL." + port));
    process = start();
  }

  @Override
  public void close() throws IOException {
    kill();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
