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
  /** Two seconds of a checkpoint are gone before clients have to wait for it. */
  private static final Duration SETTLED = Duration.ofSeconds(10);

  private Pooling() {}

  // ---- before a hand-over

  /** What a fast shutdown has to write out is written before clients wait for it. */
  static Verdict settle(View view, Instant now) {
    Optional<MoveRequest> move = Moving.toOther(view, now);
    boolean due =
        move.isPresent()
            && view.server().isRunningPrimary()
            && hasClients(view)
            && !isSettled(view, now)
            && view.work().failures(Effect.SettleForHandover.class) == 0;
    return due
        ? when(
            view,
            now,
            move.get().candidate() + " can take over; what is dirty is written first",
            new Effect.SettleForHandover())
        : PASS;
  }

  static boolean isSettled(View view, Instant now) {
    return view.work().succeededSince(Effect.SettleForHandover.class, now.minus(SETTLED));
  }

  /** There are poolers, here or elsewhere, whose clients would have to wait. */
  private static boolean hasClients(View view) {
    return view.pooler().present() || !elsewhere(view).isEmpty();
  }

  /** Lets all clients of this primary wait, on whichever host they are. */
  static Verdict hold(View view, Instant now) {
    Optional<MoveRequest> move = Moving.toOther(view, now);
    if (move.isEmpty() || !view.server().isRunningPrimary() || isHeld(view, now)) {
      return PASS;
    }
    return hasClients(view)
        ? when(
            view,
            now,
            "clients wait while " + move.get().candidate() + " takes over",
            new Effect.HoldClients(elsewhere(view), move.get().longestPause()))
        : PASS;
  }

  /** All that can be held is; for no longer than was allowed. */
  private static boolean isHeld(View view, Instant now) {
    Duration longest = view.state().request().map(MoveRequest::longestPause).orElse(Duration.ZERO);
    return view.work().succeededSince(Effect.HoldClients.class, now.minus(longest))
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
    names.remove(view.name());
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

  // ---- rule 805

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

  static Verdict tend(View view, Instant now) {
    Pooler pooler = view.pooler();
    if (!pooler.present() || !carries(view) || !view.store().known()) {
      return PASS;
    }
    Optional<String> primary = primary(view, now);
    if (primary.isEmpty()) {
      String next = view.otherLeader().orElse(pooler.target());
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
    if (view.server().isRunningPrimary() && view.mayServeWrites(now)) {
      return Optional.of(view.name());
    }
    return view.otherLeader()
        .filter(name -> view.state().member(name).filter(Member::isPrimary).isPresent());
  }

  private static boolean isAskedToHold(View view, String primary, Instant now) {
    if (primary.equals(view.name())) {
      boolean moves = Moving.toOther(view, now).isPresent() && isHeld(view, now);
      return moves || Moving.handsOver(view);
    }
    Pooler.HoldCall call = view.pooler().call();
    boolean stands =
        view.moveNow(now).filter(move -> !move.candidate().equals(primary)).isPresent();
    return stands && call.leader().equals(primary) && now.isBefore(call.until());
  }
}
