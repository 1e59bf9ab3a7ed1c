package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.act;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether this member can still make data durable, and rules 820, which see to it that this is
 * known. A probe that does not come back is a failure even if the server's processes live; a probe
 * is an order like any other, so that its age is known without waiting for it.
 */
final class Durability {
  /** Failures in a row that are no accident. */
  private static final int MOST_FAILURES = 3;

  private Durability() {}

  private static final Duration BRISKEST = Duration.ofSeconds(1);

  /** How long after the last proof another is due: on a busy server it costs nothing. */
  private static Duration pace(View view) {
    Duration pace = LeaseTerms.part(view.settings().retryTimeout(), 5);
    return pace.compareTo(BRISKEST) < 0 ? BRISKEST : pace;
  }

  /** When the probe under way has taken too long. */
  static Optional<Instant> overdueAt(View view) {
    return Optional.ofNullable(view.work().running().get(Lane.PROOF))
        .map(order -> order.since().plus(view.settings().retryTimeout()));
  }

  /** That the disk hangs, in words; empty when it answers, well or ill. */
  static Optional<String> hanging(View view, Instant now) {
    if (overdueAt(view).filter(at -> !now.isBefore(at)).isPresent()) {
      return Optional.of(
          "its disk has not answered for " + view.settings().retryTimeout().toSeconds() + " s");
    }
    return view.server().isDown() && !view.server().disk().answering()
        ? Optional.of("its disk does not answer")
        : Optional.empty();
  }

  /** What is the matter with this member's disk, in words; empty when nothing is. */
  static Optional<String> trouble(View view, Instant now) {
    return hanging(view, now).or(() -> failing(view));
  }

  private static Optional<String> failing(View view) {
    return view.work()
        .setback(Effect.ProveCommit.class)
        .filter(setback -> setback.count() >= MOST_FAILURES)
        .map(setback -> "it cannot write: " + setback.reason());
  }

  /** What others are told of this member's disk. */
  static Disk.State state(View view, Instant now) {
    if (trouble(view, now).isPresent()) {
      return Disk.State.STUCK;
    }
    return view.server().disk().isFull() ? Disk.State.FULL : Disk.State.FINE;
  }

  static Verdict proveCommit(View view, Instant now) {
    boolean due =
        view.server().isRunning()
            && view.work().isFree(Lane.PROOF)
            && !view.work().isResting(Effect.ProveCommit.class, now)
            && !view.work().succeededSince(Effect.ProveCommit.class, now.minus(pace(view)));
    return due ? act("the last proof is old", new Effect.ProveCommit()) : PASS;
  }

  static Verdict keepReserve(View view, Instant now) {
    Disk disk = view.server().disk();
    boolean wanted =
        view.server().isRunning()
            && disk.answering()
            && disk.reserve() < disk.wantedReserve()
            && disk.canSpareReserve()
            && view.work().isFree(Lane.DISK)
            && !view.work().isResting(Effect.KeepReserve.class, now);
    return wanted
        ? act("there is room for a reserve", new Effect.KeepReserve(disk.wantedReserve()))
        : PASS;
  }
}
