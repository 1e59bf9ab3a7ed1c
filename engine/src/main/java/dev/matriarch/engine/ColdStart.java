package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.waiting;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Rule 432: after an outage of all members the one that boots first knows of nobody else, as
 * members' keys have ended with their leases. So where commits did not wait for standbys, a member
 * that has seen no leader alive since its agent started, and whose server has not streamed since it
 * was started, waits a while for who led last: that one has every commit there is. Where commits
 * waited, the {@code sync} key tells for ever who may lead (rules 404 and 407).
 */
final class ColdStart {
  /** Hosts that lost power together take about that long to differ in. */
  private static final Duration LEAST = Duration.ofSeconds(60);

  private ColdStart() {}

  /** Whom this member waits for before it takes the key; nobody once it waited long enough. */
  static SortedSet<String> awaited(View view, Instant now) {
    boolean cold =
        !view.store().sawLeader()
            && !view.server().streamed()
            && view.store().vacantSince().isPresent()
            && now.isBefore(until(view, now))
            && !Candidates.requiresVote(view)
            && !Candidates.isSoleOnTimeline(view)
            && !Standing.isStandbyCluster(view)
            && !Moving.isCandidate(view, now);
    if (!cold) {
      return Collections.emptySortedSet();
    }
    // Where the field's controller led, only the members are known.
    SortedSet<String> awaited =
        new TreeSet<>(
            view.state()
                .lastLeader()
                .<Set<String>>map(Set::of)
                .orElse(view.state().failsafe().members().keySet()));
    awaited.remove(view.name());
    awaited.removeIf(name -> isBack(view, name));
    return awaited;
  }

  private static Instant until(View view, Instant now) {
    Duration twice = view.settings().ttl().multipliedBy(2);
    Duration longest = twice.compareTo(LEAST) < 0 ? LEAST : twice;
    return view.store().vacantSince().orElse(now).plus(longest);
  }

  /** It answers, and the election reckons with it; or there is nothing to wait for. */
  private static boolean isBack(View view, String name) {
    PeerReport report = view.peers().reports().get(name);
    return report != null
        && (report.role() == Role.NONE
            || !report.tags().mayLead()
            || (report.running() && report.role() == Role.PRIMARY)
            || Candidates.mayWin(view, report));
  }

  static Verdict await(View view, Instant now) {
    SortedSet<String> awaited = awaited(view, now);
    if (awaited.isEmpty() || !Electing.isOpen(view, now)) {
      return PASS;
    }
    String reason =
        "all members were down: until "
            + view.wall(until(view, now)).truncatedTo(ChronoUnit.SECONDS)
            + " it waits for "
            + String.join(" and ", awaited)
            + (view.state().lastLeader().isEmpty() ? "" : ", who led last");
    return Candidates.others(view).isEmpty()
        ? waiting(reason)
        : Electing.askAgain(view, now, reason);
  }
}
