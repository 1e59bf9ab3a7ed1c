package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Decision;
import dev.matriarch.engine.Engine;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.Rule;
import dev.matriarch.engine.View;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer: takes one event at a time, lets the engine decide, and hands the orders on.
 * Nothing here blocks but the wait for the next event, and nothing else changes the view.
 */
public final class Loop implements Inbox {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  /** A rule that orders something new each time it is asked is a defect: stop rather than spin. */
  private static final int MOST_ORDERS_A_TURN = 100;

  private final Engine engine;
  private final InstantSource monotonic;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Witness witness;

  private volatile View view;
  private volatile Instant turnedAt;
  private volatile boolean ended;
  private Rule lastRule = Rule.IDLE;
  private String lastReason = "";
  private Instant lastTold = Instant.EPOCH;

  /** Is told each decision, on the loop's thread; must not block. */
  @FunctionalInterface
  public interface Witness {
    void decided(View before, Event event, Instant now, Decision made);
  }

  public Loop(Engine engine, InstantSource monotonic, View start, Witness witness) {
    this.engine = requireNonNull(engine, "engine is null");
    this.monotonic = requireNonNull(monotonic, "monotonic is null");
    this.view = requireNonNull(start, "start is null");
    this.turnedAt = monotonic.instant();
    this.witness = requireNonNull(witness, "witness is null");
  }

  @Override
  public void put(Event event) {
    events.add(event);
  }

  /** The view as of the last decision; for any thread. */
  public View view() {
    return view;
  }

  /** When the last decision was made, or this object, in monotonic time; for any thread. */
  public Instant turnedAt() {
    return turnedAt;
  }

  /** Lets {@link #run} return after the current turn. */
  public void end() {
    ended = true;
    put(new Event.Tick());
  }

  /**
   * Runs until {@link #end}.
   *
   * @param begin starts an order and returns at once; its outcome comes back as an event
   */
  public void run(Consumer<Order> begin) throws InterruptedException {
    Decision last = turn(new Event.Tick(), begin);
    while (!ended) {
      Instant until = last.until().orElseGet(() -> monotonic.instant().plusSeconds(1));
      Duration wait = least(Duration.between(monotonic.instant(), until), heartbeat());
      Event event = events.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
      last = turn(event == null ? new Event.Tick() : event, begin);
    }
  }

  /** The loop turns at least this often, so that whoever listens to its heartbeat hears it. */
  private Duration heartbeat() {
    return view.settings().lease().heartbeat();
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Decision turn(Event event, Consumer<Order> begin) {
    Decision decision = decide(event);
    for (int i = 0; !decision.orders().isEmpty(); i++) {
      if (i == MOST_ORDERS_A_TURN) {
        throw new IllegalStateException(
            "rule " + decision.rule() + " orders without end: " + decision.reason());
      }
      decision.orders().forEach(begin);
      decision = decide(new Event.Tick());
    }
    return decision;
  }

  private Decision decide(Event event) {
    View before = view;
    Instant now = monotonic.instant();
    Decision decision = engine.decide(before, event, now);
    view = decision.view();
    turnedAt = now;
    tell(decision, now);
    witness.decided(before, event, now, decision);
    return decision;
  }

  private void tell(Decision decision, Instant now) {
    boolean news = decision.rule() != lastRule || !decision.reason().equals(lastReason);
    boolean routine = decision.rule().number() > 800 && decision.rule() != Rule.ROUTE;
    // Why nobody leads is said in each round: who looks at the log then was not there at its begin.
    boolean again =
        decision.view().state().leadership() instanceof Leadership.Vacant
            && !now.isBefore(lastTold.plus(decision.view().settings().loopWait()));
    if ((news || again) && !routine) {
      lastRule = decision.rule();
      lastReason = decision.reason();
      lastTold = now;
      LOG.info("rule {} {}: {}", lastRule.number(), lastRule, lastReason);
    }
    for (Order order : decision.orders()) {
      if (routine) {
        LOG.debug("ordered {}", order.effect());
      } else {
        LOG.info("ordered {}", order.effect());
      }
    }
  }
}
