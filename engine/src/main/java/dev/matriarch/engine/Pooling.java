package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.when;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Pooled clients outlive their primary: a pooler lets them wait while nobody takes writes, and
 * sends them to whoever does next, over the network if need be. So they keep their connections
 * through a switchover, and through the crash of a server whose host lives (design, section 5).
 *
 * <p>A pooler carries clients of the primary when its own server is or was one, when it is held, or
 * when it sends elsewhere; all three can be seen, so an agent that is started anew goes on. A
 * standby's own pooler, which carries readers, is left alone.
 */
final class Pooling {
  /** What was done or failed so lately is not done again before a stop. */
  private static final Duration LATELY = Duration.ofSeconds(10);

  private Pooling() {}

  // ---- before a planned stop

  /**
   * What this primary is about to be stopped for on purpose.
   *
   * @param why in words that follow "clients wait while"
   * @param mayCut clients that cannot be held are cut off, rather than that it is not done
   */
  private record Planned(String why, Duration longestPause, boolean mayCut) {}

  private static Optional<Planned> planned(View view, Instant now) {
    if (!view.server().isRunningPrimary()) {
      return Optional.empty();
    }
    Optional<Planned> move =
        Moving.toOther(view, now)
            .map(it -> new Planned(it.candidate() + " takes over", it.longestPause(), false));
    return move.isEmpty() && Restarting.isAboutToBegin(view, now)
        ? Optional.of(new Planned("the server restarts", MoveRequest.PAUSE, true))
        : move;
  }

  /** What a fast shutdown has to write out is written before clients wait for it. */
  static Verdict settle(View view, Instant now) {
    Optional<Planned> stop = planned(view, now);
    boolean due =
        stop.isPresent()
            && hasClients(view)
            && !isSettled(view, now)
            && !hasFailed(view, Effect.SettleForHandover.class, now);
    return due
        ? when(
            view,
            now,
            "clients will wait while " + stop.get().why() + "; what is dirty is written first",
            new Effect.SettleForHandover())
        : PASS;
  }

  static boolean isSettled(View view, Instant now) {
    return view.work().succeededSince(Effect.SettleForHandover.class, now.minus(LATELY));
  }

  private static boolean hasFailed(View view, Class<? extends Effect> kind, Instant now) {
    return view.work()
        .setback(kind)
        .filter(setback -> setback.lastAt().isAfter(now.minus(LATELY)))
        .isPresent();
  }

  /** There are poolers, here or elsewhere, whose clients would have to wait. */
  private static boolean hasClients(View view) {
    return view.pooler().present() || !elsewhere(view).isEmpty();
  }

  /** Lets all clients of this primary wait, on whichever host they are. */
  static Verdict hold(View view, Instant now) {
    Optional<Planned> stop = planned(view, now).filter(it -> !isHeld(view, it, now));
    if (stop.isEmpty() || !hasClients(view)) {
      return PASS;
    }
    return stop.get().mayCut() && hasFailed(view, Effect.HoldClients.class, now)
        ? PASS
        : when(
            view,
            now,
            "clients wait while " + stop.get().why(),
            new Effect.HoldClients(elsewhere(view), stop.get().longestPause()));
  }

  /** All that can be held is; for no longer than was allowed. */
  private static boolean isHeld(View view, Planned stop, Instant now) {
    return view.work().succeededSince(Effect.HoldClients.class, now.minus(stop.longestPause()))
        && (view.pooler().held() || !view.pooler().present());
  }

  /** Why clients could not be held for the move that is asked for; empty when they were not. */
  static Optional<String> objection(View view, Instant now) {
    return view.work()
        .setback(Effect.HoldClients.class)
        .filter(setback -> now.isBefore(setback.retryAt()))
        .map(setback -> "clients could not be held: " + setback.reason());
  }

  /** Members whose poolers send to this one. */
  private static SortedSet<String> elsewhere(View view) {
    SortedSet<String> names = new TreeSet<>();
    for (Member member : view.state().members().values()) {
      if (member.pooledTo().equals(view.name())) {
        names.add(member.name());
      }
    }
    return names;
  }

  /**
   * The lead is not let go before others can know that clients stay on this host: they would cut
   * them off.
   */
  static boolean isKnown(View view) {
    return !keepsClients(view)
        || view.state().member(view.name()).filter(Member::keepsClients).isPresent();
  }

  /**
   * Clients wait in a switchover, and each write costs every member time that they wait for: what
   * nobody acts upon before they go on is told after it.
   */
  static boolean mayWait(View view, Member before, Member mine, Instant now) {
    boolean sameForClients =
        !mine.isPrimary()
            && mine.keepsClients() == before.keepsClients()
            && before.state().isServing();
    boolean here = view.pooler().held() && view.server().role() == Role.PRIMARY;
    return view.moveNow(now).isPresent()
        && sameForClients
        && (here || view.server().isRunningStandby());
  }

  // ---- rules 141 and 805

  /** Clients of a primary are with this pooler. */
  private static boolean carries(View view) {
    return view.pooler().held()
        || !view.pooler().target().isEmpty()
        || view.server().role() == Role.PRIMARY;
  }

  /** Its clients are sent elsewhere, or wait until they can be: they are not to be cut off. */
  static boolean keepsClients(View view) {
    Pooler pooler = view.pooler();
    boolean serves =
        view.server().isRunningPrimary() && pooler.target().isEmpty() && !pooler.held();
    return pooler.present() && carries(view) && !serves;
  }

  /** There is a pooler, and enough is known to say whether its clients have to wait. */
  static boolean canJudge(View view) {
    return view.pooler().present()
        && view.store().known()
        && view.server().condition() != Server.Condition.UNKNOWN;
  }

  /** What else there is to do takes time that clients would wait for. */
  static Verdict resume(View view, Instant now) {
    return view.pooler().held() && tend(view, now) instanceof Verdict.Act act && resumes(act)
        ? act
        : PASS;
  }

  private static boolean resumes(Verdict.Act act) {
    return act.effects().stream().anyMatch(it -> it instanceof Effect.Pool pool && !pool.held());
  }

  static Verdict tend(View view, Instant now) {
    Pooler pooler = view.pooler();
    // Nobody is let wait by an agent that is not there any more when they are to go on.
    boolean ends = !view.work().isFree(Lane.PROCESS);
    if (!canJudge(view) || !carries(view) || ends) {
      return PASS;
    }
    Optional<String> primary = primary(view, now);
    if (primary.isEmpty() && Parting.isHopeless(view, now)) {
      return pooler.held()
          ? order(view, now, "the agent ends, nobody takes writes", pooler.target(), false)
          : PASS;
    }
    Optional<String> heir = primary.isEmpty() ? heir(view) : Optional.empty();
    if (heir.isPresent()) {
      return !pooler.held() && heir.get().equals(pooler.target())
          ? PASS
          : order(view, now, heir.get() + " is about to take writes", heir.get(), false);
    }
    if (primary.isEmpty()) {
      String next =
          view.otherLeader().or(() -> Moving.successor(view, now)).orElse(pooler.target());
      return pooler.held() && next.equals(pooler.target())
          ? PASS
          : order(view, now, "nobody takes writes: pooled clients wait", next, true);
    }
    if (isAskedToHold(view, primary.get(), now)) {
      return pooler.held()
          ? PASS
          : order(view, now, primary.get() + " is about to hand over", pooler.target(), true);
    }
    String target = primary.get().equals(view.name()) ? "" : primary.get();
    boolean home = !target.isEmpty() && view.server().isRunningStandby() && !pooler.held();
    if (home && !pooler.used()) {
      return order(view, now, "its last client of the primary has left", "", false);
    }
    return !pooler.held() && pooler.target().equals(target)
        ? PASS
        : order(view, now, "pooled clients go on with " + primary.get(), target, false);
  }

  private static Verdict order(View view, Instant now, String reason, String target, boolean held) {
    return Duties.ifFree(view, now, reason, new Effect.Pool(target, held));
  }

  /** Who takes writes, as far as this member knows. */
  private static Optional<String> primary(View view, Instant now) {
    if (view.servesWrites(now) && !isBeingStopped(view)) {
      return Optional.of(view.name());
    }
    return view.otherLeader()
        .filter(name -> view.state().member(name).filter(Member::isPrimary).isPresent());
  }

  /**
   * Leads, and its standby lets clients in: a pooler elsewhere can log in there, and its clients
   * wait in that login until the server takes writes. They need not wait for anybody to tell so.
   */
  static Optional<String> heir(View view) {
    return view.otherLeader()
        .filter(name -> view.state().member(name).filter(Pooling::letsIn).isPresent());
  }

  private static boolean letsIn(Member member) {
    boolean standby = member.role() == MemberRole.REPLICA || member.role() == MemberRole.PROMOTED;
    return standby && member.state().isServing();
  }

  private static boolean isBeingStopped(View view) {
    return view.work()
        .in(Lane.SERVER)
        .filter(
            effect ->
                effect instanceof Effect.StopServer || effect instanceof Effect.StopForHandover)
        .isPresent();
  }

  private static boolean isAskedToHold(View view, String primary, Instant now) {
    if (primary.equals(view.name())) {
      return planned(view, now).filter(stop -> isHeld(view, stop, now)).isPresent();
    }
    Pooler.HoldCall call = view.pooler().call();
    return call.leader().equals(primary) && now.isBefore(call.until());
  }
}
