package dev.matriarch.postgres;

import static dev.matriarch.postgres.Stable.LONG;
import static dev.matriarch.postgres.Stable.SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The segment with the shutdown checkpoint reaches the archive. */
@Tag("real")
class LastSegmentTest {
  private final Stable stable = new Stable();

  @AfterEach
  void close() {
    stable.close();
  }

  @Test
  void namesASegmentAsTheServerDoes() {
    assertThat(LastSegment.name(1, Lsn.parse("0/3000028"), 16L << 20))
        .isEqualTo("000000010000000000000003");
    assertThat(LastSegment.name(26, Lsn.parse("A/FF000028"), 16L << 20))
        .isEqualTo("0000001A0000000A000000FF");
    assertThat(LastSegment.name(1, Lsn.parse("1/0"), 4L << 20))
        .isEqualTo("000000010000000100000000");
    assertThat(LastSegment.filledIn("test ! -f '/a b/%f' && cp %p '/a b/%f' # 100%%", "S"))
        .isEqualTo("test ! -f '/a b/S' && cp pg_wal/S '/a b/S' # 100%");
  }

  private PostgresServer archiving(Path archive, String command) {
    new OwnedFiles(OsUser.fitting()).directory(archive);
    Settings settings =
        Settings.defaults().withFile(Map.of("archive_mode", "on", "archive_command", command));
    PostgresServer server = stable.server("one", settings);
    server.initdb(Stable.fast(), LONG);
    server.start(new ServerRole.Primary(), LONG);
    return server;
  }

  @Test
  void theShutdownCheckpointReachesTheArchive() {
    Path archive = stable.root().resolve("archive");
    PostgresServer server = archiving(archive, "cp %p '" + archive + "/%f'");
    assertThatThrownBy(() -> server.archiveLastSegment(SHORT))
        .isInstanceOf(PostgresException.WrongState.class);
    server.stop(StopMode.FAST, LONG);
    server.awaitGone(LONG);
    Lsn end = server.control().orElseThrow().checkpoint();
    String name = LastSegment.name(1, end, 4L << 20);
    assertThat(archive.resolve(name)).as("PostgreSQL leaves it").doesNotExist();
    assertThat(server.archiveLastSegment(SHORT)).contains(name);
    assertThat(archive.resolve(name)).exists();
    assertThat(server.archiveLastSegment(SHORT)).as("once more").contains(name);
  }

  @Test
  void whatDoesNotArchiveIsLeftAlone() {
    PostgresServer server = stable.primary("one");
    server.stop(StopMode.FAST, LONG);
    server.awaitGone(LONG);
    assertThat(server.archiveLastSegment(SHORT)).isEmpty();
  }

  @Test
  void aCommandThatFailsIsSaid() {
    Path archive = stable.root().resolve("archive");
    PostgresServer server = archiving(archive, "echo no room >&2; exit 3");
    server.stop(StopMode.FAST, LONG);
    server.awaitGone(LONG);
    assertThatThrownBy(() -> server.archiveLastSegment(SHORT))
        .isInstanceOf(PostgresException.CommandFailed.class)
        .hasMessageContaining("no room");
  }
}
