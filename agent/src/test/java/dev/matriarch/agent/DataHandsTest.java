package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.agent.config.CustomMethod;
import dev.matriarch.agent.script.DataPrograms;
import dev.matriarch.postgres.InitOptions;
import dev.matriarch.postgres.OsUser;
import dev.matriarch.postgres.PostgresServer;
import dev.matriarch.postgres.Provision;
import dev.matriarch.postgres.Secret;
import dev.matriarch.postgres.ServerRole;
import dev.matriarch.postgres.ServerSpec;
import dev.matriarch.postgres.Settings;
import dev.matriarch.postgres.StopMode;
import dev.matriarch.postgres.Upstream;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Programs of the operator make data, of real servers (drop-in contract, section 8). */
class DataHandsTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");
  private static final List<String> HBA =
      List.of("local all all peer", "host all,replication all 127.0.0.1/32 scram-sha-256");

  private final List<PostgresServer> servers = new ArrayList<>();
  private Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createTempDirectory("mtd");
    own(root);
  }

  private static void own(Path path) throws IOException {
    String account = OsUser.fitting().name();
    if (!Files.getOwner(path).getName().equals(account)) {
      Files.setOwner(
          path,
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(account));
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (PostgresServer server : servers) {
      if (Files.exists(server.spec().dataDir())) {
        server.stop(StopMode.IMMEDIATE, LONG);
      }
      server.close();
    }
    new ProcessBuilder("rm", "-rf", root.toString()).start().waitFor();
  }

  private PostgresServer server(String name) throws IOException {
    return server(name, HBA);
  }

  private PostgresServer server(String name, List<String> hba) throws IOException {
    Path home = Files.createDirectory(root.resolve(name));
    own(home);
    own(Files.createDirectory(home.resolve("run")));
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      PostgresServer server =
          new PostgresServer(
              new ServerSpec(
                  root.resolve(name).resolve("data"),
                  BIN,
                  List.of("127.0.0.1"),
                  socket.getLocalPort(),
                  root.resolve(name).resolve("s"),
                  root.resolve(name).resolve("run"),
                  OsUser.fitting(),
                  "postgres",
                  Optional.of(new Secret(name + "-password")),
                  "batman"),
              Settings.defaults()
                  .withHba(hba)
                  .withFile(Map.of("fsync", "off", "shared_buffers", "2MB")));
      servers.add(server);
      return server;
    }
  }

  private DataHands hands(
      PostgresServer server,
      String name,
      Optional<CustomMethod> method,
      String afterwards,
      List<CustomMethod> methods) {
    return hands(server, name, method, List.of(), afterwards, methods);
  }

  private DataHands hands(
      PostgresServer server,
      String name,
      Optional<CustomMethod> method,
      List<String> hba,
      String afterwards,
      List<CustomMethod> methods) {
    Secret password = new Secret(name + "-password");
    return new DataHands(
        server,
        new DataPrograms(
            server.spec().osUser().name(),
            server.spec().osUser().launcher(),
            "batman",
            server.spec().dataDir(),
            server.spec().runDir()),
        new DataHands.First(
            InitOptions.defaults(password),
            new Provision(
                List.of(Provision.replicator("replicator", new Secret("repl"))), List.of()),
            new Provision.Role("postgres", Optional.of(password), List.of(), List.of()),
            method,
            hba,
            afterwards),
        new DataHands.Others(
            methods,
            Stream.concat(methods.stream().map(CustomMethod::name), Stream.of("basebackup"))
                .toList(),
            Map.of()));
  }

  private CustomMethod program(String name, String text, Map<String, String> options)
      throws IOException {
    Path file = root.resolve(name + " it");
    Files.writeString(
        file,
        "#!/bin/sh\nset -e\nfor a; do case $a in --*=*) k=${a%%=*}; eval \"${k#--}=\\${a#*=}\";; esac; done\n"
            + text);
    assertThat(file.toFile().setExecutable(true, false)).isTrue();
    own(file);
    return new CustomMethod(name, "'" + file + "'", options, false, false, false, Map.of(), false);
  }

  private static CustomMethod with(CustomMethod program, boolean noLeader, boolean keepRecovery) {
    return new CustomMethod(
        program.name(),
        program.command(),
        program.options(),
        false,
        noLeader,
        keepRecovery,
        Map.of(),
        noLeader);
  }

  private static boolean login(PostgresServer server, String user, String password) {
    try (Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + server.spec().port() + "/postgres", user, password)) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void aCopyOfAnotherClusterBecomesThisOnesWithItsPasswords() throws Exception {
    PostgresServer old = server("old");
    hands(old, "old", Optional.empty(), "", List.of()).makeCluster();
    assertThat(login(old, "postgres", "old-password")).isTrue();
    old.stop(StopMode.FAST, LONG);
    PostgresServer made = server("new");
    CustomMethod copy =
        program(
            "copy",
            "test \"$scope\" = batman\nmkdir -p -m 700 \"$datadir\"\ncp -a \"$from/.\" \"$datadir\"\n",
            Map.of("from", old.spec().dataDir().toString()));
    String told = root.resolve("told").toString();
    hands(
            made,
            "new",
            Optional.of(copy),
            "psql -w -o " + told + " -Atc \"SELECT current_user || ' ' || 1\"",
            List.of())
        .makeCluster();
    assertThat(login(made, "postgres", "new-password")).isTrue();
    assertThat(login(made, "postgres", "old-password")).isFalse();
    assertThat(login(made, "replicator", "repl")).isTrue();
    assertThat(Files.readString(Path.of(told))).isEqualTo("postgres 1\n");
    assertThat(Files.readString(made.spec().dataDir().resolve("pg_hba.conf")))
        .as("the temporary trust is gone")
        .doesNotContain("trust");
  }

  @Test
  void linesOfTheBootstrapComeBehindThoseThatAreThere() throws Exception {
    PostgresServer old = server("old", List.of());
    List<String> more = List.of("host all all 127.0.0.1/32 reject # the last word");
    hands(old, "old", Optional.empty(), more, "", List.of()).makeCluster();
    List<String> lines = Files.readAllLines(old.spec().dataDir().resolve("pg_hba.conf"));
    assertThat(lines.getLast()).isEqualTo(more.getFirst());
    assertThat(lines).anyMatch(line -> line.startsWith("local") && line.contains("replication"));

    old.stop(StopMode.FAST, LONG);
    PostgresServer made = server("new", List.of());
    CustomMethod copy =
        program(
            "copy",
            "mkdir -p -m 700 \"$datadir\"\ncp -a \"$from/.\" \"$datadir\"\n",
            Map.of("from", old.spec().dataDir().toString()));
    hands(made, "new", Optional.of(copy), "", List.of()).makeCluster();
    assertThat(Files.readAllLines(made.spec().dataDir().resolve("pg_hba.conf")))
        .as("a copy keeps the lines that it came with")
        .isEqualTo(lines);
  }

  /** A copy of a primary, and an archive that goes beyond the restore point "here". */
  private PostgresServer backedUp(Path archive) throws Exception {
    own(archive);
    PostgresServer old = server("old");
    hands(old, "old", Optional.empty(), "", List.of()).makeCluster();
    Map<String, String> archiving = new LinkedHashMap<>(old.settings().file());
    archiving.put("archive_mode", "on");
    archiving.put("archive_command", "cp %p " + archive + "/%f");
    assertThat(old.apply(old.settings().withFile(archiving), LONG).pendingRestart()).isNotEmpty();
    assertThat(old.restart(new ServerRole.Primary(), LONG)).isEmpty();
    old.sql("CREATE TABLE public.t (n int)", LONG);
    PostgresServer base = server("base");
    base.cloneFrom(
        Upstream.of("127.0.0.1", old.spec().port(), "replicator", new Secret("repl"), "base"),
        LONG);
    old.sql("INSERT INTO public.t VALUES (1)", LONG);
    old.sql("SELECT pg_create_restore_point('here')", LONG);
    old.sql("INSERT INTO public.t VALUES (2)", LONG);
    old.sql("SELECT pg_switch_wal()", LONG);
    old.stop(StopMode.FAST, LONG);
    old.awaitGone(LONG);
    return base;
  }

  @Test
  @Promise("P218")
  void aCopyIsRecoveredToThePointThatIsAskedFor() throws Exception {
    Path archive = Files.createDirectory(root.resolve("archive"));
    PostgresServer base = backedUp(archive);
    PostgresServer made = server("new");
    CustomMethod copy =
        program(
            "pitr",
            "mkdir -p -m 700 \"$datadir\"\ncp -a \"$from/.\" \"$datadir\"\n",
            Map.of("from", base.spec().dataDir().toString()));
    CustomMethod toThePoint =
        new CustomMethod(
            copy.name(),
            copy.command(),
            copy.options(),
            false,
            false,
            false,
            Map.of(
                "restore_command", "cp " + archive + "/%f %p",
                "recovery_target_name", "here",
                "recovery_target_action", "promote"),
            false);
    hands(made, "new", Optional.of(toThePoint), "", List.of()).makeCluster();
    assertThat(made.sql("SELECT string_agg(n::text, ',') FROM public.t", LONG))
        .as("what came before the point, and no more")
        .isEqualTo(List.of(List.of("1")));
    assertThat(made.control().orElseThrow().timeline()).isGreaterThan(0);
    assertThat(login(made, "postgres", "new-password")).isTrue();
    assertThat(made.spec().dataDir().resolve("recovery.signal")).doesNotExist();
    assertThat(Files.readString(made.spec().dataDir().resolve("pg_hba.conf")))
        .doesNotContain("trust");
  }

  @Test
  void recoverySettingsThatAProgramLeavesAreKeptWhereThatIsAskedFor() throws Exception {
    Path archive = Files.createDirectory(root.resolve("archive"));
    PostgresServer base = backedUp(archive);
    PostgresServer made = server("new");
    String restoring =
        """
        mkdir -p -m 700 "$datadir"
        cp -a "$from/." "$datadir"
        cat >> "$datadir/postgresql.auto.conf" <<END
        restore_command = 'cp %s/%%f %%p'
        recovery_target_name = 'here'
        recovery_target_action = 'promote'
        END
        touch "$datadir/recovery.signal"
        """
            .formatted(archive);
    CustomMethod program =
        program("tool", restoring, Map.of("from", base.spec().dataDir().toString()));
    hands(made, "new", Optional.of(with(program, false, true)), "", List.of()).makeCluster();
    assertThat(made.sql("SELECT string_agg(n::text, ',') FROM public.t", LONG))
        .as("what came before the point, and no more")
        .isEqualTo(List.of(List.of("1")));
    assertThat(login(made, "postgres", "new-password")).isTrue();

    PostgresServer plain = server("plain");
    hands(plain, "plain", Optional.of(program), "", List.of()).makeCluster();
    assertThat(plain.sql("SELECT count(*) FROM public.t", LONG))
        .as("without, it is a primary as it was copied")
        .isEqualTo(List.of(List.of("0")));
    assertThat(Files.readString(plain.spec().dataDir().resolve("postgresql.auto.conf")))
        .doesNotContain("recovery_target");
  }

  @Test
  void withoutALeaderOnlyAProgramThatNeedsNoneMakesTheData() throws Exception {
    Path archive = Files.createDirectory(root.resolve("archive"));
    String from = backedUp(archive).spec().dataDir().toString();
    PostgresServer made = server("new");
    CustomMethod other = program("other", "touch \"$datadir.other\"\n", Map.of());
    CustomMethod backup =
        with(
            program(
                "backup",
                "test -z \"$connstring\"\ntest -f \"$datadir/left\"\ncp -a \"$from/.\" \"$datadir\"\n",
                Map.of("from", from)),
            true,
            false);
    DataHands hands = hands(made, "new", Optional.empty(), "", List.of(other, backup));
    own(Files.createDirectory(made.spec().dataDir()));
    Files.setPosixFilePermissions(
        made.spec().dataDir(), PosixFilePermissions.fromString("rwx------"));
    Files.writeString(made.spec().dataDir().resolve("left"), "what keep_data keeps");
    hands.restore(List.of());
    assertThat(made.spec().dataDir().resolveSibling("data.other")).doesNotExist();
    made.start(new ServerRole.Detached(), LONG);
    assertThat(made.sql("SELECT pg_is_in_recovery()", LONG)).isEqualTo(List.of(List.of("t")));

    DataHands none = hands(server("none"), "none", Optional.empty(), "", List.of(other));
    assertThatThrownBy(() -> none.restore(List.of()))
        .isInstanceOf(DataPrograms.NeedsLeader.class)
        .hasMessageContaining("[other, basebackup] has no_leader: true");
  }

  @Test
  void aStandbyClusterHasAnOrderOfItsOwn() throws Exception {
    PostgresServer primary = server("one");
    hands(primary, "one", Optional.empty(), "", List.of()).makeCluster();
    Upstream source =
        Upstream.of("127.0.0.1", primary.spec().port(), "replicator", new Secret("repl"), "two");
    PostgresServer replica = server("two");
    CustomMethod first = program("first", "exit 1\n", Map.of());
    CustomMethod second =
        program(
            "second",
            BIN
                + "/pg_basebackup -w -D \"$datadir\" -d \"$connstring\" -c fast\ntouch \"$datadir/label\"\n",
            Map.of());
    DataHands hands = hands(replica, "two", Optional.empty(), "", List.of(first, second));
    hands.copy(source, List.of("second"));
    assertThat(replica.spec().dataDir().resolve("label")).exists();
    assertThatThrownBy(() -> hands.copy(source, List.of("third")))
        .isInstanceOf(DataPrograms.Undefined.class)
        .hasMessage("create_replica_methods names third; add a section postgresql.third");
    assertThat(replica.spec().dataDir().resolve("label")).as("nothing was touched").exists();
  }

  @Test
  void aCommandThatFailsAfterwardsFailsTheBootstrap() throws Exception {
    PostgresServer server = server("bad");
    assertThatThrownBy(
            () -> hands(server, "bad", Optional.empty(), "false", List.of()).makeCluster())
        .isInstanceOf(DataPrograms.Failure.class)
        .hasMessageContaining("false ended with 1");
  }

  @Test
  void aReplicaIsMadeByTheFirstMethodThatWorks() throws Exception {
    PostgresServer primary = server("one");
    hands(primary, "one", Optional.empty(), "", List.of()).makeCluster();
    Upstream source =
        Upstream.of("127.0.0.1", primary.spec().port(), "replicator", new Secret("repl"), "two");
    PostgresServer replica = server("two");
    CustomMethod mine =
        program(
            "mine",
            BIN
                + "/pg_basebackup -w -D \"$datadir\" -d \"$connstring\" -c fast\n"
                + "echo $role $more > \"$datadir/label\"\n",
            Map.of("more", "words"));
    hands(replica, "two", Optional.empty(), "", List.of(mine)).copy(source, List.of());
    assertThat(Files.readString(replica.spec().dataDir().resolve("label")))
        .isEqualTo("replica words\n");
    replica.start(new ServerRole.StandbyOf(source), LONG);

    PostgresServer other = server("three");
    CustomMethod broken = program("broken", "exit 3\n", Map.of());
    hands(other, "three", Optional.empty(), "", List.of(broken)).copy(source, List.of());
    assertThat(other.spec().dataDir().resolve("PG_VERSION")).exists();

    PostgresServer fresh = server("four");
    hands(fresh, "four", Optional.empty(), "", List.of(mine)).copy(source, DataHands.PLAIN);
    assertThat(fresh.spec().dataDir().resolve("PG_VERSION")).exists();
    assertThat(fresh.spec().dataDir().resolve("label")).as("not by the program").doesNotExist();
  }
}
