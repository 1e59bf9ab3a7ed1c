package dev.matriarch.postgres;

import static dev.matriarch.postgres.Stable.LONG;
import static dev.matriarch.postgres.Stable.SHORT;
import static dev.matriarch.postgres.Stable.pid;
import static dev.matriarch.postgres.Stable.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The deaths of agents and postmasters, and disks that are full. */
@Tag("real")
class SurvivalTest {
  private final Stable stable = new Stable();

  @AfterEach
  void close() {
    stable.close();
  }

  /** An agent that starts the server and then waits to be killed. */
  static final class ShortLivedAgent {
    private ShortLivedAgent() {}

    public static void main(String[] arguments) throws InterruptedException {
      Stable herd = Stable.at(Path.of(arguments[0]));
      try (PostgresServer server =
          new PostgresServer(
              herd.spec(arguments[1], Integer.parseInt(arguments[2])), Settings.defaults())) {
        server.start(new ServerRole.Primary(), LONG);
        Thread.sleep(java.time.Duration.ofMinutes(5));
      }
    }
  }

  @Test
  void theServerOutlivesTheAgentThatStartedIt() throws IOException, InterruptedException {
    PostgresServer server = stable.server("one");
    server.initdb(Stable.fast(), LONG);
    Process agent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ShortLivedAgent.class.getName(),
                stable.root().toString(),
                "one",
                String.valueOf(server.spec().port()))
            .redirectErrorStream(true)
            .redirectOutput(stable.root().resolve("agent.log").toFile())
            .start();
    try {
      Stable.await("start", () -> server.observe(SHORT) instanceof Observation.Running);
    } finally {
      agent.destroyForcibly();
    }
    assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
    long pid = pid(server);
    server.apply(server.settings(), SHORT);
    Stable.run(server, "CREATE TABLE public.t (n int)");
    assertThat(pid(server)).isEqualTo(pid);
    server.stop(StopMode.FAST, LONG);
    server.awaitGone(LONG);
    assertThat(server.start(new ServerRole.Primary(), LONG)).isEmpty();
  }

  @Test
  void aZombieOfAPostmasterIsDeadAndDoesNotBlockTheNext() throws IOException {
    PostgresServer server = stable.primary("one");
    List<String> line = commandLine(pid(server));
    server.stop(StopMode.FAST, LONG);
    server.awaitGone(LONG);
    // sleep takes the shell's place and never reaps the postmaster it inherits.
    List<String> command = new ArrayList<>(server.spec().osUser().launcher());
    command.addAll(List.of("sh", "-c", "\"$@\" & exec sleep 300", "sh"));
    command.addAll(line);
    Process parent =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(stable.root().resolve("zombie.log").toFile())
            .start();
    try {
      Stable.await("start", () -> server.observe(SHORT) instanceof Observation.Running);
      long pid = pid(server);
      Stable.signal(pid, Linux.SIGKILL);
      Stable.await(
          "becoming a zombie",
          () -> new ProcessTable().find(pid).filter(ProcessTable.Entry::gone).isPresent());
      assertThat(server.observe(SHORT)).isInstanceOf(Observation.Crashed.class);
      assertThat(server.start(new ServerRole.Primary(), LONG)).isEmpty();
      assertThat(pid(server)).isNotEqualTo(pid);
      assertThat(new ProcessTable().find(pid)).isPresent();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void theCrashOfOneSessionIsARecoveryNotAHang() {
    PostgresServer server = stable.primary("one");
    long pid = pid(server);
    for (int i = 0; i < 3; i++) {
      long session = backgroundWriter(server).orElseThrow();
      Stable.signal(session, Linux.SIGKILL);
      Stable.await(
          "recovery",
          () -> {
            Observation seen = server.observe(SHORT);
            assertThat(seen).isInstanceOfAny(Observation.Running.class, Observation.Starting.class);
            // Another background writer is the proof: right after the kill all still looks well.
            return seen instanceof Observation.Running
                && backgroundWriter(server).filter(now -> now != session).isPresent();
          });
    }
    assertThat(pid(server)).isEqualTo(pid);
  }

  private static Optional<Long> backgroundWriter(PostgresServer server) {
    try {
      return Optional.of(
          Long.valueOf(
              Stable.one(
                  server,
                  "SELECT pid FROM pg_stat_activity WHERE backend_type = 'background writer'")));
    } catch (PostgresException e) {
      return Optional.empty();
    }
  }

  @Test
  void aCopyThatADeadAgentLeftAtWorkIsEndedBeforeTheNext() throws Exception {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.server("two");
    Path making = two.spec().dataDir().resolveSibling("data.making");
    OwnedFiles files = new OwnedFiles(two.spec().osUser());
    files.directory(two.spec().dataDir().getParent());
    files.directory(making);
    Passfile passfile = new Passfile(files, two.spec().runDir().resolve("pgpass-test"));
    passfile.hold(Stable.upstream(one, "two"));
    ProcessBuilder slow =
        new Programs(two.spec())
            .builder(
                List.of(),
                "pg_basebackup",
                List.of(
                    "-D",
                    making.toString(),
                    "--max-rate=32k",
                    "-w",
                    "-d",
                    Conninfo.write(Conninfo.of(Stable.upstream(one, "two")))))
            .directory(making.toFile())
            .redirectErrorStream(true)
            .redirectOutput(stable.root().resolve("slow.log").toFile());
    slow.environment().put("PGPASSFILE", passfile.path().toString());
    Process orphan = slow.start();
    try {
      Stable.await("a copy under way", () -> Files.exists(making.resolve("backup_label")));
      two.cloneFrom(Stable.upstream(one, "two"), LONG);
      assertThat(orphan.waitFor(10, TimeUnit.SECONDS)).isTrue();
      two.start(new ServerRole.StandbyOf(Stable.upstream(one, "two")), LONG);
      Stable.awaitCaughtUp(two, one);
    } finally {
      orphan.destroyForcibly();
    }
  }

  private static List<String> commandLine(long pid) throws IOException {
    String raw = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.UTF_8);
    return List.of(raw.substring(0, raw.length() - 1).split("\0", -1));
  }

  @Test
  @Tag("root")
  void aDiskThatFillsUpDuringACloneIsSaidAndCleanedUp() throws Exception {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.server("two");
    Path disk = two.spec().dataDir().getParent();
    new OwnedFiles(two.spec().osUser()).directory(disk);
    try (Mount small = new Mount(disk, "16m", two.spec().osUser())) {
      assertThatThrownBy(() -> two.cloneFrom(Stable.upstream(one, "two"), LONG))
          .isInstanceOf(PostgresException.DiskFull.class)
          .hasMessageContaining(two.spec().dataDir().toString());
      assertThat(two.observe(SHORT)).isEqualTo(new Observation.Absent());
      try (Stream<Path> left = Files.list(small.path())) {
        assertThat(left.map(each -> each.getFileName().toString())).containsOnly("run");
      }
    }
  }

  @Test
  @Tag("root")
  void aDataDirectoryThatIsAMountPointIsFilledInPlace() throws Exception {
    PostgresServer one = stable.primary("one");
    PostgresServer two = stable.server("two");
    new OwnedFiles(two.spec().osUser()).directory(two.spec().dataDir().getParent());
    new OwnedFiles(two.spec().osUser()).directory(two.spec().dataDir());
    try (Mount disk = new Mount(two.spec().dataDir(), "300m", two.spec().osUser())) {
      two.cloneFrom(Stable.upstream(one, "two"), LONG);
      two.start(new ServerRole.StandbyOf(Stable.upstream(one, "two")), LONG);
      Stable.awaitCaughtUp(two, one);
      assertThat(running(two).inRecovery()).isTrue();
      two.stop(StopMode.IMMEDIATE, SHORT);
      two.discard(SHORT);
      assertThat(disk.path()).isEmptyDirectory();
    }
  }

  /** A small file system in memory, gone after close. */
  private record Mount(Path path, String size, OsUser owner) implements AutoCloseable {
    Mount {
      run(
          "mount",
          "-t",
          "tmpfs",
          "-o",
          "mode=0700,uid=" + owner.name() + ",size=" + size,
          "tmpfs",
          path.toString());
    }

    private static void run(String... command) {
      try {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
          throw new AssertionError(String.join(" ", command) + " failed");
        }
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      run("umount", path.toString());
    }
  }
}
