package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.Credentials;
import dev.matriarch.agent.config.MatriarchConfig.MemberAddress;
import dev.matriarch.agent.config.MatriarchConfig.PoolerConfig;
import dev.matriarch.agent.routing.PoolerConsole;
import dev.matriarch.agent.routing.PoolerFile;
import dev.matriarch.engine.Pooler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a real PgBouncer that has no clients, and sends them to another member. */
@Tag("real")
@Timeout(60)
class PoolerEyeTest {
  private static final int PORT = 6432;

  private Path folder;
  private Process pooler;
  private PoolerConfig config;

  @BeforeEach
  void start() throws IOException {
    // Below /tmp itself: PgBouncer runs as another user than root and must get there.
    folder = Files.createTempDirectory(Path.of("/tmp"), "eye");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path users = Files.writeString(folder.resolve("users.txt"), "\"dba\" \"secret\"\n");
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
            ignore_startup_parameters = extra_float_digits
            """
                .formatted(PORT, folder, users));
    config = new PoolerConfig(folder, PORT, new Credentials("dba", "secret"), ini, Duration.ZERO);
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
    while (!Files.exists(folder.resolve(".s.PGSQL." + PORT)) && pooler.isAlive()) {
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

  /** By then HAProxy without an agent has found the other member, and sends nobody here. */
  @Test
  void isUsedForAWhileAfterItCameToSendToAnother() throws Exception {
    try (PoolerConsole console = new PoolerConsole(config)) {
      assertThat(eye(console, Duration.ofHours(1)).look()).isEqualTo(Pooler.seen(false, "b", true));
      assertThat(eye(console, Duration.ZERO).look()).isEqualTo(Pooler.seen(false, "b", false));
    }
  }

  private PoolerEye eye(PoolerConsole console, Duration overlap) {
    Map<String, MemberAddress> members =
        Map.of(
            "a", new MemberAddress("127.0.0.2", 1, 8008),
            "b", new MemberAddress("127.0.0.1", 1, 8008));
    return new PoolerEye(
        console, new PoolerFile(config), () -> members, () -> overlap, "a", event -> {});
  }
}
