package dev.matriarch.engine.sim;

import dev.matriarch.engine.Decision;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.Rule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What happened, for humans when asked for, and as a number that tells two runs apart in any case.
 */
final class Transcript {
  private static final long PRIME = 1_099_511_628_211L;

  private final boolean recording;
  private final List<String> lines = new ArrayList<>();
  private final Map<Rule, Long> fired = new EnumMap<>(Rule.class);
  private long hash = 0xcbf29ce484222325L;
  private long decisions;
  private World world;
  private boolean heavy;

  Transcript(boolean recording) {
    this.recording = recording;
  }

  void startsAt(World beginning) {
    world = beginning;
  }

  List<String> lines() {
    return lines;
  }

  long hash() {
    return hash;
  }

  long decisions() {
    return decisions;
  }

  Map<Rule, Long> fired() {
    return fired;
  }

  /** Whether anything but routine was ordered since the last time this was asked. */
  boolean wasBusy() {
    boolean was = heavy;
    heavy = false;
    return was;
  }

  private void mix(long value) {
    hash = (hash ^ value) * PRIME;
  }

  void decided(
      MemberModel member, Event event, Decision decision, Rule before, String reasonBefore) {
    decisions++;
    fired.merge(decision.rule(), 1L, Long::sum);
    mix(world.agenda().now());
    mix(member.index());
    mix(decision.rule().number());
    for (Order order : decision.orders()) {
      mix(order.effect().kind().hashCode());
      heavy |= isHeavy(order.effect()) && !isKeptBack(member, order.effect());
    }
    if (recording && !isRoutine(decision)) {
      boolean telling =
          !decision.orders().isEmpty()
              || decision.rule() != before
              || !plain(decision.reason()).equals(plain(reasonBefore));
      if (telling) {
        note(told(member, event, decision));
      }
    }
  }

  /** What goes on all the time, and is no news. */
  static boolean isRoutine(Decision decision) {
    return decision.rule() == Rule.PROVE_COMMIT || decision.rule() == Rule.KEEP_RESERVE;
  }

  /**
   * Data that may not be undone is looked at again now and then: an operator may have allowed it.
   */
  private static boolean isKeptBack(MemberModel member, Effect effect) {
    return effect instanceof Effect.Rejoin && member.settings().undoing().isForbidden();
  }

  private static boolean isHeavy(Effect effect) {
    return switch (effect.lane()) {
      case CLAIM, SERVER, SETTINGS, PEERS, PROBE, CONSENT, PROMISE, PROCESS -> true;
      case PUBLISH, ROUTING, POOLER, UPKEEP, PROOF, DISK, ANSWERS -> false;
      case NOTES -> !(effect instanceof Effect.WriteStatus);
    };
  }

  /** A reason without its figures, which change all the time. */
  private static String plain(String reason) {
    return reason.replaceAll("[0-9A-F]+", "#");
  }

  private static String told(MemberModel member, Event event, Decision decision) {
    StringBuilder line = new StringBuilder();
    line.append(member.name())
        .append(' ')
        .append(decision.rule().number())
        .append(' ')
        .append(decision.rule())
        .append(": ")
        .append(decision.reason());
    for (Order order : decision.orders()) {
      line.append("\n             -> ").append(order.effect());
    }
    switch (event) {
      case Event.Ended ended -> {
        if (!(ended.outcome() instanceof dev.matriarch.engine.Outcome.Done)) {
          line.append("\n             after ").append(ended.outcome());
        }
      }
      case Event.LeaseLost lost -> line.append("\n             after ").append(lost);
      case Event.StoreFailed failed -> line.append("\n             after ").append(failed);
      case Event.Tick tick -> {}
      case Event.StoreRead read -> {}
      case Event.SettingsChanged changed -> {}
      case Event.ServerSeen seen -> {}
      case Event.LeaseRenewed renewed -> {}
      case Event.PeerAnswered answered -> {}
      case Event.Asked asked -> line.append("\n             after ").append(asked);
      case Event.Withdrawn withdrawn -> line.append("\n             after ").append(withdrawn);
      case Event.ClockRead read -> {}
      case Event.TagsChanged changed -> {}
      case Event.WatchdogSeen seen -> {}
      case Event.FailsafeRound round -> {}
      case Event.FailsafeAsked asked -> {}
      case Event.PoolerSeen seen -> {}
      case Event.HoldAsked asked -> line.append("\n             after ").append(asked);
      case Event.Leave leave -> {}
    }
    return line.toString();
  }

  void server(ServerModel server) {
    if (recording) {
      String line =
          server.name()
              + " server: "
              + server.condition()
              + " "
              + server.role()
              + " at "
              + server.position()
              + (server.replication().isStreaming()
                  ? " streaming from " + server.replication().upstream()
                  : "")
              + (server.syncNames().acknowledgements() > 0 ? " " + server.syncNames() : "");
      note(line);
    }
  }

  void note(String line) {
    if (recording) {
      String stamped = String.format(Locale.ROOT, "%9.3f  %s", world.agenda().now() / 1e6, line);
      if (lines.isEmpty() || !lines.getLast().endsWith(line)) {
        lines.add(stamped);
      }
    }
  }
}
