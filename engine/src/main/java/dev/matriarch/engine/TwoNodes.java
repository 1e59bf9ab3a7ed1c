package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Rule 431: a cluster of two. No third member can tell what its standby lacks, so whether it may
 * lead all the same is for the operator to say ({@link TwoNodePolicy}).
 */
final class TwoNodes {
  static final String KEY = "matriarch.two_node_policy";

  private TwoNodes() {}

  /**
   * Whether there are two that could lead, this one and another. Nobody counts whose tags forbid it
   * to lead, nor a third whose key is gone: its tags are unknown then, and it tells nothing anyway.
   * Who led last counts in any case, as what it had is what matters.
   */
  static boolean areAll(View view) {
    Optional<String> last = view.state().lastLeader();
    SortedSet<String> all = new TreeSet<>(last.<Set<String>>map(Set::of).orElse(named(view)));
    view.state()
        .members()
        .forEach(
            (name, member) -> {
              if (member.tags().mayLead()) {
                all.add(name);
              } else if (last.filter(name::equals).isEmpty()) {
                all.remove(name);
              }
            });
    all.add(view.name());
    return all.size() == 2 && view.self().tags().mayLead() && !Standing.isStandbyCluster(view);
  }

  /** Where the field's controller led, one of these may have been the leader. */
  private static SortedSet<String> named(View view) {
    SyncState sync = view.state().sync();
    SortedSet<String> all = new TreeSet<>(view.state().failsafe().members().keySet());
    all.addAll(sync.voters());
    if (sync.isRecorded()) {
      all.add(sync.leader());
    }
    return all;
  }

  /** The standby leads only where it is known to have everything, and nothing will tell. */
  static boolean barStandby(View view) {
    return view.settings().twoNodePolicy() == TwoNodePolicy.CONSISTENCY
        && !Candidates.requiresVote(view)
        && areAll(view);
  }

  /** Nobody has said what is to be done, and commits do not wait for the standby. */
  static boolean areUndeclared(View view) {
    return view.settings().twoNodePolicy() == TwoNodePolicy.UNDECLARED
        && !view.settings().synchrony().isOn()
        && areAll(view);
  }

  /** Why this member does not lead of itself; empty when it may, or an operator asked it to. */
  static Optional<String> objection(View view, Instant now) {
    boolean barred =
        barStandby(view)
            && !hasLedLast(view)
            && !Candidates.isSoleOnTimeline(view)
            && !Moving.isCandidate(view, now);
    return barred
        ? Optional.of(
            "of two members, with "
                + KEY
                + " consistency, it leads only if it has every commit, and as commits did not wait"
                + " for it nobody knows; an operator's failover to "
                + view.name()
                + " overrules")
        : Optional.empty();
  }

  /** Then no other has led since, and it has every commit there is. */
  private static boolean hasLedLast(View view) {
    boolean seenLeading = view.ledTimeline() > 0 && view.ledTimeline() == view.server().timeline();
    return view.state().lastLeader().map(view.name()::equals).orElse(seenLeading);
  }

  static Verdict keepPolicy(View view, Instant now) {
    return Electing.isOpen(view, now)
        ? objection(view, now).map(Verdict::waiting).orElse(PASS)
        : PASS;
  }
}
