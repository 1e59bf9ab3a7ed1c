package dev.matriarch.agent.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With processes that stand in for a server: they run in a data directory and die of SIGQUIT. */
class SentinelTest {
  private static final Instant BIRTH = Instant.EPOCH;
  private static final Duration SOON = Duration.ofMillis(300);

  /** After whatever falls due {@link #SOON}. */
  private static final Duration LATER = Duration.ofMillis(600);

  @TempDir Path folder;
  private final long born = System.nanoTime();
  private final InstantSource monotonic = () -> BIRTH.plusNanos(System.nanoTime() - born);
  private final List<Process> started = new ArrayList<>();
  private final List<Sentinel> sentinels = new ArrayList<>();

  @AfterEach
  void end() {
    sentinels.forEach(Sentinel::close);
    started.forEach(Process::destroyForcibly);
  }

  private Process server(String name) throws IOException {
    Path data = Files.createDirectory(folder.resolve(name));
    Process server =
        new ProcessBuilder("sleep", "600").directory(data.toFile()).inheritIO().start();
    started.add(server);
    Files.writeString(data.resolve("postmaster.pid"), server.pid() + "\n" + data + "\n");
    return server;
  }

  private Sentinel sentinel(String name) {
    Sentinel sentinel = new Sentinel(folder.resolve(name), monotonic);
    sentinels.add(sentinel);
    return sentinel;
  }

  private Instant in(Duration time) {
    return monotonic.instant().plus(time);
  }

  /** When another that was told of it has acted, whoever was to act before has done so as well. */
  private void awaitLater() throws Exception {
    Process last = server("last");
    sentinel("last").until(in(LATER));
    assertThat(last.waitFor(20, SECONDS)).isTrue();
  }

  @Test
  void stopsTheServerWhenTheDeadlinePasses() throws Exception {
    Process server = server("pg");
    sentinel("pg").until(in(SOON));
    assertThat(server.waitFor(20, SECONDS)).isTrue();
    assertThat(server.exitValue()).as("SIGQUIT").isEqualTo(128 + 3);
  }

  @Test
  void stopsItAtOnceWhenTheDeadlineHasPassed() throws Exception {
    Process server = server("pg");
    sentinel("pg").until(in(Duration.ofSeconds(-5)));
    assertThat(server.waitFor(20, SECONDS)).isTrue();
  }

  @Test
  void goesByTheLastDeadline() throws Exception {
    Process server = server("pg");
    Sentinel sentinel = sentinel("pg");
    sentinel.until(in(SOON));
    sentinel.until(in(Duration.ofHours(1)));
    awaitLater();
    assertThat(server.isAlive()).isTrue();
  }

  @Test
  void leavesAStandbyAndAPausedClusterAlone() throws Exception {
    Process standby = server("standby");
    Sentinel one = sentinel("standby");
    one.until(in(SOON));
    one.leave();
    Process paused = server("paused");
    Sentinel other = sentinel("paused");
    other.rest(true);
    other.until(in(SOON));
    awaitLater();
    assertThat(standby.isAlive()).isTrue();
    assertThat(paused.isAlive()).isTrue();
    other.rest(false);
    other.until(in(SOON));
    assertThat(paused.waitFor(20, SECONDS)).isTrue();
  }

  @Test
  void stopsNoProcessThatHasTheNumberOfAServerThatIsGone() throws Exception {
    Process foreign = server("other");
    Path data = Files.createDirectory(folder.resolve("pg"));
    Files.writeString(data.resolve("postmaster.pid"), foreign.pid() + "\n");
    sentinel("pg").until(in(SOON));
    awaitLater();
    assertThat(foreign.isAlive()).isTrue();
  }

  @Test
  void endsWithTheAgentAndThenLeavesTheServerAlone() throws Exception {
    Process server = server("pg");
    Process shell =
        new ProcessBuilder(
                "bash", "-c", Sentinel.script(), "sentinel", folder.resolve("pg").toString())
            .start();
    started.add(shell);
    shell.getOutputStream().write("1000000000000\n".getBytes(UTF_8));
    shell.getOutputStream().close();
    assertThat(shell.waitFor(20, SECONDS)).isTrue();
    assertThat(shell.exitValue()).isZero();
    assertThat(server.isAlive()).isTrue();
  }
}
