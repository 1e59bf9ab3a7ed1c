package dev.matriarch.engine.sim;

import dev.matriarch.engine.Event;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Rule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

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
    if (now < end) {
      begin(fault);
      world.agenda().in(Math.min(Agenda.micros(fault.lasts()), end - now), () -> end(fault));
    }
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
    world.store().configure("");
    for (MemberModel member : world.members()) {
      member.startIfDown();
    }
  }

  private void begin(Fault fault) {
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
      case NODE_CRASH -> {
        network.isolate(me);
        member.agentDown();
        member.server().crash();
      }
      case ISOLATE -> network.isolate(me);
      case CUT_STORE -> network.cutBoth(me, network.store());
      case CUT_STORE_ANSWERS -> network.cut(network.store(), me);
      case CUT_STORE_REQUESTS -> network.cut(me, network.store());
      case CUT_PEERS -> {
        if (other >= 0) {
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
      case PAUSE -> world.store().configure("paused");
      case LEAVE -> member.deliver(new Event.Leave());
    }
  }

  private void end(Fault fault) {
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
      case NODE_CRASH -> {
        network.rejoin(me);
        member.agentMayRun();
      }
      case ISOLATE -> network.rejoin(me);
      case CUT_STORE -> network.mendBoth(me, network.store());
      case CUT_STORE_ANSWERS -> network.mend(network.store(), me);
      case CUT_STORE_REQUESTS -> network.mend(me, network.store());
      case CUT_PEERS -> {
        if (other >= 0) {
          network.mendBoth(me, other);
        }
      }
      case CUT_ONE_WAY -> {
        if (other >= 0) {
          network.mend(me, other);
        }
      }
      case STORE_MAJORITY_LOST -> world.store().recover();
      case PAUSE -> world.store().configure("");
      case LEAVE -> member.startIfDown();
      case STORE_LEADER_LOST, SWITCHOVER, FAILOVER, SERVER_KILL -> {}
    }
  }

  private void request(boolean switchover, int candidate) {
    String leader =
        world.store().state().leadership() instanceof Leadership.Held held ? held.name() : "";
    if (world.store().isAvailable() && (!switchover || !leader.isEmpty())) {
      world.store().request(switchover ? leader : "", candidate < 0 ? "" : "m" + (candidate + 1));
    }
  }
}
