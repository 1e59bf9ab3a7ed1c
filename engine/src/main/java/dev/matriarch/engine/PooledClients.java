package dev.matriarch.engine;

import java.time.Duration;
import java.time.Instant;

/**
 * What becomes of clients of a primary at the pooler on the host of a member that is none: for a
 * HAProxy that nobody tells anything, and that has to find it out by asking.
 */
public enum PooledClients {
  /** They wait for the next primary or have just gone on with it, and others may join them. */
  WELCOME,
  /** They go on with another member's server; new ones find it by themselves. */
  KEPT,
  /** As far as this member knows nobody looks after them: they are better cut off. */
  LOST;

  /**
   * What this member can say for them.
   *
   * @param overlap for so long after clients have gone on with another, new ones may not find that
   *     one by themselves yet
   */
  public static PooledClients of(View view, Instant now, Duration overlap) {
    Pooler pooler = view.pooler();
    if (!pooler.present()) {
      return LOST;
    }
    if (pooler.held()) {
      return isSomebodyToCome(view, now) ? WELCOME : LOST;
    }
    boolean goOn =
        !pooler.target().isEmpty()
            && view.otherLeader().filter(pooler.target()::equals).isPresent()
            && isHeardOf(view, pooler.target(), now);
    if (!goOn) {
      return LOST;
    }
    boolean wait = Pooling.heir(view).isPresent();
    return wait || view.work().succeededSince(Effect.Pool.class, now.minus(overlap))
        ? WELCOME
        : KEPT;
  }

  /** Somebody leads, or the key has not been vacant for longer than an election takes. */
  private static boolean isSomebodyToCome(View view, Instant now) {
    Instant since = now.minus(view.settings().ttl());
    return view.leads(now)
        || view.otherLeader().filter(name -> isHeardOf(view, name, now)).isPresent()
        || (view.store().isCurrent()
            && view.store().vacantSince().filter(since::isBefore).isPresent());
  }

  /**
   * etcd says that it leads, or said so less than its lease ago; or this member has promised it to
   * wait. So an outage of etcd cuts nobody off before that leader must have stopped.
   */
  private static boolean isHeardOf(View view, String leader, Instant now) {
    Promise promise = view.failsafe().promise();
    return view.store().isCurrent()
        || view.store()
            .sighting()
            .filter(seen -> seen.leader().equals(leader) && now.isBefore(seen.expiry()))
            .isPresent()
        || (promise.leader().equals(leader) && promise.binds(now));
  }
}
