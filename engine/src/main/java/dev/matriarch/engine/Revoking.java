package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.act;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Rules 111 and 421 to 427: in strict quorum mode a leader that fell silent is replaced without
 * waiting for its lease. What makes it safe is written down in {@code docs/revocation.md}:
 *
 * <pre>
 * silent  --REVOKE-->  revoked  --each voter: PROMISE-->  promised  --TAKE_OVER-->  the best leads
 *                         |                                  |
 *                         +-- a renewal, or WITHDRAW --------+-->  all stream from the leader again
 * </pre>
 *
 * <p>Whether a promise binds depends on etcd's keys alone, never on settings or time: it ends for
 * its giver only when no candidate can succeed with it any more.
 */
final class Revoking {
  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.WITHDRAW, Revoking::withdraw),
          new Clause(Rule.PROMISE, Revoking::promise),
          new Clause(Rule.SOUND_OUT, Revoking::soundOut),
          new Clause(Rule.REVOKE, Revoking::revoke),
          new Clause(Rule.AWAIT_PROMISES, Revoking::awaitPromises),
          new Clause(Rule.TAKE_OVER, Revoking::takeOver),
          new Clause(Rule.KEEP_PROMISE, Revoking::keepPromise));

  /** How often voters are asked whether they have promised. */
  private static final Duration POLL = Duration.ofMillis(50);

  private Revoking() {}

  // ---- who may

  /** How many voters' promises leave fewer than a commit needs. */
  private static int needed(SyncState sync) {
    return sync.quorum() + 1;
  }

  private static boolean isVoter(View view) {
    return view.state().sync().voters().contains(view.name());
  }

  /** The leader whose term could be revoked by the recorded voters, of whom this member is one. */
  private static Optional<String> revocable(View view) {
    SyncState sync = view.state().sync();
    boolean possible =
        view.store().isCurrent()
            && view.settings().revokes()
            && !view.settings().paused()
            && isVoter(view)
            && needed(sync) <= sync.voters().size();
    return possible ? view.otherLeader().filter(sync.leader()::equals) : Optional.empty();
  }

  private static boolean couldLead(View view) {
    return view.server().isRunningStandby() && Candidates.ownObjection(view).isEmpty();
  }

  private static SortedSet<String> otherVoters(View view) {
    SortedSet<String> others = new TreeSet<>(view.state().sync().voters());
    others.remove(view.name());
    return others;
  }

  private static List<PeerReport> ready(View view) {
    return view.peers().reports().values().stream()
        .filter(report -> otherVoters(view).contains(report.member()))
        .filter(report -> report.running() && report.role() == Role.STANDBY && report.seesStore())
        .toList();
  }

  private static List<PeerReport> promised(View view, Revocation revocation) {
    return ready(view).stream()
        .filter(report -> report.promised() == revocation.revision())
        .toList();
  }

  // ---- the end of a revocation that must not or cannot succeed

  private static Verdict remove(View view, Instant now, String why) {
    Effect end = new Effect.EndRevocation(view.state().revocation().revision(), why);
    return view.work().isFree(end.lane()) && !view.work().isResting(end.getClass(), now)
        ? act(why, end)
        : PASS;
  }

  static Verdict revokedInError(View view, Instant now) {
    return view.leads(now) && view.store().isCurrent() && view.state().revocation().isRecorded()
        ? remove(view, now, view.name() + " leads, and is alive")
        : PASS;
  }

  private static Verdict withdraw(View view, Instant now) {
    Revocation revocation = view.state().revocation();
    if (!view.store().isCurrent() || !revocation.isRecorded()) {
      return PASS;
    }
    if (view.state().revocationInForce().isEmpty()) {
      return remove(view, now, "the keys that the revocation is bound to have changed");
    }
    if (view.settings().paused() || !view.settings().revokes()) {
      return remove(view, now, "the configuration does not allow a revocation any more");
    }
    // Its author first; another only if the author is gone.
    int patience = revocation.by().equals(view.name()) ? 1 : 2;
    Instant over =
        view.revoked().since().orElse(now).plus(view.settings().suspicion().multipliedBy(patience));
    return now.isBefore(over) ? PASS : remove(view, now, "too few voters promised in time");
  }

  // ---- the voters

  private static Verdict promise(View view, Instant now) {
    Optional<Revocation> revocation = view.state().revocationInForce();
    if (revocation.isEmpty() || revocable(view).isEmpty() || !view.server().isRunningStandby()) {
      return PASS;
    }
    long revision = revocation.get().revision();
    return view.revoked().promised() == revision
        ? PASS
        : when(
            view,
            now,
            revocation.get().by() + " revokes the term of " + revocation.get().leader(),
            new Effect.Promise(revision));
  }

  private static Verdict keepPromise(View view, Instant now) {
    Optional<Revocation> revocation = view.state().revocationInForce();
    if (revocation.isEmpty() || view.otherLeader().isEmpty() || !isVoter(view)) {
      return PASS;
    }
    String reason = "the term of " + revocation.get().leader() + " is being revoked";
    boolean startable = view.server().isDown() && view.server().role() == Role.STANDBY;
    return startable
        ? when(view, now, reason, new Effect.StartStandby(""))
        : waiting(reason + "; it follows nobody");
  }

  // ---- whoever suspects the leader

  private static Optional<Sighting> suspect(View view, Instant now, Duration silence) {
    Optional<Instant> ended = view.revoked().endedAt();
    Duration rest = view.settings().suspicion().multipliedBy(2);
    boolean rested = ended.filter(at -> now.isBefore(at.plus(rest))).isEmpty();
    return revocable(view).isPresent()
            && couldLead(view)
            && Durability.trouble(view, now).isEmpty()
            && rested
            && !view.state().revocation().isRecorded()
        ? view.store()
            .sighting()
            .filter(seen -> !now.isBefore(seen.receivedAt().plus(silence)))
            // A leader that renews without raising its key's revision could not defend itself.
            .filter(Sighting::raisesKey)
        : Optional.empty();
  }

  /** When voters are asked, so that their answers are there when it matters. */
  private static Duration unease(View view) {
    return view.settings().suspicion().multipliedBy(2).dividedBy(3);
  }

  private static Verdict soundOut(View view, Instant now) {
    Duration unease = unease(view);
    Optional<Sighting> silent = suspect(view, now, unease);
    if (silent.isEmpty()) {
      return PASS;
    }
    Instant since = silent.get().receivedAt().plus(unease);
    Instant stale = now.minus(view.settings().lease().patience());
    boolean asked = view.peers().wereAskedSince(since.isAfter(stale) ? since : stale);
    return asked || !view.work().isFree(Lane.PEERS) || !view.work().isFree(Lane.PROBE)
        ? PASS
        : act(
            silent.get().leader() + " has missed its renewals",
            new Effect.AskPeers(otherVoters(view)),
            new Effect.ProbeServer(silent.get().leader()));
  }

  private static Verdict revoke(View view, Instant now) {
    Optional<Sighting> silent = suspect(view, now, view.settings().suspicion());
    if (silent.isEmpty()) {
      return PASS;
    }
    String leader = silent.get().leader();
    if (Surviving.isBound(view, now)) {
      return waiting(leader + " goes on without etcd, as far as this member promised");
    }
    Instant since = silent.get().receivedAt().plus(unease(view));
    boolean answered = view.work().succeededSince(Effect.ProbeServer.class, since);
    // Having answered before, it may be busy: starting an agent anew keeps a small host so.
    int silences = answered ? 2 : 1;
    boolean dead =
        view.work()
            .setback(Effect.ProbeServer.class)
            .filter(setback -> setback.lastAt().isAfter(since) && setback.count() >= silences)
            .isPresent();
    if (!dead && answered) {
      // Its agent may be starting anew, and commits go on; else its lease ends it.
      return waiting("for " + leader + " to renew its lease: its server still answers");
    }
    SyncState sync = view.state().sync();
    int ready = 1 + ready(view).size();
    if (!dead || ready < needed(sync)) {
      return waiting(
          leader + " is silent; " + ready + " voters are ready, " + needed(sync) + " are needed");
    }
    return when(
        view,
        now,
        leader + " has not renewed its lease in " + view.settings().suspicion(),
        new Effect.Revoke(
            new Revocation(0, leader, silent.get().revision(), sync.revision(), view.name())));
  }

  // ---- the candidates

  /** The revocation that this member has promised to and could profit from. */
  private static Optional<Revocation> candidacy(View view) {
    return revocable(view).isPresent() && couldLead(view)
        ? view.state()
            .revocationInForce()
            .filter(revocation -> view.revoked().promised() == revocation.revision())
        : Optional.empty();
  }

  private static Verdict awaitPromises(View view, Instant now) {
    Optional<Revocation> revocation = candidacy(view);
    if (revocation.isEmpty()) {
      return PASS;
    }
    int promised = 1 + promised(view, revocation.get()).size();
    int needed = needed(view.state().sync());
    if (promised >= needed) {
      return PASS;
    }
    String reason = promised + " voters have promised, " + needed + " are needed";
    boolean polled = view.peers().wereAskedSince(now.minus(POLL).plusNanos(1));
    boolean seen = view.peers().wereAskedSince(view.revoked().since().orElse(now));
    return (polled && seen) || !view.work().isFree(Lane.PEERS)
        ? waiting(reason)
        : act(reason, new Effect.AskPeers(answering(view)));
  }

  /** Those that answered when they were asked last; all when that was nobody. */
  private static SortedSet<String> answering(View view) {
    SortedSet<String> voters = otherVoters(view);
    SortedSet<String> answering = new TreeSet<>(view.peers().reports().keySet());
    answering.retainAll(voters);
    return answering.isEmpty() ? voters : answering;
  }

  private static Verdict takeOver(View view, Instant now) {
    Optional<Revocation> found = candidacy(view);
    if (found.isEmpty()) {
      return PASS;
    }
    Revocation revocation = found.get();
    // Taken and given back at once, the key would be vacant with this member recorded as the one
    // that has every commit, while the old leader goes on and its standbys return to it.
    if (Surviving.isBound(view, now)) {
      return waiting("it promised not to lead before " + view.failsafe().promise().leader());
    }
    PeerReport self = Candidates.self(view);
    for (PeerReport peer : promised(view, revocation)) {
      if (mayHaveMore(peer, self)) {
        return waiting(peer.member() + " has more WAL and goes first");
      }
      if (goesFirst(view, peer, self, now)) {
        return waiting(peer.member() + " goes first");
      }
    }
    return SyncPlan.afterTakeover(view)
        .map(
            sync ->
                when(
                    view,
                    now,
                    "no commit of " + revocation.leader() + " can be acknowledged any more",
                    new Effect.TakeOver(revocation, sync)))
        .orElse(PASS);
  }

  /** A standby started anew may name an older timeline than that of its WAL: both count. */
  private static boolean mayHaveMore(PeerReport peer, PeerReport self) {
    return peer.timeline() > self.timeline() || peer.position().isBeyond(self.position());
  }

  /** Of two with the same WAL one has the precedence, for a while. */
  private static boolean goesFirst(View view, PeerReport peer, PeerReport self, Instant now) {
    Instant headStart =
        view.revoked().since().orElse(now).plus(view.settings().suspicion().dividedBy(2));
    return now.isBefore(headStart)
        && Candidates.mayWin(view, peer)
        && Candidates.BY_PRECEDENCE.compare(peer, self) > 0;
  }
}
