package dev.matriarch.postgres;

import static dev.matriarch.postgres.Stable.LONG;
import static dev.matriarch.postgres.Stable.one;
import static dev.matriarch.postgres.Stable.run;
import static dev.matriarch.postgres.Stable.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server whose disk hangs, really: its file system is frozen. And one whose disk is full. */
@Tag("real")
@Tag("root")
class HungDiskTest {
  private final Stable stable = new Stable();
  private Mounted mounted;
  private Stable disk;
  private PostgresServer server;

  @BeforeEach
  void mount() {
    Path folder = stable.root().resolve("m");
    mounted = Mounted.at(folder, 400);
    disk = Stable.at(folder);
    server = disk.primary("one");
    run(server, "CREATE TABLE public.t(n int)");
  }

  @AfterEach
  void unmount() {
    mounted.thaw();
    server.stop(StopMode.IMMEDIATE, LONG);
    Stable.await("the end", () -> new Postmaster(server.spec(), null, null).all().isEmpty());
    server.close();
    mounted.close();
    stable.close();
  }

  private static CompletableFuture<Void> inTheBackground(Runnable work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                work.run();
                done.complete(null);
              } catch (RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  @Test
  void proofsHangAndTheImmediateStopDoesNot() throws Exception {
    server.proveDisk();
    server.proveCommit(LONG);
    mounted.freeze();
    CompletableFuture<Void> commit = inTheBackground(() -> server.proveCommit(LONG));
    CompletableFuture<Void> block = inTheBackground(server::proveDisk);
    assertThatThrownBy(() -> commit.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    assertThat(block).isNotDone();
    assertThat(server.isActive()).isTrue();

    long begun = System.nanoTime();
    server.stop(StopMode.IMMEDIATE, Duration.ofSeconds(5));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
    assertThat(server.isActive()).as("nothing of it will ever run again").isFalse();
    assertThat(new Postmaster(server.spec(), null, null).all())
        .as("yet something waits for the disk")
        .isNotEmpty();

    mounted.thaw();
    block.get(10, TimeUnit.SECONDS);
    server.start(new ServerRole.Primary(), LONG);
    run(server, "INSERT INTO public.t VALUES (1)");
    assertThat(one(server, "SELECT count(*) FROM public.t")).isEqualTo("1");
  }

  @Test
  void theReserveMakesAFullDiskUsableAgain() throws IOException {
    long before = server.diskUse().free();
    server.keepReserve(64 << 20);
    assertThat(server.diskUse().reserve()).isEqualTo(64 << 20);
    assertThat(before - server.diskUse().free()).isBetween(64L << 20, 66L << 20);
    server.proveDisk();
    Path filler = server.spec().dataDir().resolve("filler");
    assertThatThrownBy(() -> fill(filler)).hasMessageContaining("No space left");
    assertThat(server.diskUse().free()).isLessThan(1 << 20);
    server.proveDisk();
    server.releaseReserve();
    assertThat(server.diskUse().free()).isGreaterThan(60L << 20);
    run(server, "INSERT INTO public.t SELECT generate_series(1, 1000)");
    server.stop(StopMode.FAST, LONG);
    server.awaitGone(LONG);
    assertThat(server.observe(LONG)).isInstanceOf(Observation.Stopped.class);
    Files.delete(filler);
  }

  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      byte[] megabyte = new byte[1 << 20];
      while (true) {
        out.write(megabyte);
      }
    }
  }

  @Test
  void whatIsFlushedIsTold() {
    Observation.WalFlow flow = running(server).flow().orElseThrow();
    server.proveCommit(LONG);
    Observation.WalFlow after = running(server).flow().orElseThrow();
    assertThat(after.flushed()).isGreaterThan(flow.flushed());
    assertThat(after.inserted()).isGreaterThanOrEqualTo(after.flushed());
    assertThat(after.nextTransaction()).isEqualTo(flow.nextTransaction() + 1);
  }
}
