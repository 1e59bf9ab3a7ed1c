package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.DynamicConfig;
import dev.matriarch.agent.rest.MemberRequests;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.RestartPlan;
import dev.matriarch.engine.Wish;
import dev.matriarch.postgres.PostgresException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes operators' wishes to the engine, and its answers back to whoever waits for them. */
final class Operators implements MemberRequests {
  private static final Logger LOG = LoggerFactory.getLogger(Operators.class);

  private final Inbox inbox;
  private final Runnable reload;
  private final Function<DynamicConfig, Optional<String>> judge;
  private final AtomicLong last = new AtomicLong();
  private final Map<Long, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();

  /**
   * @param reload reads the file again; must return at once
   * @param judge what PostgreSQL has against a configuration
   */
  Operators(Inbox inbox, Runnable reload, Function<DynamicConfig, Optional<String>> judge) {
    this.inbox = requireNonNull(inbox, "inbox is null");
    this.reload = requireNonNull(reload, "reload is null");
    this.judge = requireNonNull(judge, "judge is null");
  }

  @Override
  public CompletableFuture<Reply> restart(RestartPlan plan) {
    long id = last.incrementAndGet();
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    waiting.put(id, reply);
    LOG.info("an operator asks for a restart: {}", plan.only());
    inbox.put(new Event.Asked(Wish.Restart.asked(id, plan)));
    return reply;
  }

  @Override
  public void schedule(RestartPlan plan) {
    LOG.info("an operator schedules a restart for {}", plan.at().orElseThrow());
    inbox.put(new Event.Asked(Wish.Restart.asked(last.incrementAndGet(), plan)));
  }

  @Override
  public void withdrawRestart() {
    LOG.info("an operator takes the scheduled restart back");
    inbox.put(new Event.Withdrawn());
  }

  @Override
  public void reinitialize(boolean force, boolean fromLeader) {
    LOG.info("an operator asks for a fresh copy of {} data", fromLeader ? "the leader's" : "the");
    inbox.put(new Event.Asked(Wish.Reinitialize.asked(last.incrementAndGet(), force, fromLeader)));
  }

  @Override
  public void hold(String leader, Duration longest) {
    inbox.put(new Event.HoldAsked(leader, longest));
  }

  @Override
  public void reload() {
    reload.run();
  }

  @Override
  public Optional<String> objection(String config) {
    try {
      return judge.apply(DynamicConfig.parse(config));
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    } catch (PostgresException e) {
      // That it could not be asked is no objection.
      LOG.warn("PostgreSQL could not be asked about a new configuration: {}", e.getMessage());
      return Optional.empty();
    }
  }

  Outcome answer(Effect.Answer answer) {
    if (answer.done()) {
      LOG.info("{}", answer.sentence());
    } else {
      LOG.warn("{}", answer.sentence());
    }
    CompletableFuture<Reply> reply = waiting.remove(answer.wish().id());
    if (reply != null) {
      reply.complete(new Reply(answer.done(), answer.sentence()));
    }
    return new Outcome.Done();
  }
}
