package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.guard.DeadlineFile;
import dev.matriarch.agent.guard.LeaseGuard;
import dev.matriarch.agent.guard.ScriptedNft;
import dev.matriarch.agent.guard.Sentinel;
import dev.matriarch.engine.Outcome;
import dev.matriarch.etcd.MonotonicSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class FenceTest {
  private static final String FOR_GOOD = "open { 5432 }";
  private static final String FOR_A_TIME = "open { 5432 timeout";

  @TempDir private Path folder;
  private final InstantSource clock = new MonotonicSource();
  private final Instant start = clock.instant();
  private ScriptedNft nft;
  private Fence fence;

  @BeforeEach
  void standby() throws IOException {
    nft = new ScriptedNft(folder);
    LeaseGuard guard = nft.guard(clock);
    assertThat(guard.isActive()).isTrue();
    fence = new Fence(guard, new Sentinel(folder, clock), Optional.of(file()), clock);
  }

  @AfterEach
  void end() {
    fence.finish();
  }

  private DeadlineFile file() {
    return new DeadlineFile(folder.resolve("deadline"));
  }

  @Test
  void aForeseenLeaseIsKnownToTheKernelBeforeItIsTaken() throws IOException {
    hangWithForesightOf(start.plusSeconds(20));
    assertThat(file().read().orElseThrow().remaining())
        .as("so does the agent that comes after a crash")
        .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));

    fence.until(start.plusSeconds(22), 7);

    assertThat(fence.ensure()).isEqualTo(new Outcome.Done());
  }

  @Test
  void aLeaseThatComesAsItWasForeseenIsNotToldTheKernelAgain() throws IOException {
    hangWithForesightOf(start.plusSeconds(20));
    fence.until(start.plusSeconds(20), 7);
    assertThat(fence.ensure()).isEqualTo(new Outcome.Done());
    awaitRevision(7);
    assertThat(fence.ensure())
        .as("nobody waits for nft, which hangs")
        .isEqualTo(new Outcome.Done());
  }

  private void awaitRevision(long revision) {
    while (file().read().filter(entry -> entry.revision() == revision).isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void withoutForesightTheKernelIsWaitedFor() throws IOException {
    openForReads();
    nft.hang();
    fence.until(start.plusSeconds(22), 7);
    assertThat(fence.ensure()).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void aLeaseThatEndsEarlierThanForeseenIsToldTheKernel() throws IOException {
    hangWithForesightOf(start.plusSeconds(20));
    fence.until(start.plusSeconds(12), 7);
    assertThat(fence.ensure()).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void aForeseenLeaseThatDoesNotComeClosesNoStandby() throws IOException {
    openForReads();
    fence.foresee(clock.instant().plus(Duration.ofMillis(1500)));
    awaitScript(FOR_A_TIME);
    awaitScript(FOR_GOOD);
  }

  @Test
  void whoHoldsALeaseForeseesNone() throws IOException {
    openForReads();
    fence.until(start.plusSeconds(22), 7);
    fence.foresee(start.plusSeconds(2));
    assertThat(fence.ensure()).isEqualTo(new Outcome.Done());
    assertThat(nft.script()).containsPattern("timeout 2[01]\\d{3}ms");
  }

  private void hangWithForesightOf(Instant deadline) throws IOException {
    openForReads();
    fence.foresee(deadline);
    awaitScript(FOR_A_TIME);
    awaitRest();
    nft.hang();
  }

  private void openForReads() throws IOException {
    fence.until(start.plusSeconds(1), 1);
    fence.open();
    awaitScript(FOR_GOOD);
  }

  /** The command has ended, too. */
  private static void awaitRest() {
    while (Thread.getAllStackTraces().values().stream()
        .flatMap(Stream::of)
        .noneMatch(
            frame ->
                frame.getClassName().equals(Fence.class.getName())
                    && frame.getMethodName().equals("rest"))) {
      Thread.onSpinWait();
    }
  }

  private void awaitScript(String part) throws IOException {
    while (!nft.script().contains(part)) {
      Thread.onSpinWait();
    }
  }
}
