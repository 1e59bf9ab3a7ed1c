package dev.matriarch.agent.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.Credentials;
import dev.matriarch.agent.config.MatriarchConfig.PoolerConfig;
import dev.matriarch.engine.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a real PgBouncer; its databases need not exist for its console. */
@Tag("real")
@Timeout(60)
class PoolerConsoleTest {
  private static final Duration BUDGET = Duration.ofSeconds(5);

  private Path folder;
  private Process pooler;
  private PoolerConsole console;
  private int port;

  @BeforeEach
  void start() throws IOException {
    // Below /tmp itself: PgBouncer runs as another user than root and must get there.
    folder = Files.createTempDirectory(Path.of("/tmp"), "pooler");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.writeString(folder.resolve("users.txt"), "\"dba\" \"secret\"\n");
    Path ini =
        Files.writeString(
            folder.resolve("p.ini"),
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
                .formatted(port, folder, folder.resolve("users.txt")));
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
    }
    command.addAll(List.of("pgbouncer", ini.toString()));
    pooler =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    console = console("secret");
    Path socket = folder.resolve(".s.PGSQL." + port);
    while (!Files.exists(socket) && pooler.isAlive()) {
      Thread.onSpinWait();
    }
    assertThat(pooler.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
  }

  @AfterEach
  void stop() throws Exception {
    pooler.destroyForcibly().waitFor();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private PoolerConsole console(String password) {
    return new PoolerConsole(
        new PoolerConfig(
            folder,
            port,
            new Credentials("dba", password),
            folder.resolve("p.ini"),
            Duration.ZERO));
  }

  @Test
  void holdsClientsAndLetsThemGo() throws Exception {
    assertThat(console.resume(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(console.pause(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(console.pause(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(console.resume(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(console.resume(BUDGET)).isEqualTo(new Outcome.Done());
    assertThat(console.reload(BUDGET)).isEqualTo(new Outcome.Done());
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    assertThat(console("wrong").pause(BUDGET).toString())
        .contains("clients may be held")
        .contains("authentication failed");
    assertThat(console.pause(Duration.ZERO)).isInstanceOf(Outcome.Failed.class);
    pooler.destroyForcibly().waitFor();
    assertThat(console.reload(BUDGET)).isInstanceOf(Outcome.Failed.class);
  }
}
