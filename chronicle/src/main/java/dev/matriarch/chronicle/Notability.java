package dev.matriarch.chronicle;

import dev.matriarch.engine.Decision;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Rule;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.View;

/**
 * Which decisions are worth keeping: those that do something, that follow another rule or give
 * another reason than the one before, and those that learn something that a story is made of. For
 * one thread.
 */
final class Notability {
  private Rule lastRule = Rule.IDLE;
  private String lastReason = "";

  boolean isNotable(View before, Event event, Decision made) {
    boolean routine = isRoutine(made.rule());
    boolean turned = made.rule() != lastRule || !made.reason().equals(lastReason);
    if (!routine) {
      lastRule = made.rule();
      lastReason = made.reason();
    }
    return made.orders().stream().anyMatch(order -> !isProof(order.effect()))
        || (turned && !routine)
        || tells(before, event)
        || learns(before, made.view());
  }

  /** Rules that fire again and again while all is well. */
  private static boolean isRoutine(Rule rule) {
    return rule.number() > 800 && rule != Rule.ROUTE;
  }

  private static boolean tells(View before, Event event) {
    return switch (event) {
      case Event.LeaseLost lost -> true;
      case Event.Leave leave -> true;
      case Event.SettingsChanged changed -> true;
      case Event.Ended ended ->
          !(ended.outcome() instanceof Outcome.Done)
              || before.work().running().values().stream()
                  .anyMatch(order -> order.id() == ended.order() && isDeed(order.effect().kind()));
      default -> false;
    };
  }

  /** Every second or two, for as long as a server runs: only one that fails tells something. */
  private static boolean isProof(Effect effect) {
    return effect instanceof Effect.ProveCommit;
  }

  /** What is done all the time is told by its order alone. */
  private static boolean isDeed(String effect) {
    return switch (effect) {
      case "PublishMember", "WriteStatus", "KeepSlots", "ProveCommit" -> false;
      default -> true;
    };
  }

  private static boolean learns(View before, View after) {
    Server was = before.server();
    Server is = after.server();
    return was.condition() != is.condition()
        || was.role() != is.role()
        || was.timeline() != is.timeline()
        || was.streaming() != is.streaming()
        || !was.upstream().equals(is.upstream())
        || before.lease().getClass() != after.lease().getClass()
        || before.store().isCurrent() != after.store().isCurrent()
        || !leader(before).equals(leader(after))
        || !before.routed().equals(after.routed());
  }

  private static String leader(View view) {
    return view.state().leadership() instanceof Leadership.Held held ? held.name() : "";
  }
}
