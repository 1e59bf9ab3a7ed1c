package dev.matriarch.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** When the engine must be asked again even if nothing happens. */
final class Alarms {
  private Alarms() {}

  static Instant next(View view, Instant now) {
    List<Instant> due = new ArrayList<>();
    LeaseTerms terms = view.settings().lease();
    view.deadline().ifPresent(due::add);
    view.store()
        .sighting()
        .filter(seen -> !seen.leader().equals(view.name()))
        .ifPresent(
            seen -> {
              due.add(seen.halfway());
              due.add(seen.expiry());
            });
    due.add(Surviving.nextRound(view));
    due.add(view.failsafe().promise().until());
    if (view.settings().revokes()) {
      addRevocation(view, now, due);
    }
    view.store().vacantSince().ifPresent(since -> due.add(now.plus(terms.patience())));
    view.moveNow(now).ifPresent(request -> due.add(now.plusMillis(100)));
    view.state()
        .request()
        .flatMap(MoveRequest::scheduledAt)
        .ifPresent(at -> due.add(at.minus(view.wallAhead())));
    view.wishes()
        .scheduled()
        .flatMap(wish -> wish.plan().at())
        .ifPresent(at -> due.add(at.minus(view.wallAhead())));
    view.wishes()
        .restart()
        .flatMap(wish -> wish.begunAt().flatMap(at -> wish.plan().timeout().map(at::plus)))
        .ifPresent(at -> due.add(at.plusMillis(1)));
    view.peers().askedAt().ifPresent(at -> due.add(at.plus(terms.patience())));
    for (Setback setback : view.work().setbacks().values()) {
      due.add(setback.retryAt());
    }
    Durability.overdueAt(view).ifPresent(due::add);
    due.add(view.outSince().plus(view.settings().primaryStartTimeout()).plusMillis(1));
    due.add(view.serverSince().plus(view.settings().retryTimeout()).plusMillis(1));
    if (Standing.gaveUpItsOwn(view)) {
      due.add(view.drySince().plus(Standing.ASTRAY));
    }
    if (Standing.isLeftBehind(view)) {
      due.add(view.drySince().plus(Standing.LEFT_BEHIND));
    }
    due.add(view.pooler().call().until());
    due.add(view.self().startedAt().plusSeconds(1));
    due.add(view.self().leasedUntil());
    Resigning.until(view, now).ifPresent(due::add);
    if (view.leaving()) {
      due.add(Parting.until(view));
      due.add(Parting.latest(view));
    }
    RaceBackoff.end(view, now).ifPresent(due::add);
    Instant latest = now.plus(view.settings().loopWait());
    return due.stream()
        .filter(now::isBefore)
        .filter(latest::isAfter)
        .min(Instant::compareTo)
        .orElse(latest);
  }

  private static void addRevocation(View view, Instant now, List<Instant> due) {
    Duration suspicion = view.settings().suspicion();
    view.store()
        .sighting()
        .filter(seen -> !seen.leader().equals(view.name()))
        .ifPresent(
            seen -> {
              due.add(seen.receivedAt().plus(suspicion.multipliedBy(2).dividedBy(3)));
              due.add(seen.receivedAt().plus(suspicion));
            });
    view.revoked()
        .since()
        .ifPresent(
            since -> {
              due.add(now.plusMillis(50));
              due.add(since.plus(suspicion.dividedBy(2)));
            });
    view.revoked().endedAt().ifPresent(at -> due.add(at.plus(suspicion.multipliedBy(2))));
  }
}
