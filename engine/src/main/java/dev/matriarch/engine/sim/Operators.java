package dev.matriarch.engine.sim;

import dev.matriarch.engine.Event;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.RestartConditions;
import dev.matriarch.engine.RestartPlan;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What operators ask for, at any time, and take back. */
final class Operators {
  private final World world;

  /** The tags that each member had at first. */
  private final List<Tags> tags = new ArrayList<>();

  Operators(World world) {
    this.world = world;
    world.members().forEach(member -> tags.add(member.tags()));
  }

  void ask(Fault fault, MemberModel member) {
    int choice = fault.other();
    switch (fault.kind()) {
      case SWITCHOVER -> request(true, choice, Optional.empty());
      case FAILOVER -> request(false, Math.max(choice, 0), Optional.empty());
      case SCHEDULED_SWITCHOVER ->
          request(true, -1, Optional.of(world.agenda().instant().plus(Choices.lead(choice))));
      case PAUSE -> configure(settings -> settings.paused(true));
      case CHANGE_TTL -> configure(settings -> Choices.ttl(settings, choice));
      case CHANGE_SYNC -> configure(settings -> Choices.synchrony(settings, choice));
      case CHANGE_LAG -> configure(settings -> Choices.lag(settings, choice));
      case CHANGE_SETTING -> configure(settings -> Choices.setting(settings, choice));
      case CHANGE_TAGS -> member.retag(Choices.tags(choice));
      case LEAVE -> member.deliver(new Event.Leave());
      case RESTART -> member.deliver(new Event.Asked(restart(choice)));
      case SCHEDULED_RESTART -> member.deliver(new Event.Asked(scheduled(choice)));
      case REINITIALIZE ->
          member.deliver(new Event.Asked(Wish.Reinitialize.asked(1, choice >= 0, false)));
      case SWAP_SITES -> world.outside().swap();
      case TRY_OUT -> world.outside().letLead();
      default -> throw new IllegalArgumentException(fault.kind() + " is nobody's wish");
    }
  }

  void undo(Fault fault, MemberModel member) {
    switch (fault.kind()) {
      case PAUSE -> configure(settings -> settings.paused(false));
      case CHANGE_TAGS -> member.retag(tags.get(member.index()));
      case LEAVE -> member.startIfDown();
      case SWAP_SITES -> world.outside().swap();
      case TRY_OUT -> world.outside().letFollow();
      default -> throw new IllegalArgumentException(fault.kind() + " is not taken back");
    }
  }

  /** Without etcd's majority an operator can only try again later. */
  private void configure(UnaryOperator<Settings.Builder> change) {
    if (world.store().isAvailable()) {
      world.configure(change);
    }
  }

  /** Half of them by conditions that hardly ever hold, and with little patience. */
  private static Wish restart(int other) {
    RestartConditions only =
        new RestartConditions(
            other < 0 ? Optional.empty() : Optional.of(MemberRole.REPLICA), 0, other == 0);
    Optional<Duration> timeout =
        other < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(other));
    return Wish.Restart.asked(
        1, new RestartPlan(only, timeout, Optional.empty(), Optional.empty()));
  }

  private Wish scheduled(int choice) {
    Instant at = world.agenda().instant().plus(Choices.lead(choice));
    return Wish.Restart.asked(
        1,
        new RestartPlan(
            RestartConditions.NONE, Optional.empty(), Optional.of(at), Optional.empty()));
  }

  private void request(boolean switchover, int candidate, Optional<Instant> at) {
    String leader =
        world.store().state().leadership() instanceof Leadership.Held held ? held.name() : "";
    if (world.store().isAvailable() && (!switchover || !leader.isEmpty())) {
      String to = candidate < 0 ? "" : "m" + (candidate + 1);
      MoveRequest move = new MoveRequest(0, switchover ? leader : "", to, at);
      world.store().request(switchover ? move : move.withLost(lost()));
    }
  }

  /** Operators say that a host is lost if it is, and only then. */
  private String lost() {
    String noted = world.store().state().status().pausedLeader();
    return !noted.isEmpty() && world.member(noted).isLost() ? noted : "";
  }
}
