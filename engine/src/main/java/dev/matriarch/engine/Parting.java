package dev.matriarch.engine;

import java.time.Duration;
import java.time.Instant;

/**
 * How an agent that was asked to end leaves pooled clients that wait: nobody is there afterwards to
 * let them go on, and they would wait until PgBouncer gives them up. It stays until it has seen
 * them on to the next primary (rule 805). When none comes they are let go all the same: to be
 * refused is better than to wait for nobody.
 */
final class Parting {
  private Parting() {}

  /** Clients wait, or are just being let go on; once that has failed there is an end to it. */
  static boolean isDue(View view, Instant now) {
    boolean worthATry = now.isBefore(latest(view)) || view.work().failures(Effect.Pool.class) == 0;
    return Pooling.canJudge(view)
        && ((view.pooler().held() && worthATry) || !view.work().isFree(Lane.POOLER));
  }

  /** Nobody is waited for any more. In pause nobody takes over. */
  static boolean isHopeless(View view, Instant now) {
    boolean down = !view.server().hasProcesses();
    boolean nobody = !now.isBefore(until(view)) || !hasHeir(view);
    return view.leaving() && (view.settings().paused() || (down && nobody));
  }

  static String waitsFor(View view, Instant now) {
    return isHopeless(view, now) ? "nobody takes over" : "another is to lead";
  }

  /**
   * Until when clients wait for the next primary. With the key given back that takes less than a
   * second; within a lease whoever can lead does so.
   */
  static Instant until(View view) {
    Instant asked = view.leavingSince().orElse(Instant.MIN);
    Instant down = view.serverSince();
    Duration lease = view.settings().lease().lease();
    return (down.isAfter(asked) ? down : asked)
        .plus(lease.compareTo(Resigning.LONGEST) < 0 ? lease : Resigning.LONGEST);
  }

  /** Until when it is tried again to let them go. */
  static Instant latest(View view) {
    return until(view).plus(view.settings().lease().patience());
  }

  /** Somebody leads or may do so soon. */
  private static boolean hasHeir(View view) {
    return view.otherLeader().isPresent()
        || view.state().members().values().stream()
            .filter(member -> !member.name().equals(view.name()))
            .filter(member -> member.timeline() >= view.state().newestInForce())
            .anyMatch(member -> member.isReplica() && member.tags().mayLead());
  }
}
