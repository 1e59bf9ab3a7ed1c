package dev.matriarch.agent.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class HeartbeatTest {
  private static final Duration INTERVAL = Duration.ofMillis(5);

  @TempDir private Path folder;
  private Path fifo;

  @BeforeEach
  void prepare() {
    fifo = folder.resolve("heartbeat");
  }

  @Test
  void beatsOnceForEachIntervalWithProgress() throws Exception {
    make();
    AtomicLong turns = new AtomicLong();
    AtomicLong asked = new AtomicLong();
    try (RandomAccessFile parent = new RandomAccessFile(fifo.toFile(), "rw");
        FileInputStream in = new FileInputStream(parent.getFD());
        Heartbeat _ =
            Heartbeat.start(
                fifo,
                INTERVAL,
                () -> {
                  asked.incrementAndGet();
                  return turn(turns.get());
                })) {
      await(() -> asked.get() > 3);
      assertThat(in.available()).as("no turn yet").isZero();

      turns.set(10);
      assertThat(in.read()).isEqualTo('.');
      long then = asked.get();
      await(() -> asked.get() > then + 5);
      assertThat(in.available()).as("no turn since").isZero();

      turns.set(11);
      assertThat(in.read()).isEqualTo('.');
    }
  }

  @Test
  void neitherAReaderThatHangsNorNoneStopsIt() throws Exception {
    make();
    AtomicLong turns = new AtomicLong();
    try (Heartbeat _ =
        Heartbeat.start(fifo, Duration.ofNanos(1), () -> turn(turns.incrementAndGet()))) {
      await(() -> turns.get() > 100);
      try (RandomAccessFile parent = new RandomAccessFile(fifo.toFile(), "rw");
          FileInputStream in = new FileInputStream(parent.getFD())) {
        await(() -> unread(in) >= 4096);
        long then = turns.get();
        await(() -> turns.get() > then + 100);
        assertThat(in.available()).isEqualTo(4096);

        in.readNBytes(4096);
        assertThat(in.read()).as("goes on").isEqualTo('.');
      }
    }
  }

  @Test
  void findsAFifoThatIsMadeAnewAndNeverMakesAFileItself() throws Exception {
    AtomicLong turns = new AtomicLong();
    try (Heartbeat _ = Heartbeat.start(fifo, INTERVAL, () -> turn(turns.incrementAndGet()))) {
      await(() -> turns.get() > 3);
      assertThat(fifo).doesNotExist();
      for (int i = 0; i < 2; i++) {
        make();
        try (RandomAccessFile parent = new RandomAccessFile(fifo.toFile(), "rw")) {
          assertThat(parent.read()).isEqualTo('.');
        }
        Files.delete(fifo);
      }
    }
  }

  @Test
  void endsWhenClosed() throws Exception {
    make();
    AtomicLong turns = new AtomicLong();
    Thread[] thread = new Thread[1];
    Heartbeat heartbeat =
        Heartbeat.start(
            fifo,
            INTERVAL,
            () -> {
              thread[0] = Thread.currentThread();
              return turn(turns.incrementAndGet());
            });
    await(() -> turns.get() > 3);
    heartbeat.close();
    await(() -> !thread[0].isAlive());
  }

  private static Instant turn(long number) {
    return Instant.EPOCH.plusNanos(number);
  }

  private void make() throws IOException, InterruptedException {
    Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", fifo.toString()).inheritIO().start();
    assertThat(mkfifo.waitFor()).isZero();
  }

  private static int unread(FileInputStream in) {
    try {
      return in.available();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier state) throws InterruptedException {
    while (!state.getAsBoolean()) {
      Thread.sleep(1);
    }
  }
}
