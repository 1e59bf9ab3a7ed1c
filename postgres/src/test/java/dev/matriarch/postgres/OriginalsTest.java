package dev.matriarch.postgres;

import static dev.matriarch.postgres.Stable.LONG;
import static dev.matriarch.postgres.Stable.one;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server whose operator keeps the configuration beside the data. */
@Tag("real")
class OriginalsTest {
  private final Stable stable = new Stable();
  private PostgresServer made;
  private Path etc;

  @BeforeEach
  void makeServer() throws IOException {
    made = stable.primary("one");
    made.stop(StopMode.FAST, LONG);
    made.awaitGone(LONG);
    etc = Files.createDirectory(stable.root().resolve("it's etc"));
    Files.createDirectory(etc.resolve("conf.d"));
    Files.writeString(etc.resolve("conf.d/more.conf"), "maintenance_work_mem = 7MB\n");
    Files.writeString(
        etc.resolve("postgresql.conf"), "include_dir 'conf.d'\nwork_mem = 5MB\nport = 1\n");
    Files.writeString(etc.resolve("pg_hba.conf"), "local all all trust # the operator's\n");
  }

  @AfterEach
  void close() {
    stable.close();
  }

  private PostgresServer with(Originals originals, Settings settings) {
    ServerSpec spec = made.spec();
    return stable.told(
        new ServerSpec(
            spec.dataDir(),
            spec.binDir(),
            spec.listen(),
            spec.port(),
            spec.socketDir(),
            spec.runDir(),
            spec.osUser(),
            spec.superuser(),
            spec.superuserPassword(),
            spec.clusterName(),
            spec.passfile(),
            originals),
        settings);
  }

  private void restartAs(PostgresServer server) {
    made.stop(StopMode.FAST, LONG);
    made.awaitGone(LONG);
    server.start(new ServerRole.Primary(), LONG);
  }

  @Test
  void whatIsInItsFolderCountsAndIsNotTouched() throws IOException {
    PostgresServer server =
        with(new Originals(Optional.empty(), Optional.of(etc)), Settings.defaults());
    server.start(new ServerRole.Primary(), LONG);

    assertThat(one(server, "SHOW work_mem")).isEqualTo("5MB");
    assertThat(one(server, "SHOW maintenance_work_mem")).isEqualTo("7MB");
    assertThat(Files.readString(server.spec().dataDir().resolve("pg_hba.conf")))
        .contains("local all all trust # the operator's");
    assertThat(etc).isDirectoryNotContaining(file -> file.toString().endsWith("base.conf"));

    List<String> lines = List.of("local all all peer", "local all all trust # the cluster's");
    server.apply(Settings.defaults().withHba(lines), LONG);
    assertThat(Files.readString(server.spec().dataDir().resolve("pg_hba.conf")))
        .as("lines of the configuration come before any file")
        .contains("# the cluster's")
        .doesNotContain("# the operator's");
    assertThat(etc.resolve("pg_hba.conf")).hasContent("local all all trust # the operator's");
  }

  @Test
  void whatTheFieldsControllerRenamedIsTheOriginal() throws IOException {
    Files.writeString(etc.resolve("postgresql.base.conf"), "work_mem = 6MB\n");
    PostgresServer server =
        with(new Originals(Optional.empty(), Optional.of(etc)), Settings.defaults());
    server.start(new ServerRole.Primary(), LONG);
    assertThat(one(server, "SHOW work_mem")).isEqualTo("6MB");

    Path custom = Files.writeString(stable.root().resolve("custom.conf"), "work_mem = 8MB\n");
    PostgresServer other =
        with(new Originals(Optional.of(custom), Optional.of(etc)), Settings.defaults());
    restartAs(other);
    assertThat(one(other, "SHOW work_mem")).isEqualTo("8MB");
  }

  @Test
  void aParameterNamesTheFileThatSaysWhoGetsIn() throws IOException {
    Path mine = Files.writeString(etc.resolve("mine.conf"), "local all all trust # mine\n");
    PostgresServer server =
        with(
            new Originals(Optional.empty(), Optional.of(etc)),
            Settings.defaults()
                .withFile(Map.of("hba_file", mine.toString(), "config_file", "/etc/x.conf")));
    assertThat(server.start(new ServerRole.Primary(), LONG))
        .singleElement()
        .asString()
        .startsWith("config_file: ");
    assertThat(Files.readString(server.spec().dataDir().resolve("pg_hba.conf")))
        .contains("# mine")
        .doesNotContain("# the operator's");
    assertThat(one(server, "SHOW hba_file")).endsWith("data/pg_hba.conf");
  }

  @Test
  void moreSocketsThanTheAgentsOwn() throws IOException {
    Path more = stable.root().resolve("more");
    new OwnedFiles(made.spec().osUser()).directory(more);
    String both = made.spec().socketDir() + "," + more;
    PostgresServer server =
        with(
            Originals.IN_DATA,
            made.settings().withCommandLine(Map.of("unix_socket_directories", both)));
    server.start(new ServerRole.Primary(), LONG);
    assertThat(one(server, "SHOW unix_socket_directories")).isEqualTo(both);
    assertThat(more.resolve(".s.PGSQL." + server.spec().port())).exists();
    assertThat(server.apply(server.settings(), LONG).pendingRestart()).isEmpty();
  }

  @Test
  void aFolderThatHoldsNothingChangesNothing() throws IOException {
    Path empty = Files.createDirectory(stable.root().resolve("empty"));
    PostgresServer server =
        with(new Originals(Optional.empty(), Optional.of(empty)), made.settings());
    server.start(new ServerRole.Primary(), LONG);
    assertThat(Files.readString(server.spec().dataDir().resolve("postgresql.conf")))
        .contains("include 'postgresql.base.conf'");
  }
}
