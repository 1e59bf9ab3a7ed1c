package dev.matriarch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.Outcome;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandsTest {
  private static final Effect PROMOTE = new Effect.Promote();
  private static final Effect STOP =
      new Effect.StopServer(Effect.StopMode.IMMEDIATE, "its lease ran out");

  private final BlockingQueue<Event> told = new LinkedBlockingQueue<>();

  private static Order order(long id, Effect effect) {
    return new Order(id, effect, Instant.EPOCH);
  }

  private Event.Ended next() throws InterruptedException {
    return (Event.Ended) told.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void tellsTheOutcomeUnderTheOrdersNumber() throws InterruptedException {
    new Hands(effect -> new Outcome.Done(), told::add).begin(order(7, PROMOTE));

    assertThat(next()).isEqualTo(new Event.Ended(7, new Outcome.Done()));
  }

  @Test
  void aFencePushesAsideWhatRunsInItsLane() throws InterruptedException {
    CountDownLatch promoting = new CountDownLatch(1);
    Hands hands =
        new Hands(
            effect -> {
              if (effect.equals(PROMOTE)) {
                promoting.countDown();
                new CountDownLatch(1).await();
              }
              return new Outcome.Done();
            },
            told::add);

    hands.begin(order(1, PROMOTE));
    promoting.await();
    hands.begin(order(2, STOP));

    assertThat(java.util.List.of(next(), next()))
        .containsExactlyInAnyOrder(
            new Event.Ended(1, new Outcome.Unknown("pushed aside")),
            new Event.Ended(2, new Outcome.Done()));
  }

  @Test
  void lanesRunSideBySide() throws InterruptedException {
    CountDownLatch acquired = new CountDownLatch(1);
    Hands hands =
        new Hands(
            effect -> {
              if (effect.equals(PROMOTE)) {
                acquired.await();
              } else {
                acquired.countDown();
              }
              return new Outcome.Done();
            },
            told::add);

    hands.begin(order(1, PROMOTE));
    hands.begin(order(2, new Effect.AcquireLeader()));

    assertThat(next().outcome()).isEqualTo(new Outcome.Done());
    assertThat(next().outcome()).isEqualTo(new Outcome.Done());
  }

  @Test
  void aDefectIsAFailureAndNotTheEnd() throws InterruptedException {
    Hands hands =
        new Hands(
            effect -> {
              throw new IllegalStateException("broken");
            },
            told::add);

    hands.begin(order(3, PROMOTE));

    assertThat(next().outcome()).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void norIsAnErrorOfTheMachine() throws InterruptedException {
    Hands hands =
        new Hands(
            effect -> {
              throw new StackOverflowError();
            },
            told::add);

    hands.begin(order(3, PROMOTE));

    assertThat(next().outcome()).isInstanceOf(Outcome.Failed.class);
  }
}
