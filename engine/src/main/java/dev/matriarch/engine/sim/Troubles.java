package dev.matriarch.engine.sim;

import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings about the faults of a setup, and ends them. */
final class Troubles {
  private static final long REACTION = Agenda.millis(100);

  private final World world;
  private final Operators operators;
  private final long end;
  private final List<Fault> waiting = new ArrayList<>();
  private final Map<Fault.Kind, Integer> begun = new EnumMap<>(Fault.Kind.class);

  Troubles(World world, Setup setup) {
    this.world = world;
    operators = new Operators(world);
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
      case LATE_REQUESTS -> member.delay(1);
      case REPEATED_REQUESTS -> member.echo(1);
      case CLOCK_JUMP -> member.setClock(Choices.jump(other));
      case DATA_LOST -> member.server().loseData();
      case FOREIGN_DATA -> member.server().replaceData();
      case JUNK_KEY -> world.store().junk(Choices.key(other));
      case CUT_OUTSIDE -> network.cutBoth(me, network.outside());
      case OUTSIDE_DOWN -> world.outside().down();
      case SWITCHOVER,
          FAILOVER,
          PAUSE,
          CHANGE_TTL,
          CHANGE_SYNC,
          CHANGE_LAG,
          LEAVE,
          RESTART,
          REINITIALIZE,
          SCHEDULED_SWITCHOVER,
          SCHEDULED_RESTART,
          CHANGE_SETTING,
          CHANGE_TAGS,
          SWAP_SITES,
          TRY_OUT ->
          operators.ask(fault, member);
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
      case LATE_REQUESTS -> member.delay(-1);
      case REPEATED_REQUESTS -> member.echo(-1);
      case CLOCK_JUMP -> member.setClock(Duration.ZERO);
      case FOREIGN_DATA -> member.server().restoreData();
      case CUT_OUTSIDE -> network.mendBoth(me, network.outside());
      case OUTSIDE_DOWN -> world.outside().up();
      case PAUSE, LEAVE, CHANGE_TAGS, SWAP_SITES, TRY_OUT -> operators.undo(fault, member);
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
          REINITIALIZE,
          DATA_LOST,
          SCHEDULED_SWITCHOVER,
          SCHEDULED_RESTART,
          JUNK_KEY,
          CHANGE_SETTING -> {}
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
}
