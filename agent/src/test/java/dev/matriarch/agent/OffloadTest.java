package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OffloadTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);

  @Test
  void aQuestionThatHangsIsNotAskedTwiceAndItsLateAnswerIsNotTold() {
    CountDownLatch thaw = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    Offload<Integer> offload =
        new Offload<>(
            "look",
            () -> {
              int mine = asked.incrementAndGet();
              if (mine == 1) {
                await(thaw);
              }
              return mine;
            });

    assertThat(offload.ask(SHORT)).isEmpty();
    assertThat(offload.ask(SHORT)).isEmpty();
    assertThat(asked).hasValue(1);
    thaw.countDown();
    assertThat(offload.ask(LONG)).hasValue(2);
  }

  @Test
  void aDefectIsTold() {
    Offload<Integer> offload =
        new Offload<>(
            "look",
            () -> {
              throw new IllegalStateException("so it is");
            });
    assertThatThrownBy(() -> offload.ask(LONG)).hasMessage("so it is");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
