package dev.matriarch.postgres;

import static dev.matriarch.postgres.Stable.LONG;
import static dev.matriarch.postgres.Stable.SHORT;
import static dev.matriarch.postgres.Stable.one;
import static dev.matriarch.postgres.Stable.running;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Settings as a real server takes them. */
@Tag("real")
class SettingsOnServerTest {
  private final Stable stable = new Stable();

  @AfterEach
  void close() {
    stable.close();
  }

  @Test
  void dataThatComeBackWithoutTheirConfigurationStart() {
    PostgresServer server = stable.primary("one");
    server.keepDynamicConfig("{\"ttl\":30}");
    server.stop(StopMode.FAST, LONG);
    server.awaitGone(LONG);
    OwnedFiles files = new OwnedFiles(server.spec().osUser());
    Path data = server.spec().dataDir();
    String base = files.read(data.resolve("postgresql.base.conf")).orElseThrow();
    for (String name :
        List.of("postgresql.base.conf", "postgresql.conf", "pg_hba.conf", "pg_ident.conf")) {
      assertThat(data.resolve(name + ".backup")).exists();
      files.delete(data.resolve(name));
    }
    List<String> warnings = server.start(new ServerRole.Primary(), LONG);
    assertThat(warnings).isEmpty();
    assertThat(files.read(data.resolve("postgresql.base.conf"))).contains(base);
    assertThat(files.read(PostgresServer.dynamicConfigOf(data))).contains("{\"ttl\":30}");
  }

  @Test
  void settingsAreTakenByReloadOrWaitForARestart() {
    PostgresServer server = stable.primary("one");
    Settings more =
        server
            .settings()
            .withFile(Map.of("work_mem", "7MB", "shared_buffers", "3MB", "no_such", "1"))
            .withCommandLine(Map.of("max_connections", "90"));
    Applied applied = server.apply(more, SHORT);
    assertThat(applied.pendingRestart())
        .containsExactly(
            new PendingSetting("max_connections", "100", "90"),
            new PendingSetting("shared_buffers", "2MB", "3MB"));
    assertThat(applied.dropped()).singleElement().asString().startsWith("no_such: ");
    assertThat(one(server, "SHOW work_mem")).isEqualTo("7MB");
    assertThat(running(server).pendingRestart()).isEqualTo(applied.pendingRestart());

    List<String> warnings = server.restart(new ServerRole.Primary(), LONG);
    assertThat(warnings).hasSize(1);
    assertThat(running(server).pendingRestart()).isEmpty();
    assertThat(one(server, "SHOW max_connections")).isEqualTo("90");
  }

  @Test
  void whatTheServerWouldNotStartWithIsLeftOutAndSaid() {
    PostgresServer server = stable.primary("one");
    assertThat(server.apply(server.settings().withFile(Map.of("work_mem", "7MB")), SHORT).dropped())
        .isEmpty();
    Settings bad =
        server
            .settings()
            .withFile(
                Map.of(
                    "work_mem", "lots",
                    "shared_preload_libraries", "nolib",
                    "maintenance_work_mem", "9MB"))
            .withCommandLine(Map.of("max_connections", "999999", "wal_level", "minimal"));
    Applied applied = server.apply(bad, SHORT);
    assertThat(applied.dropped())
        .hasSize(4)
        .anyMatch(
            said ->
                said.equals(
                    "work_mem: lots is not taken: PostgreSQL says: invalid value for parameter"
                        + " \"work_mem\": \"lots\""))
        .anyMatch(said -> said.contains("could not access file \"nolib\""))
        .anyMatch(said -> said.startsWith("max_connections: 999999 is not taken: "))
        .anyMatch(said -> said.startsWith("wal_level: minimal is not taken: "));
    assertThat(applied.pendingRestart()).as("nothing waits for what will never be").isEmpty();
    assertThat(running(server).pendingRestart()).isEmpty();
    assertThat(one(server, "SHOW maintenance_work_mem")).isEqualTo("9MB");
    assertThat(one(server, "SHOW work_mem")).as("what was taken before stays").isEqualTo("7MB");

    assertThat(server.restart(new ServerRole.Primary(), LONG)).isEqualTo(applied.dropped());
    assertThat(one(server, "SHOW work_mem")).isEqualTo("7MB");

    PostgresServer again = stable.again(server);
    again.stop(StopMode.FAST, LONG);
    again.awaitGone(LONG);
    assertThat(again.start(new ServerRole.Primary(), LONG))
        .as("an agent that never saw it well")
        .hasSize(4);
    assertThat(one(again, "SHOW work_mem")).isEqualTo("4MB");
    assertThat(one(again, "SHOW maintenance_work_mem")).isEqualTo("9MB");
  }

  @Test
  void postgresqlItselfJudgesSettingsBeforeTheyAreTaken() {
    PostgresServer server = stable.primary("one");
    Settings now = server.settings();
    assertThat(server.objection(now)).isEmpty();
    assertThat(server.objection(now.withFile(Map.of("no_such", "1", "my.own", "x")))).isEmpty();
    assertThat(server.objection(now.withFile(Map.of("search_path", "a\0b"))))
        .contains("the value of parameter \"search_path\" holds a zero byte");
    assertThat(server.objection(now.withFile(Map.of("work_mem", "lots"))))
        .contains("PostgreSQL says: invalid value for parameter \"work_mem\": \"lots\"");
    assertThat(server.objection(now.withCommandLine(Map.of("max_connections", "0"))))
        .hasValueSatisfying(why -> assertThat(why).contains("outside the valid range"));
    assertThat(server.objection(now.withCommandLine(Map.of("wal_level", "minimal"))))
        .as("settings that do not go together")
        .hasValueSatisfying(why -> assertThat(why).contains("requires wal_level"));
    assertThat(server.objection(now.withFile(Map.of("shared_preload_libraries", "nolib"))))
        .hasValueSatisfying(why -> assertThat(why).contains("could not access file \"nolib\""));
    assertThat(one(server, "SELECT 1")).isEqualTo("1");
  }

  @Test
  void postgresqlItselfJudgesLinesOfHbaBeforeTheyAreTaken() {
    PostgresServer server = stable.primary("one");
    Settings now = server.settings();
    List<String> good =
        List.of(
            "local all all peer", "hostssl all all 0.0.0.0/0 scram-sha-256", "local @x all md5");
    assertThat(server.objection(now.withHba(good))).isEmpty();
    assertThat(
            server.objection(
                now.withHba(
                    List.of(
                        "local all all peer", "host all all 10.0.0.0/33 md5", "host nonsense"))))
        .hasValueSatisfying(
            why ->
                assertThat(why)
                    .startsWith("PostgreSQL says: pg_hba line 2 (host all all 10.0.0.0/33 md5): ")
                    .contains("invalid CIDR mask in address \"10.0.0.0/33\"", "pg_hba line 3"));
    assertThat(one(server, "SELECT 1")).isEqualTo("1");
  }

  @Test
  void linesOfHbaThatCannotBeReadAreSaidAndLockNobodyOut() {
    PostgresServer server = stable.primary("one");
    String before = one(server, "SELECT count(*) FROM pg_hba_file_rules");
    Settings bad = server.settings().withHba(List.of("host nonsense"));
    assertThat(server.apply(bad, SHORT).dropped())
        .singleElement()
        .asString()
        .startsWith("pg_hba is left as it was: PostgreSQL says: pg_hba line 1 (host nonsense): ");
    assertThat(one(server, "SELECT count(*) FROM pg_hba_file_rules")).isEqualTo(before);
    assertThat(server.restart(new ServerRole.Primary(), LONG)).hasSize(1);
    assertThat(one(server, "SELECT count(*) FROM pg_hba_file_rules")).isEqualTo(before);
  }

  @Test
  void givenHbaAloneLetsTheAgentInWithItsPassword() {
    Settings given = Settings.defaults();
    Settings alone =
        new Settings(
            given.commandLine(),
            given.file(),
            given.hba(),
            given.ident(),
            Settings.LocalAccess.AS_GIVEN);
    PostgresServer server =
        stable.bare("one", alone.withHba(List.of("local all all scram-sha-256")));
    server.initdb(Stable.fast(), LONG);
    assertThat(server.start(new ServerRole.Primary(), LONG)).isEmpty();
    assertThat(running(server).inRecovery()).isFalse();
  }

  @Test
  void anOldOverrideInAutoConfDoesNotWin() throws IOException {
    PostgresServer one = stable.primary("one");
    one.stop(StopMode.FAST, LONG);
    one.awaitGone(LONG);
    Path auto = one.spec().dataDir().resolve("postgresql.auto.conf");
    Files.writeString(
        auto,
        """
        # kept
        work_mem = '6MB'
        primary_conninfo = 'host=elsewhere'
        synchronous_standby_names = '*'
        """);
    one.start(new ServerRole.Primary(), LONG);
    assertThat(running(one).conninfo()).isEmpty();
    assertThat(running(one).synchronousStandbyNames()).isEmpty();
    assertThat(one(one, "SHOW work_mem")).isEqualTo("6MB");
    assertThat(Files.readString(auto)).isEqualTo("# kept\nwork_mem = '6MB'\n");
  }

  @Test
  void restoreCommandSurvivesAChangeOfUpstreamAndIsQuietOnlyUntilTheNextStart() {
    PostgresServer one = stable.primary("one");
    PostgresServer two =
        stable.server("two", Settings.defaults().withFile(Map.of("restore_command", "false")));
    two.cloneFrom(Stable.upstream(one, "two"), LONG);
    two.start(new ServerRole.StandbyOf(Stable.upstream(one, "two")), LONG);
    assertThat(one(two, "SHOW restore_command")).isEqualTo("false");
    two.follow(Stable.upstream(one, "other"), SHORT);
    assertThat(one(two, "SHOW restore_command")).isEqualTo("false");
    two.quietRestore(SHORT);
    assertThat(one(two, "SHOW restore_command")).isEmpty();
    assertThat(running(two).conninfo()).contains("other");
    two.restart(new ServerRole.StandbyOf(Stable.upstream(one, "two")), LONG);
    assertThat(one(two, "SHOW restore_command")).isEqualTo("false");
  }
}
