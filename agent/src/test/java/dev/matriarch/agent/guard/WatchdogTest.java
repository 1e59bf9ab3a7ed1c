package dev.matriarch.agent.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.agent.config.WatchdogConfig;
import dev.matriarch.agent.config.WatchdogConfig.Driver;
import dev.matriarch.agent.config.WatchdogConfig.Mode;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Settings;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The protocol of the drop-in contract, section 9, on a real FIFO. */
@Timeout(30)
class WatchdogTest {
  private static final Instant NOW = Instant.EPOCH.plusSeconds(1000);

  @TempDir Path folder;

  private static Settings ttl(int seconds) {
    return Settings.DEFAULT.toBuilder()
        .ttl(Duration.ofSeconds(seconds))
        .loopWait(Duration.ofSeconds(2))
        .build();
  }

  private static WatchdogConfig config(Mode mode, Path device) {
    return new WatchdogConfig(mode, Driver.TESTING, device.toString(), Duration.ofSeconds(5));
  }

  private Path fifo() throws IOException {
    Path fifo = folder.resolve("watchdog");
    new ProcessBuilder("mkfifo", fifo.toString()).start().onExit().join();
    return fifo;
  }

  /** Reads words of the protocol: a timeout up to its line's end, other bytes one by one. */
  private static LinkedBlockingQueue<String> reading(Path fifo) {
    LinkedBlockingQueue<String> words = new LinkedBlockingQueue<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (InputStream in = Files.newInputStream(fifo)) {
                StringBuilder word = new StringBuilder();
                for (int c = in.read(); c >= 0; c = in.read()) {
                  word.append((char) c);
                  if (word.charAt(0) != 'C' || c == '\n') {
                    words.add(word.toString().strip());
                    word.setLength(0);
                  }
                }
                words.add("closed");
              } catch (IOException e) {
                words.add(e.toString());
              }
            });
    return words;
  }

  private static String next(LinkedBlockingQueue<String> words) throws InterruptedException {
    return String.valueOf(words.poll(10, TimeUnit.SECONDS));
  }

  @Test
  @Promise({"P184", "P185"})
  void isArmedForALeaderPingedByRenewalsAndDisarmedAfterwards() throws Exception {
    Path fifo = fifo();
    LinkedBlockingQueue<String> words = reading(fifo);
    try (Watchdog watchdog = new Watchdog(config(Mode.REQUIRED, fifo), () -> NOW)) {
      assertThat(watchdog.ensure(ttl(21))).isInstanceOf(Outcome.Done.class);
      assertThat(next(words)).isEqualTo("Ctimeout=16");
      assertThat(next(words)).isEqualTo("1");
      watchdog.proven(NOW);
      assertThat(next(words)).isEqualTo("1");
      watchdog.proven(NOW.minusSeconds(2));
      watchdog.tend(true, ttl(20));
      assertThat(next(words)).as("an old proof is no ping").isEqualTo("Ctimeout=15");
      assertThat(next(words)).isEqualTo("1");
      watchdog.tend(false, ttl(20));
      assertThat(next(words)).isEqualTo("V");
      assertThat(next(words)).isEqualTo("closed");
    }
    LinkedBlockingQueue<String> again = reading(fifo);
    try (Watchdog ending = new Watchdog(config(Mode.REQUIRED, fifo), () -> NOW)) {
      ending.tend(true, ttl(20));
      assertThat(next(again)).isEqualTo("Ctimeout=15");
      assertThat(next(again)).isEqualTo("1");
    }
    assertThat(next(again)).as("an agent that ends").isEqualTo("V");
  }

  @Test
  @Promise("P207")
  void withoutADeviceWhereOneIsRequiredNobodyLeads() throws Exception {
    Path nowhere = folder.resolve("none");
    try (Watchdog required = new Watchdog(config(Mode.REQUIRED, nowhere), () -> NOW);
        Watchdog automatic = new Watchdog(config(Mode.AUTOMATIC, nowhere), () -> NOW);
        Watchdog off = new Watchdog(config(Mode.OFF, nowhere), () -> NOW)) {
      assertThat(required.ensure(ttl(20)))
          .isEqualTo(
              new Outcome.Failed(
                  "watchdog.mode is required, and " + nowhere + " could not be armed"));
      assertThat(required.objection())
          .contains(nowhere + " is not there or may not be written by this account");
      assertThat(automatic.ensure(ttl(20))).isInstanceOf(Outcome.Done.class);
      assertThat(off.ensure(ttl(20))).isInstanceOf(Outcome.Done.class);
      assertThat(off.objection()).isEmpty();
    }
  }

  @Test
  void whatIsNoWatchdogIsNotTakenForOne() {
    assertThatThrownBy(() -> WatchdogDevice.Kernel.open(Path.of("/dev/null")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/dev/null: is no watchdog");
    assertThatThrownBy(() -> WatchdogDevice.Kernel.open(folder.resolve("none")))
        .hasMessageContaining("cannot be opened");
  }

  @Test
  @Promise("P184")
  void firesBeforeTheLeaseCanPassOnAndAfterThePrimaryWasStopped() {
    Settings long_ = Settings.DEFAULT;
    Duration lease = long_.lease().lease();
    assertThat(Watchdog.timeout(long_, Duration.ofSeconds(5))).isLessThan((int) lease.toSeconds());
    assertThat(Watchdog.timeout(ttl(30), Duration.ofSeconds(-1))).isEqualTo(15);
    Settings reserved =
        new Watchdog(config(Mode.AUTOMATIC, Path.of("/dev/null")), () -> NOW).leavingTime(ttl(20));
    assertThat(reserved.lease().deadline(NOW)).isEqualTo(NOW.plusSeconds(14));
    assertThat(reserved.lease().lease()).isEqualTo(ttl(20).lease().lease());
  }
}
