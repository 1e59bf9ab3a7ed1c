package dev.matriarch.postgres;

import static dev.matriarch.postgres.Stable.LONG;
import static dev.matriarch.postgres.Stable.SHORT;
import static dev.matriarch.postgres.Stable.one;
import static dev.matriarch.postgres.Stable.pid;
import static dev.matriarch.postgres.Stable.run;
import static dev.matriarch.postgres.Stable.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One server by itself. */
@Tag("real")
class RealServerTest {
  private final Stable stable = new Stable();

  @AfterEach
  void close() {
    stable.close();
  }

  @Test
  @Promise("P297")
  void isMadeStartedStoppedAndStartedAgain() throws IOException {
    PostgresServer server = stable.server("one");
    assertThat(server.observe(SHORT)).isEqualTo(new Observation.Absent());

    server.initdb(Stable.fast(), LONG);
    assertThat(server.observe(SHORT)).isInstanceOf(Observation.Stopped.class);
    assertThat(server.spec().runDir()).isEmptyDirectory();
    assertThat(server.start(new ServerRole.Primary(), LONG)).isEmpty();
    Observation.Running running = running(server);
    assertThat(running.inRecovery()).isFalse();
    assertThat(running.timeline()).isEqualTo(1);
    assertThat(running.serverVersion()).isGreaterThan(130_000);
    assertThat(running.systemIdentifier())
        .isEqualTo(server.control().orElseThrow().systemIdentifier());
    assertThat(running.pendingRestart()).isEmpty();
    assertThat(one(server, "SHOW data_checksums")).isEqualTo("on");
    assertThat(one(server, "SHOW cluster_name")).isEqualTo("stable");
    assertThat(Files.readString(server.spec().dataDir().resolve("postgresql.base.conf")))
        .contains("PostgreSQL configuration file");

    Lsn end = server.stop(StopMode.FAST, LONG);
    server.awaitGone(LONG);
    assertThat(server.observe(SHORT))
        .isInstanceOfSatisfying(
            Observation.Stopped.class,
            stopped -> {
              assertThat(stopped.standby()).isFalse();
              assertThat(stopped.control().checkpoint()).isEqualTo(end);
            });
    assertThat(server.start(new ServerRole.Primary(), LONG)).isEmpty();
    assertThat(server.start(new ServerRole.Primary(), LONG)).isEmpty();
    assertThat(running(server).written().orElseThrow()).isGreaterThan(end);
    assertThatThrownBy(() -> server.start(new ServerRole.Detached(), SHORT))
        .isInstanceOf(PostgresException.WrongState.class);
  }

  @Test
  void ourReadingOfTheControlFileIsThatOfPgControldata() {
    PostgresServer server = stable.primary("one");
    server.stop(StopMode.FAST, LONG);
    server.awaitGone(LONG);
    ControlData control = server.control().orElseThrow();
    List<String> lines =
        new Programs(server.spec())
            .run(
                "pg_controldata",
                List.of("-D", server.spec().dataDir().toString()),
                Stable.BIN,
                Optional.empty(),
                Deadline.in(SHORT))
            .lines();
    assertThat(lines)
        .anyMatch(l -> l.matches("Database system identifier: +" + control.systemIdentifier()))
        .anyMatch(l -> l.matches("Database cluster state: +shut down"))
        .anyMatch(l -> l.matches("Latest checkpoint location: +" + control.checkpoint()))
        .anyMatch(l -> l.matches("Latest checkpoint's TimeLineID: +" + control.timeline()));
    assertThat(control.state()).isEqualTo(ControlData.State.SHUT_DOWN);
  }

  @Test
  void anotherAgentTakesItUpAndSeesItsEnd() throws InterruptedException {
    PostgresServer server = stable.primary("one");
    PostgresServer adopted = stable.again(server);
    assertThat(pid(adopted)).isEqualTo(pid(server));
    CountDownLatch ended = new CountDownLatch(1);
    ExitWatch watch = adopted.watchExit(ended::countDown).orElseThrow();
    assertThat(watch.pid()).isEqualTo(pid(server));
    Stable.signal(watch.pid(), Linux.SIGKILL);
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    watch.close();
    assertThat(adopted.observe(SHORT))
        .isInstanceOfSatisfying(
            Observation.Crashed.class, crashed -> assertThat(crashed.standby()).isFalse());
    assertThat(adopted.watchExit(() -> {})).isEmpty();
  }

  @Test
  void killedPostmasterIsStartedInPlaceWithItsLeftoversCleared() {
    PostgresServer server = stable.primary("one");
    run(server, "CREATE TABLE public.t AS SELECT generate_series(1, 1000) AS n");
    long pid = pid(server);
    Stable.signal(pid, Linux.SIGKILL);
    Stable.await("death", () -> new ProcessTable().live(pid).isEmpty());
    assertThat(server.start(new ServerRole.Primary(), LONG)).isEmpty();
    assertThat(pid(server)).isNotEqualTo(pid);
    assertThat(running(server).timeline()).isEqualTo(1);
    assertThat(one(server, "SELECT count(*) FROM public.t")).isEqualTo("1000");
  }

  @Test
  void frozenPostmasterIsSeenAndCanBeStoppedAtOnce() {
    PostgresServer server = stable.primary("one");
    long pid = pid(server);
    Stable.signal(pid, 19);
    Stable.await(
        "freezing",
        () -> server.observe(SHORT) instanceof Observation.Hung hung && hung.pid() == pid);
    assertThatThrownBy(() -> server.checkpoint(java.time.Duration.ofMillis(300)))
        .isInstanceOf(PostgresException.Timeout.class);
    server.stop(StopMode.IMMEDIATE, SHORT);
    assertThat(server.observe(SHORT)).isInstanceOf(Observation.Crashed.class);
    assertThat(new ProcessTable().inDirectory(server.spec().dataDir(), "postgres")).isEmpty();
  }

  @Test
  void rolesAndDatabasesAreMadeOnceAndTheirPasswordsWork() throws Exception {
    PostgresServer server = stable.primary("one");
    Secret password = new Secret("päss'w\\örd");
    Provision provision =
        new Provision(
            List.of(
                new Provision.Role("dbrole_readwrite", Optional.empty(), List.of(), List.of()),
                new Provision.Role(
                    "app \"x\"",
                    Optional.of(password),
                    List.of("dbrole_readwrite"),
                    List.of(Provision.Right.LOGIN))),
            List.of(new Provision.Database("shop", Optional.of("app \"x\""))));
    Map<String, ScramVerifier> made = server.provision(provision, SHORT);
    assertThat(server.provision(provision, SHORT)).isEqualTo(made);
    assertThat(server.verifiers(SHORT)).containsAllEntriesOf(made);
    Upstream login = Upstream.of("127.0.0.1", server.spec().port(), "app \"x\"", password, "test");
    try (Session session = Session.remote(login, Deadline.in(SHORT))) {
      assertThat(session.value(Deadline.in(SHORT), "SELECT current_user")).isEqualTo("app \"x\"");
    }
    assertThat(
            one(server, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'shop'"))
        .isEqualTo("app \"x\"");
    assertThat(Files.readString(server.spec().runDir().resolve("postmaster.log")))
        .doesNotContain("SCRAM")
        .doesNotContain(password.reveal());
  }

  @Test
  void foreignAndOccupiedDataDirectoriesAreLeftAlone() throws IOException {
    PostgresServer server = stable.primary("one");
    server.stop(StopMode.FAST, LONG);
    server.awaitGone(LONG);
    String own = server.control().orElseThrow().systemIdentifier();
    server.requireSystem(own);
    assertThatThrownBy(() -> server.requireSystem("7"))
        .isInstanceOf(PostgresException.DataDirectoryForeign.class)
        .hasMessageContaining(own)
        .hasMessageContaining("identifier is");
    assertThatThrownBy(() -> server.initdb(Stable.fast(), LONG))
        .isInstanceOf(PostgresException.DataDirectoryUnfit.class);

    PostgresServer other = stable.server("two");
    Path foreign = other.spec().dataDir().resolve("photos");
    Files.createDirectories(foreign);
    assertThat(other.observe(SHORT)).isInstanceOf(Observation.Unusable.class);
    assertThatThrownBy(() -> other.start(new ServerRole.Primary(), SHORT))
        .isInstanceOf(PostgresException.DataDirectoryUnfit.class);
    assertThatThrownBy(() -> other.initdb(Stable.fast(), LONG))
        .isInstanceOf(PostgresException.DataDirectoryUnfit.class);
    assertThat(foreign).exists();
  }

  @Test
  void aTakenPortIsSaid() {
    PostgresServer server = stable.primary("one");
    PostgresServer clash =
        new PostgresServer(stable.spec("two", server.spec().port()), server.settings());
    clash.initdb(Stable.fast(), LONG);
    assertThatThrownBy(() -> clash.start(new ServerRole.Primary(), LONG))
        .isInstanceOf(PostgresException.StartFailed.class)
        .hasMessageContaining("in use");
    clash.close();
  }

  @Test
  @Promise("P115")
  void slotsAreMadeAdvancedAndDropped() {
    PostgresServer server = stable.primary("one");
    server.createPhysicalSlot("two", SHORT);
    server.createPhysicalSlot("two", SHORT);
    Slot before = server.slots(SHORT).getFirst();
    assertThat(before.name()).isEqualTo("two");
    assertThat(before.position()).isPresent();
    run(server, "CREATE TABLE public.t AS SELECT generate_series(1, 10000) AS n");
    Lsn to = running(server).written().orElseThrow();
    server.advanceSlot(before, to, SHORT);
    assertThat(server.slots(SHORT).getFirst().position()).contains(to);
    server.dropSlot("two", SHORT);
    server.dropSlot("two", SHORT);
    assertThat(server.slots(SHORT)).isEmpty();
  }

  @Test
  void theServersEnvironmentAndCommandLineHoldNoSecret() throws IOException {
    PostgresServer server = stable.primary("one");
    String line = new ProcessTable().commandLine(pid(server));
    assertThat(line).doesNotContain(Stable.SUPER.reveal()).doesNotContain("password");
    String environment = Files.readString(Path.of("/proc/" + pid(server) + "/environ"));
    assertThat(environment).doesNotContain("PATRONI_").doesNotContain("PGPASS");
  }
}
