package dev.matriarch.agent.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromiseFileTest {
  private static final Instant START = Instant.EPOCH.plusSeconds(1000);

  @TempDir Path folder;
  private Path boot;
  private Duration passed = Duration.ZERO;

  @BeforeEach
  void boot() throws IOException {
    boot = folder.resolve("boot");
    Files.writeString(boot, "01234567-89ab-cdef-0123-456789abcdef\n");
  }

  private PromiseFile file() {
    return new PromiseFile(
        folder.resolve("data.promise"),
        boot,
        () -> Duration.ofSeconds(50).plus(passed).toNanos(),
        () -> START.plus(passed));
  }

  private void promise() throws IOException {
    file().write(new Promise("pg test-1", START, START.plusSeconds(20)));
  }

  @Test
  void anAgentThatComesAfterIsBoundForWhatIsLeft() throws IOException {
    promise();
    passed = Duration.ofSeconds(15);
    Promise read = file().read();
    assertThat(read.leader()).isEqualTo("pg test-1");
    assertThat(read.until()).isEqualTo(START.plusSeconds(20));
    passed = Duration.ofSeconds(20);
    assertThat(file().read()).isEqualTo(Promise.NONE);
  }

  @Test
  void afterAnotherBootAllOfItCounts() throws IOException {
    promise();
    Files.writeString(boot, "99999999-89ab-cdef-0123-456789abcdef\n");
    passed = Duration.ofSeconds(100);
    assertThat(file().read().until()).isEqualTo(START.plusSeconds(120));
  }

  @Test
  void nothingIsPromisedWithoutAFileOrByOneThatIsNone() throws IOException {
    assertThat(file().read()).isEqualTo(Promise.NONE);
    Files.writeString(folder.resolve("data.promise"), "nonsense\n");
    assertThat(file().read()).isEqualTo(Promise.NONE);
  }
}
