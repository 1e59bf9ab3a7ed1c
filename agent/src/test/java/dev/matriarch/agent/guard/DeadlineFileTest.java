package dev.matriarch.agent.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeadlineFileTest {
  private static final String BOOT = "11111111-2222-3333-4444-555555555555";

  @TempDir private Path folder;
  private final AtomicLong nanos = new AtomicLong(5_000_000_000L);
  private Path file;
  private Path bootId;
  private DeadlineFile deadlines;

  /** Writes that the deadline is an hour away. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] file) throws IOException {
      new DeadlineFile(Path.of(file[0])).write(Duration.ofHours(1), 42);
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    file = folder.resolve("deadline");
    bootId = Files.writeString(folder.resolve("boot_id"), BOOT + "\n");
    deadlines = new DeadlineFile(file, bootId, nanos::get);
  }

  @Test
  void tellsWhatIsLeftOfIt() throws IOException {
    deadlines.write(Duration.ofSeconds(9), 7);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(deadlines.read()).contains(new DeadlineFile.Entry(Duration.ofSeconds(7), 7));

    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(deadlines.read()).contains(new DeadlineFile.Entry(Duration.ofSeconds(-3), 7));

    deadlines.write(Duration.ofSeconds(1), 8);
    assertThat(deadlines.read()).contains(new DeadlineFile.Entry(Duration.ofSeconds(1), 8));
  }

  @Test
  void anotherBootsClockIsNotThisOnes() throws IOException {
    deadlines.write(Duration.ofSeconds(9), 7);
    Files.writeString(bootId, BOOT.replace('1', '9'));
    assertThat(deadlines.read()).isEmpty();
  }

  @Test
  void isForgotten() throws IOException {
    deadlines.clear();
    deadlines.write(Duration.ofSeconds(9), 7);
    deadlines.clear();
    assertThat(deadlines.read()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        BOOT,
        BOOT + " 9 7",
        BOOT + " 9 7\n\n",
        BOOT + " x 7\n",
        BOOT + " 99999999999999999999 7\n",
        BOOT + " 999999999999999999 7\n",
        " " + BOOT + " 9 7\n",
        "\u0000\u0000\u0000"
      })
  void whatCannotBeUnderstoodIsNothingToGoBy(String content) throws IOException {
    Files.writeString(file, content);
    assertThat(deadlines.read()).isEmpty();
  }

  @Test
  void bytesThatAreNoTextAreNothingToGoBy() throws IOException {
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThat(deadlines.read()).isEmpty();
  }

  @Test
  void isTheOwnersOnlyAndLeavesNothingBeside() throws IOException {
    Files.writeString(folder.resolve("deadline.new"), "left by one that was killed");
    deadlines.write(Duration.ofSeconds(9), 7);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(file, bootId);
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    DeadlineFile lost = new DeadlineFile(folder.resolve("no/deadline"), bootId, nanos::get);
    assertThatThrownBy(() -> lost.write(Duration.ofSeconds(9), 7))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no/deadline");
    assertThat(lost.read()).isEmpty();
  }

  /** The clock of the JVM is the kernel's: what one process wrote, another one understands. */
  @Test
  void anotherProcessCountsOnTheSameClock() throws Exception {
    DeadlineFile here = new DeadlineFile(file);
    long before = System.nanoTime();
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                file.toString())
            .inheritIO()
            .start();
    assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Optional<DeadlineFile.Entry> entry = here.read();
    Duration atMost = Duration.ofHours(1);

    assertThat(entry).map(DeadlineFile.Entry::revision).contains(42L);
    assertThat(entry.orElseThrow().remaining())
        .isLessThanOrEqualTo(atMost)
        .isGreaterThan(atMost.minusNanos(System.nanoTime() - before));
  }
}
