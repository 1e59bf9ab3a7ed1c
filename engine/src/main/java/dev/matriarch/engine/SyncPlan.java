package dev.matriarch.engine;

import dev.matriarch.engine.Synchrony.Mode;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How the recorded voters V (the {@code sync} key, with quorum q) and the standbys S that commits
 * wait for (n of them) follow the standbys that are there.
 *
 * <p>A candidate is a voter that q other voters answered and none is ahead of. It has every
 * acknowledged commit as long as
 *
 * <pre>n + q &gt;= |S with V|</pre>
 *
 * since then any n of S and any q + 1 of V share a member. Two forms keep that at every moment.
 *
 * <p>Of any (quorum mode): S is within V. Voters are recorded before commits may be acknowledged by
 * them; q is lowered, or V narrowed, only once n of those that remain have flushed all that was
 * acknowledged under the rule before. These are the steps below; they lead from any state to that
 * of either mode.
 *
 * <p>Of each (priority mode, {@link PriorityPlan}): V is within S, all of S are waited for, and q
 * is 0. That is how the field's members read the key in this mode: whoever is named in it may lead,
 * without asking. So a replacement is awaited first and recorded last; the general steps would
 * record it first, with a q that those members do not look at.
 */
final class SyncPlan {
  private final View view;
  private final Synchrony wish;
  private final SyncState recorded;
  private final SyncNames awaited;

  private SyncPlan(View view) {
    this.view = view;
    this.wish = view.settings().synchrony();
    this.recorded = view.state().sync();
    this.awaited = view.server().syncNames();
  }

  /** The next step of a running primary; empty when all is as it should be. */
  static Optional<Effect> next(View view) {
    SyncPlan plan = new SyncPlan(view);
    return plan.wish.isOn() ? plan.step().flatMap(plan::surely) : plan.switchOff();
  }

  /** What is to be recorded or set before this member's standby may be promoted. */
  static Optional<Effect> beforePromotion(View view) {
    return new SyncPlan(view).inherit();
  }

  /** What is to be recorded with a takeover: the leader that is replaced becomes a voter. */
  static Optional<SyncState> afterTakeover(View view) {
    return new SyncPlan(view)
        .inherit()
        .filter(Effect.WriteSync.class::isInstance)
        .map(effect -> ((Effect.WriteSync) effect).sync());
  }

  /**
   * What commits wait for follows from what is recorded, so that must be certain first: a write
   * that is not seen yet, or one of this agent's earlier life that is still on its way, would make
   * a step unsafe that is safe as far as can be seen. Writing the key again ends the doubt, since
   * every older write then fails its compare.
   */
  private Optional<Effect> surely(Effect step) {
    if (!(step instanceof Effect.SetSyncNames) || view.isSureOfSync()) {
      return isOnItsWay() ? Optional.empty() : Optional.of(step);
    }
    return isOnItsWay() || !recorded.isRecorded()
        ? Optional.empty()
        : Optional.of(record(recorded.voters(), recorded.quorum()));
  }

  /** Whether this member's last word about the voters is written, and not seen yet. */
  static boolean isUnseen(View view) {
    return new SyncPlan(view).isOnItsWay();
  }

  private boolean isOnItsWay() {
    return view.syncBase() == recorded.revision()
        && view.work().failures(Effect.WriteSync.class) == 0
        && view.work().failures(Effect.DeleteSync.class) == 0;
  }

  private Optional<Effect> inherit() {
    if (!wish.isOn() || !recorded.isRecorded()) {
      return Optional.empty();
    }
    SortedSet<String> voters = new TreeSet<>(recorded.voters());
    if (!recorded.leader().equals(view.name())) {
      if (!recorded.voters().isEmpty()) {
        voters.add(recorded.leader());
      }
      voters.remove(view.name());
      // By priority each voter has everything, and so has who led them. Otherwise, whoever is
      // elected
      // next must find what was acknowledged by as few as were asked for before.
      boolean each = wish.mode() == Mode.PRIORITY && recorded.quorum() == 0;
      int before = Math.max(recorded.voters().size() - recorded.quorum(), 0);
      int needed = each ? voters.size() : Math.min(acknowledgements(voters.size()), before);
      return Optional.of(record(voters, voters.size() - needed));
    }
    // No fewer than what was recorded reckons with, whatever the settings say by now.
    int needed = Math.max(acknowledgements(voters.size()), voters.size() - recorded.quorum());
    SyncNames names = voters.isEmpty() ? nobody() : new SyncNames(needed, voters);
    return awaited.equals(names) ? Optional.empty() : Optional.of(new Effect.SetSyncNames(names));
  }

  private Optional<Effect> step() {
    if (!recorded.leader().equals(view.name())) {
      return Optional.of(record(awaited.names(), awaited.names().size()));
    }
    SyncCandidates candidates = new SyncCandidates(view);
    PriorityPlan plan = new PriorityPlan(view, candidates);
    if (wish.mode() == Mode.PRIORITY && plan.applies()) {
      return plan.step();
    }
    SortedSet<String> target = candidates.chosen();
    return Stream.<Optional<Effect>>of(
            widenVoters(target), widenNames(target), narrowNames(target), settleVoters())
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<Effect> switchOff() {
    // The record goes first: whoever takes over by it compares it, so a leader that was able to
    // delete it has not been deposed, and may let go of commits that wait.
    if (recorded.revision() != 0) {
      return Optional.of(new Effect.DeleteSync(recorded.revision()));
    }
    return awaited.equals(SyncNames.NONE)
        ? Optional.empty()
        : Optional.of(new Effect.SetSyncNames(SyncNames.NONE));
  }

  private Optional<Effect> widenVoters(SortedSet<String> target) {
    SortedSet<String> voters = union(union(recorded.voters(), awaited.names()), target);
    if (recorded.voters().equals(voters)) {
      return Optional.empty();
    }
    // Those that come need not have what was acknowledged before: so many more must answer, as long
    // as it takes the rest of the steps to see that they do.
    int sure = Math.max(recorded.voters().size() - recorded.quorum(), 0);
    return Optional.of(record(voters, voters.size() - Math.min(awaited.acknowledgements(), sure)));
  }

  private Optional<Effect> widenNames(SortedSet<String> target) {
    SortedSet<String> names = union(awaited.names(), target);
    // Raising n is safe at once; it is lowered only by narrowNames, after q was raised.
    int needed = Math.max(acknowledgements(names.size()), awaited.acknowledgements());
    SyncNames wanted =
        names.isEmpty() ? nobody() : new SyncNames(Math.min(needed, names.size()), names);
    return wanted.equals(awaited)
            || recorded.quorum() + wanted.acknowledgements() < recorded.voters().size()
        ? Optional.empty()
        : Optional.of(new Effect.SetSyncNames(wanted));
  }

  private Optional<Effect> narrowNames(SortedSet<String> target) {
    SyncNames wanted = target.isEmpty() ? nobody() : names(target);
    if (wanted.equals(awaited)) {
      return Optional.empty();
    }
    boolean safe = recorded.quorum() + wanted.acknowledgements() >= recorded.voters().size();
    return safe
        ? Optional.of(new Effect.SetSyncNames(wanted))
        : Optional.of(
            record(recorded.voters(), recorded.voters().size() - wanted.acknowledgements()));
  }

  /** Lets elections need fewer answers, once enough standbys have all that was acknowledged. */
  private Optional<Effect> settleVoters() {
    SortedSet<String> voters = awaited.names();
    int quorum = voters.size() - awaited.acknowledgements();
    if (awaited.equals(SyncNames.NOBODY)) {
      quorum = 0;
    }
    SyncState wanted = new SyncState(recorded.revision(), view.name(), quorum, voters);
    if (wanted.saysSameAs(recorded)) {
      return Optional.empty();
    }
    long caughtUp =
        voters.stream()
            .map(name -> view.server().standbys().get(name))
            .filter(link -> link != null && !view.syncSince().isBeyond(link.flushed()))
            .count();
    boolean needless = voters.isEmpty();
    return needless || caughtUp >= awaited.acknowledgements()
        ? Optional.of(new Effect.WriteSync(wanted))
        : Optional.empty();
  }

  private SyncNames nobody() {
    return wish.strict() ? SyncNames.NOBODY : SyncNames.NONE;
  }

  private SyncNames names(SortedSet<String> members) {
    return members.isEmpty() ? nobody() : new SyncNames(acknowledgements(members.size()), members);
  }

  private int acknowledgements(int standbys) {
    return Math.min(wish.acknowledgements(), standbys);
  }

  private Effect record(SortedSet<String> voters, int quorum) {
    return new Effect.WriteSync(
        new SyncState(recorded.revision(), view.name(), Math.max(quorum, 0), voters));
  }

  private static SortedSet<String> union(SortedSet<String> some, SortedSet<String> others) {
    SortedSet<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }
}
