package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.guard.PromiseFile;
import dev.matriarch.agent.rest.FailsafePoll;
import dev.matriarch.agent.rest.Requests.Promised;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Effect.AnswerFailsafe.Reply;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.FailsafeCall;
import dev.matriarch.engine.LeaseTerms;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.View;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all members whether this leader may go on without etcd, and answers such questions. */
final class FailsafeHands {
  private static final Logger LOG = LoggerFactory.getLogger(FailsafeHands.class);
  private static final Duration LONGEST_QUESTION = Duration.ofSeconds(2);
  private static final Duration LONGEST_ANSWER = Duration.ofMillis(1500);

  /** Is told up to when all members let this leader write; must not block. */
  @FunctionalInterface
  interface Spared {
    void spared(Instant sentAt, Instant deadline);
  }

  private final FailsafePoll poll;
  private final Supplier<View> view;
  private final InstantSource monotonic;
  private final Spared fence;
  private final PromiseFile promises;
  private final Inbox inbox;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, CompletableFuture<Promised>> open = new ConcurrentHashMap<>();

  FailsafeHands(
      FailsafePoll poll,
      Supplier<View> view,
      InstantSource monotonic,
      Spared fence,
      PromiseFile promises,
      Inbox inbox) {
    this.poll = requireNonNull(poll, "poll is null");
    this.view = requireNonNull(view, "view is null");
    this.monotonic = requireNonNull(monotonic, "monotonic is null");
    this.fence = requireNonNull(fence, "fence is null");
    this.promises = requireNonNull(promises, "promises is null");
    this.inbox = requireNonNull(inbox, "inbox is null");
  }

  // ---- the leader's side

  /** One round. The fence is told first, then the engine, as with a renewal. */
  Outcome ask(Effect.AskFailsafe ask) throws InterruptedException {
    View known = view.get();
    LeaseTerms terms = known.settings().lease();
    Duration quarter = ask.lease().dividedBy(4);
    Duration budget = quarter.compareTo(LONGEST_QUESTION) < 0 ? quarter : LONGEST_QUESTION;
    String body = FailsafePoll.body(known, ask.lease());
    Instant sentAt = monotonic.instant();
    Instant until = sentAt.plus(ask.lease()).minus(terms.margin());
    ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<String> silent = new ConcurrentLinkedQueue<>();
    List<Thread> questions = new ArrayList<>();
    ask.members()
        .forEach(
            (member, apiUrl) ->
                questions.add(
                    Thread.ofVirtual()
                        .name("failsafe-" + member)
                        .start(() -> ask(member, apiUrl, body, budget, refusals, silent))));
    for (Thread question : questions) {
      question.join();
    }
    boolean accepted = refusals.isEmpty() && silent.isEmpty();
    if (accepted) {
      fence.spared(sentAt, until);
    }
    String refusal = refusals.isEmpty() ? "" : String.join("; ", refusals);
    inbox.put(new Event.FailsafeRound(sentAt, until, accepted, refusal));
    return accepted
        ? new Outcome.Done()
        : new Outcome.Failed(refusal.isEmpty() ? silent + " did not answer" : refusal);
  }

  private void ask(
      String member,
      String apiUrl,
      String body,
      Duration budget,
      ConcurrentLinkedQueue<String> refusals,
      ConcurrentLinkedQueue<String> silent) {
    try {
      switch (poll.ask(apiUrl, body, budget)) {
        case FailsafePoll.Heard.Accepted yes -> {}
        case FailsafePoll.Heard.Refused no -> refusals.add(member + ": " + no.why());
        case FailsafePoll.Heard.Nothing nothing -> silent.add(member);
      }
    } catch (InterruptedException e) {
      silent.add(member);
      Thread.currentThread().interrupt();
    }
  }

  // ---- the other members' side

  /** Called by REST: gives the question to the engine and waits for its answer. */
  Optional<Promised> asked(FailsafeCall question) throws InterruptedException {
    long number = numbers.incrementAndGet();
    CompletableFuture<Promised> answer = new CompletableFuture<>();
    open.put(number, answer);
    try {
      inbox.put(
          new Event.FailsafeAsked(
              new FailsafeCall(number, question.leader(), question.lease(), question.slots())));
      return Optional.of(answer.get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } finally {
      open.remove(number);
    }
  }

  /** A promise is on the disk before anybody hears of it. */
  Outcome answer(Effect.AnswerFailsafe given) {
    Promised answer = new Promised(given.reply(), given.reason());
    Outcome outcome = new Outcome.Done();
    if (given.reply() == Reply.ACCEPTED) {
      try {
        promises.write(view.get().failsafe().promise());
      } catch (IOException e) {
        String why = "the promise could not be written down: " + e.getMessage();
        LOG.error("{}", why);
        answer = new Promised(Reply.REFUSED, why);
        outcome = new Outcome.Failed(why);
      }
    }
    CompletableFuture<Promised> waiting = open.get(given.call().number());
    if (waiting != null) {
      waiting.complete(answer);
    }
    return outcome;
  }
}
