package dev.matriarch.engine.sim;

import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Pooler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The pooler on a member's host. It outlives the agent; every fourth host has none. */
final class PoolerModel {
  private static final long REPLY = Agenda.millis(30);
  private static final long GUESTS_STAY = Agenda.millis(20_000);
  private static final long LOOK = Agenda.millis(5);

  private final World world;
  private final MemberModel member;
  private boolean held;
  private String target = "";
  private long guestsUntil;

  PoolerModel(World world, MemberModel member) {
    this.world = world;
    this.member = member;
  }

  private boolean isPresent() {
    return world.hasPoolers() && member.index() % 4 != 3;
  }

  boolean isHeld() {
    return held;
  }

  String target() {
    return target;
  }

  Pooler look() {
    return isPresent()
        ? Pooler.seen(held, target, world.agenda().now() < guestsUntil)
        : Pooler.ABSENT;
  }

  private void tell() {
    member.deliver(new Event.PoolerSeen(look()));
  }

  void pool(Effect.Pool order, Consumer<Outcome> then) {
    boolean fails = world.effectFails();
    member.later(
        world.slowed(world.upTo(REPLY)),
        () -> {
          if (!fails) {
            boolean leaves = target.isEmpty() && !order.target().isEmpty();
            guestsUntil = leaves ? world.agenda().now() + world.upTo(GUESTS_STAY) : guestsUntil;
            target = order.target();
            held = order.held();
          }
          tell();
          then.accept(fails ? new Outcome.Failed("the pooler did not answer") : new Outcome.Done());
        });
  }

  /** Here a transaction that lasts too long is in the way now and then; elsewhere, the network. */
  void hold(Effect.HoldClients order, Consumer<Outcome> then) {
    List<String> missing = new ArrayList<>(order.elsewhere());
    boolean fails = world.effectFails();
    for (String name : order.elsewhere()) {
      ask(world.member(name), order.longest(), () -> missing.remove(name));
    }
    long patience = Agenda.micros(order.longest()) / 2;
    member.later(
        order.elsewhere().isEmpty() ? world.slowed(world.upTo(REPLY)) : patience,
        () -> {
          boolean all = missing.isEmpty() && !fails;
          held = isPresent() && all;
          tell();
          then.accept(all ? new Outcome.Done() : new Outcome.Failed("a transaction does not end"));
        });
  }

  private void ask(MemberModel peer, Duration time, Runnable isHeld) {
    if (world.network().reaches(member.index(), peer.index()) && !world.isLost()) {
      world
          .agenda()
          .in(
              world.latency(),
              () -> {
                peer.deliver(new Event.HoldAsked(member.name(), time));
                await(peer, isHeld, Agenda.micros(time) / LOOK / 4);
              });
    }
  }

  private void await(MemberModel peer, Runnable isHeld, long looks) {
    if (peer.pooler().isHeld()) {
      isHeld.run();
    } else if (looks > 0) {
      world.agenda().in(LOOK, () -> await(peer, isHeld, looks - 1));
    }
  }
}
