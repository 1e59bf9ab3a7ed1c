package dev.matriarch.engine.sim;

import dev.matriarch.engine.Event;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.RestartConditions;
import dev.matriarch.engine.RestartPlan;
import dev.matriarch.engine.Rule;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Brings about the faults of a setup, and ends them. */
final class Troubles {
  private static final long REACTION = Agenda.millis(100);

  private final World world;
  private final long end;
  private final List<Fault> waiting = new ArrayList<>();
  private final Map<Fault.Kind, Integer> begun = new EnumMap<>(Fault.Kind.class);

  Troubles(World world, Setup setup) {
    this.world = world;
    end = Agenda.micros(setup.trouble());
    for (Fault fault : setup.faults()) {
      long from = Agenda.micros(fault.at());
      world.agenda().in(from, () -> arm(fault));
    }
    world.agenda().in(end, this::heal);
    world.watchedBy(this);
  }

  private void arm(Fault fault) {
    if (fault.ambush().isPresent()) {
      waiting.add(fault);
    } else {
      strike(fault);
    }
  }

  private void strike(Fault fault) {
    long now = world.agenda().now();
    Optional<Fault> aimed = aimed(fault);
    if (now < end && aimed.isPresent()) {
      Fault struck = aimed.get();
      begin(struck);
      world.agenda().in(Math.min(Agenda.micros(struck.lasts()), end - now), () -> end(struck));
    }
  }

  private Optional<Fault> aimed(Fault fault) {
    boolean atLeader =
        fault.member() == Fault.LEADER
            || (fault.kind().needsTwo() && fault.other() == Fault.LEADER);
    if (!atLeader) {
      return Optional.of(fault);
    }
    return world.store().state().leadership() instanceof Leadership.Held held
        ? Optional.of(fault.aimedAt(world.member(held.name()).index()))
        : Optional.empty();
  }

  /** A member acts: somebody may have waited for that. */
  void acted(int member, Rule rule) {
    for (int i = 0; i < waiting.size(); i++) {
      Fault fault = waiting.get(i);
      if (fault.ambush().orElseThrow() == rule) {
        waiting.remove(i);
        Fault sprung = fault.sprungOn(member);
        world.agenda().in(world.upTo(REACTION), () -> strike(sprung));
        return;
      }
    }
  }

  Map<Fault.Kind, Integer> begun() {
    return begun;
  }

  private void heal() {
    world.transcript().note("*** all faults are over");
    world.calm();
    world.configure(settings -> settings.paused(false));
    for (MemberModel member : world.members()) {
      member.startIfDown();
    }
  }

  private void begin(Fault fault) {
    world.invariants().standing().disturbed();
    begun.merge(fault.kind(), 1, Integer::sum);
    world.transcript().note("*** " + fault);
    Network network = world.network();
    MemberModel member = world.members().get(fault.member());
    int me = fault.member();
    int other = fault.other();
    switch (fault.kind()) {
      case AGENT_CRASH -> member.agentDown();
      case AGENT_FREEZE -> member.freeze();
      case SERVER_KILL -> member.server().crash();
      case SERVER_HANG -> member.server().hang();
      case DISK_HANG -> member.server().disk().hang();
      case DISK_FULL -> member.server().disk().fill(true);
      case NODE_CRASH -> hostDown(member);
      case NODE_FREEZE -> {
        network.isolate(me);
        member.freeze();
        member.server().hang();
      }
      case NODE_LOST -> {
        network.isolate(me);
        member.lose();
      }
      case TOTAL_OUTAGE ->
          outage(Math.min(Agenda.micros(fault.lasts()), end - world.agenda().now()));
      case SLOW_DISK -> world.slowDisk(me, 1);
      case SLOW_NETWORK -> network.slowDown(me);
      case MUTE -> network.mute(me, 1);
      case PARTITION -> network.divide(other, 1);
      case ISOLATE -> network.isolate(me);
      case CUT_STORE -> network.cutBoth(me, network.store());
      case CUT_STORE_ANSWERS -> network.cut(network.store(), me);
      case CUT_STORE_REQUESTS -> network.cut(me, network.store());
      case CUT_PEERS -> {
        if (other >= 0 && other != me) {
          network.cutBoth(me, other);
        }
      }
      case CUT_ONE_WAY -> {
        if (other >= 0) {
          network.cut(me, other);
        }
      }
      case STORE_LEADER_LOST -> {
        world.store().fail();
        world.agenda().in(world.upTo(Agenda.millis(2000)), world.store()::recover);
      }
      case STORE_MAJORITY_LOST -> world.store().fail();
      case SWITCHOVER -> request(true, other);
      case FAILOVER -> request(false, Math.max(other, 0));
      case PAUSE -> configure(settings -> settings.paused(true));
      case CHANGE_TTL -> configure(settings -> Choices.ttl(settings, other));
      case CHANGE_SYNC -> configure(settings -> Choices.synchrony(settings, other));
      case CHANGE_LAG -> configure(settings -> Choices.lag(settings, other));
      case LEAVE -> member.deliver(new Event.Leave());
      case RESTART -> member.deliver(new Event.Asked(restart(other)));
      case REINITIALIZE ->
          member.deliver(new Event.Asked(new Wish.Reinitialize(1, other >= 0, Instant.EPOCH)));
    }
  }

  private void end(Fault fault) {
    world.invariants().standing().disturbed();
    Network network = world.network();
    MemberModel member = world.members().get(fault.member());
    int me = fault.member();
    int other = fault.other();
    switch (fault.kind()) {
      case AGENT_CRASH -> member.agentMayRun();
      case AGENT_FREEZE -> member.thaw();
      case SERVER_HANG -> member.server().unhang();
      case DISK_HANG -> member.server().disk().answer();
      case DISK_FULL -> member.server().disk().fill(false);
      case NODE_CRASH -> hostUp(member);
      case NODE_FREEZE -> {
        network.rejoin(me);
        member.server().unhang();
        member.thaw();
      }
      case SLOW_DISK -> world.slowDisk(me, -1);
      case SLOW_NETWORK -> network.speedUp(me);
      case MUTE -> network.mute(me, -1);
      case PARTITION -> network.divide(other, -1);
      case ISOLATE -> network.rejoin(me);
      case CUT_STORE -> network.mendBoth(me, network.store());
      case CUT_STORE_ANSWERS -> network.mend(network.store(), me);
      case CUT_STORE_REQUESTS -> network.mend(me, network.store());
      case CUT_PEERS -> {
        if (other >= 0 && other != me) {
          network.mendBoth(me, other);
        }
      }
      case CUT_ONE_WAY -> {
        if (other >= 0) {
          network.mend(me, other);
        }
      }
      case STORE_MAJORITY_LOST -> world.store().recover();
      case PAUSE -> configure(settings -> settings.paused(false));
      case LEAVE -> member.startIfDown();
      case STORE_LEADER_LOST,
          SWITCHOVER,
          FAILOVER,
          SERVER_KILL,
          NODE_LOST,
          TOTAL_OUTAGE,
          CHANGE_TTL,
          CHANGE_SYNC,
          CHANGE_LAG,
          RESTART,
          REINITIALIZE -> {}
    }
  }

  private void hostDown(MemberModel member) {
    world.network().isolate(member.index());
    member.agentDown();
    member.server().hostCrash();
  }

  private void hostUp(MemberModel member) {
    world.network().rejoin(member.index());
    member.agentMayRun();
  }

  /** All come back, each in its time. */
  private void outage(long lasts) {
    world.store().fail();
    world.agenda().in(world.upTo(lasts), world.store()::recover);
    for (MemberModel member : world.members()) {
      hostDown(member);
      world.agenda().in(world.upTo(lasts), () -> hostUp(member));
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

  private void request(boolean switchover, int candidate) {
    String leader =
        world.store().state().leadership() instanceof Leadership.Held held ? held.name() : "";
    if (world.store().isAvailable() && (!switchover || !leader.isEmpty())) {
      world.store().request(switchover ? leader : "", candidate < 0 ? "" : "m" + (candidate + 1));
    }
  }
}
