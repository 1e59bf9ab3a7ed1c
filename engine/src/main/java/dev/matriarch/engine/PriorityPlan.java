package dev.matriarch.engine;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The steps of priority mode, where each voter by itself has every acknowledged commit: the form in
 * which the field's members understand the {@code sync} key.
 *
 * <pre>q = 0, n = |S|, V is within S</pre>
 *
 * so n + q &gt;= |S with V|, as {@link SyncPlan} has it. Each step keeps that: standbys are awaited
 * before they become voters, and stop being voters before they are no longer awaited. One becomes a
 * voter once it is seen to be synchronous and has flushed all that was written when commits began
 * to wait for it: what was acknowledged before, and, since all of S are waited for, whatever is
 * acknowledged after.
 */
final class PriorityPlan {
  private final View view;
  private final SyncCandidates candidates;
  private final SyncState recorded;
  private final SyncNames awaited;

  PriorityPlan(View view, SyncCandidates candidates) {
    this.view = view;
    this.candidates = candidates;
    this.recorded = view.state().sync();
    this.awaited = view.server().syncNames();
  }

  /** Whether things stand in this form; if not, {@link SyncPlan}'s general steps lead to it. */
  boolean applies() {
    boolean all = awaited.acknowledgements() == awaited.names().size();
    return recorded.quorum() == 0
        && awaited.names().containsAll(recorded.voters())
        && (all || awaited.equals(SyncNames.NOBODY));
  }

  Optional<Effect> step() {
    SortedSet<String> target = candidates.chosen();
    SortedSet<String> voters = new TreeSet<>(recorded.voters());
    if (voters.containsAll(target)) {
      voters.retainAll(target);
    } else {
      // Who is to be replaced stays a voter until then, unless it is of no use any more.
      voters.removeIf(name -> !candidates.fit().contains(name) && !target.contains(name));
    }
    if (!voters.equals(recorded.voters())) {
      return Optional.of(record(voters));
    }
    SortedSet<String> wanted = new TreeSet<>(target);
    wanted.addAll(voters);
    SyncNames names = wanted.isEmpty() ? nobody() : new SyncNames(wanted.size(), wanted);
    if (!names.equals(awaited)) {
      return Optional.of(new Effect.SetSyncNames(names));
    }
    SortedSet<String> more = new TreeSet<>(voters);
    for (String member : target) {
      if (hasAll(member)) {
        more.add(member);
      }
    }
    return more.equals(voters) ? Optional.empty() : Optional.of(record(more));
  }

  private boolean hasAll(String member) {
    StandbyLink link = view.server().standbys().get(member);
    return link != null && link.synchronous() && !view.syncSince().isBeyond(link.flushed());
  }

  private SyncNames nobody() {
    return view.settings().synchrony().strict() ? SyncNames.NOBODY : SyncNames.NONE;
  }

  private Effect record(SortedSet<String> voters) {
    return new Effect.WriteSync(new SyncState(recorded.revision(), view.name(), 0, voters));
  }
}
