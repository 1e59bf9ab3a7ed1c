package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.act;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Rules 120: a member whose disk hangs or is full, or whose data may be out of place, gets out of
 * the way.
 */
final class Ailing {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  private Ailing() {}

  private static boolean isLeading(View view, Instant now) {
    return view.leads(now) && view.state().initialization() instanceof Initialization.Done;
  }

  /** Asks the others if their answers are old; empty when they are fresh, or cannot be had. */
  private static Optional<Verdict> ask(View view, Instant now, String why) {
    boolean fresh = view.peers().wereAskedSince(now.minus(ASK_AGAIN));
    return fresh || !view.work().isFree(Lane.PEERS) || Candidates.others(view).isEmpty()
        ? Optional.empty()
        : Optional.of(
            when(
                view,
                now,
                why + "; is there a replica?",
                new Effect.AskPeers(Candidates.others(view))));
  }

  static Verdict cannotCommit(View view, Instant now) {
    Optional<String> trouble = Durability.trouble(view, now);
    // Without etcd the lead cannot be passed on: to stop would help nobody.
    boolean passes = view.store().isCurrent() && !view.settings().paused();
    if (trouble.isEmpty() || !isLeading(view, now) || !passes) {
      return PASS;
    }
    String why = trouble.get();
    Optional<Verdict> asking = ask(view, now, why);
    if (asking.isPresent()) {
      return asking.get();
    }
    if (!Candidates.hasSuccessor(view)) {
      return PASS;
    }
    // What is being done to the server waits for the disk too; only an immediate stop does not.
    boolean mustStop = view.server().mayBeWriting() || !view.work().isFree(Lane.SERVER);
    return mustStop
        ? Fencing.fence(view, why + "; another will lead")
        : Leading.release(view, now, why + "; a replica can lead", Lsn.ZERO);
  }

  static Verdict awaitDisk(View view, Instant now) {
    return view.server().isDown()
        ? Durability.hanging(view, now).map(why -> waiting("for its disk: " + why)).orElse(PASS)
        : PASS;
  }

  static Verdict useReserve(View view, Instant now) {
    Disk disk = view.server().disk();
    boolean needed =
        isLeading(view, now)
            && view.server().role() == Role.PRIMARY
            && disk.answering()
            && disk.isFull()
            && disk.reserve() > 0;
    // Now, while the server can still be shut down cleanly or recover from having run out.
    return needed && view.work().isFree(Lane.DISK)
        ? when(view, now, "the disk is nearly full", new Effect.ReleaseReserve())
        : PASS;
  }

  static Verdict makeRoom(View view, Instant now) {
    boolean needed =
        isLeading(view, now)
            && view.server().isRunningPrimary()
            && view.server().disk().isFull()
            && view.store().isCurrent()
            && view.state().request().isEmpty()
            && !view.settings().paused();
    if (!needed) {
      return PASS;
    }
    Optional<Verdict> asking = ask(view, now, "the disk is nearly full");
    if (asking.isPresent()) {
      return asking.get();
    }
    boolean resting =
        !view.work().isFree(Lane.NOTES)
            || view.work().isResting(Effect.RequestMove.class, now)
            || view.work().succeededSince(Effect.RequestMove.class, now.minusSeconds(10));
    Optional<String> roomy = resting ? Optional.empty() : Candidates.best(view);
    return roomy
        .map(
            candidate ->
                act(
                    "the disk is nearly full, and " + candidate + " has room",
                    new Effect.RequestMove(candidate)))
        .orElse(PASS);
  }

  /**
   * A former primary that is down may hold commits that nobody else has. Started as it is, it would
   * serve them to readers, and stand in elections with them.
   */
  static Verdict quarantine(View view, Instant now) {
    boolean returning =
        view.server().isDown()
            && view.server().role() == Role.PRIMARY
            && !view.leads(now)
            && view.state().initialization() instanceof Initialization.Done;
    if (!returning) {
      return PASS;
    }
    // To lead a standby cluster it is taken back to the source first: nobody need tell what to
    // undo.
    boolean succeeded =
        view.server().timeline() < view.state().newestTimeline()
            && !Standing.isStandbyCluster(view);
    if (succeeded && view.otherLeader().isEmpty()) {
      return waiting(
          "in quarantine: timeline "
              + view.state().newestTimeline()
              + " was begun after its own "
              + view.server().timeline()
              + "; a leader must tell what to undo"
              + view.state().lastLeader().map(name -> ", and " + name + " led last").orElse(""));
    }
    if (Following.isOnUnknownTimeline(view) && view.otherLeader().isEmpty()) {
      return waiting(
          "in quarantine: the cluster's timeline %d is not the one that it began itself; a leader must tell what to undo"
              .formatted(view.server().timeline()));
    }
    boolean ledBefore =
        view.work().succeededSince(Effect.AcquireLeader.class, view.self().startedAt())
            || view.work().succeededSince(Effect.AdoptLeader.class, view.self().startedAt());
    return view.store().isCurrent() || ledBefore
        ? PASS
        : waiting("in quarantine: it was primary, and etcd does not tell who was after it");
  }
}
