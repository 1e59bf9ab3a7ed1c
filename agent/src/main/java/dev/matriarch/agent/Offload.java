package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Asks what may hang in the kernel, as a disk does, and waits only so long for the answer. A
 * question that hangs is not asked a second time: its answer, when it comes, is thrown away for a
 * newer one.
 */
final class Offload<T> {
  private static final Duration STILL = Duration.ofMillis(100);

  private final String name;
  private final Supplier<T> question;
  private Optional<CompletableFuture<T>> hanging = Optional.empty();

  Offload(String name, Supplier<T> question) {
    this.name = requireNonNull(name, "name is null");
    this.question = requireNonNull(question, "question is null");
  }

  /** Empty when no answer came within the budget. */
  synchronized Optional<T> ask(Duration budget) {
    if (hanging.isPresent()) {
      Optional<T> late = await(hanging.get(), STILL);
      if (late.isEmpty()) {
        return Optional.empty();
      }
      hanging = Optional.empty();
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    // A platform thread: one that hangs in the kernel would take a virtual one's carrier with it.
    Thread.ofPlatform().daemon().name(name).start(() -> answer(answer));
    Optional<T> inTime = await(answer, budget);
    if (inTime.isEmpty()) {
      hanging = Optional.of(answer);
    }
    return inTime;
  }

  private void answer(CompletableFuture<T> answer) {
    try {
      answer.complete(question.get());
    } catch (RuntimeException | Error e) {
      answer.completeExceptionally(e);
    }
  }

  private static <T> Optional<T> await(CompletableFuture<T> answer, Duration budget) {
    try {
      return Optional.of(answer.get(budget.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException defect) {
        throw defect;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
