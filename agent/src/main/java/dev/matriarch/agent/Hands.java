package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Lane;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs orders, each on a virtual thread, one at a time in each lane. An order that finds its lane
 * taken pushes the one before out: its thread is interrupted and its outcome no longer counts.
 */
final class Hands {
  private static final Logger LOG = LoggerFactory.getLogger(Hands.class);

  /** Does one effect and blocks until it is done or has failed. */
  @FunctionalInterface
  interface Skill {
    Outcome perform(Effect effect) throws InterruptedException;
  }

  private final Skill skill;
  private final Inbox inbox;
  private final Map<Lane, Running> busy = new EnumMap<>(Lane.class);

  /** An order's thread, and whether what it did is over. */
  private record Running(Thread thread, AtomicBoolean over) {}

  Hands(Skill skill, Inbox inbox) {
    this.skill = requireNonNull(skill, "skill is null");
    this.inbox = requireNonNull(inbox, "inbox is null");
  }

  /** Begins an order; called by the loop alone. */
  void begin(Order order) {
    Lane lane = order.effect().lane();
    Running before = busy.get(lane);
    if (before != null && !before.over().get()) {
      LOG.warn("{} pushes aside what ran before it", order.effect().kind());
      before.thread().interrupt();
    }
    AtomicBoolean over = new AtomicBoolean();
    busy.put(lane, new Running(thread(order, () -> run(order, over)), over));
  }

  /** What asks the disk may hang in the kernel, and would take a virtual thread's carrier along. */
  private static Thread thread(Order order, Runnable work) {
    Lane lane = order.effect().lane();
    Thread.Builder builder =
        lane.touchesServer() || lane == Lane.PROOF
            ? Thread.ofPlatform().daemon()
            : Thread.ofVirtual();
    return builder.name("effect-" + order.id() + "-" + order.effect().kind()).start(work);
  }

  private void run(Order order, AtomicBoolean over) {
    Outcome outcome;
    try {
      outcome = skill.perform(order.effect());
    } catch (InterruptedException e) {
      outcome = new Outcome.Unknown("pushed aside");
    } catch (RuntimeException | Error e) {
      // Whatever it is, its end must be known: the lane would be busy for ever.
      LOG.error("{} ended in a defect", order.effect().kind(), e);
      outcome = new Outcome.Failed(e.toString());
    }
    switch (outcome) {
      case Outcome.Done done -> LOG.debug("{} done", order.effect().kind());
      case Outcome.Refused no -> LOG.info("{} refused: {}", order.effect().kind(), no.reason());
      case Outcome.Failed no -> LOG.warn("{} failed: {}", order.effect().kind(), no.reason());
      case Outcome.Unknown no ->
          LOG.warn("{} may or may not be done: {}", order.effect().kind(), no.reason());
    }
    over.set(true);
    inbox.put(new Event.Ended(order.id(), outcome));
  }
}
