package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.act;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Rules 400: how a standby comes to hold the leader key. */
final class Electing {
  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.EXPIRE, Electing::expire),
          new Clause(Rule.SUSPECT, Electing::suspect),
          new Clause(Rule.LET_GO, Electing::letGo),
          new Clause(Rule.NOT_ELECTABLE, Electing::notElectable),
          new Clause(Rule.ASK_PEERS, Electing::askPeers),
          new Clause(Rule.AWAIT_ANSWERS, Electing::awaitAnswers),
          new Clause(Rule.QUORUM_MISSING, Electing::quorumMissing),
          new Clause(Rule.PRIMARY_ALIVE, Electing::primaryAlive),
          new Clause(Rule.CATCH_UP, Electing::catchUp),
          new Clause(Rule.BETTER_PEER, Electing::betterPeer),
          new Clause(Rule.ACQUIRE, Electing::acquire));

  /** Read by the field's tools: the sentence is theirs. */
  private static final String NOT_ALLOWED =
      "following a different leader because I am not allowed to promote";

  private Electing() {}

  private static boolean couldLead(View view, Instant now) {
    return view.store().isCurrent()
        && view.state().vitalUnreadable().isEmpty()
        && !Surviving.isBound(view, now)
        && view.server().isRunningStandby()
        && !view.settings().paused()
        && Candidates.ownObjection(view).isEmpty()
        && TwoNodes.objection(view, now).isEmpty()
        && Durability.trouble(view, now).isEmpty();
  }

  /**
   * The leader of which no renewal was seen for so long. Where its renewals cannot be seen, because
   * it is the field's controller or nothing is known of it, only etcd can tell that it is gone.
   */
  static Optional<Sighting> silentLeader(
      View view, Instant now, Function<Sighting, Instant> since) {
    return view.store()
        .sighting()
        .filter(seen -> !seen.leader().equals(view.name()))
        .filter(Sighting::raisesKey)
        .filter(seen -> !now.isBefore(since.apply(seen)));
  }

  private static Verdict expire(View view, Instant now) {
    Optional<Sighting> silent = silentLeader(view, now, Sighting::expiry);
    if (silent.isEmpty() || !couldLead(view, now)) {
      return PASS;
    }
    Sighting last = silent.get();
    // The deletion compares the revision: if it succeeds, no later renewal was ever committed.
    String reason =
        last.leader().isEmpty()
            ? "the leader key stands without a lease, and nobody has made it good"
            : last.leader() + " has not renewed its lease in " + last.lease();
    return when(view, now, reason, new Effect.ExpireLeader(last.leader(), last.revision()));
  }

  private static Verdict suspect(View view, Instant now) {
    Optional<Sighting> silent = silentLeader(view, now, Sighting::halfway);
    if (silent.isEmpty() || !couldLead(view, now)) {
      return PASS;
    }
    boolean asked = view.peers().wereAskedSince(silent.get().receivedAt());
    // Asked ahead of time, so that the election need not wait for those that are dead too.
    return asked || !view.work().isFree(Lane.PEERS) || Candidates.others(view).isEmpty()
        ? PASS
        : act(silent.get().leader() + " is silent", new Effect.AskPeers(Candidates.others(view)));
  }

  /** The key is vacant, and this member has what it takes to run for it. */
  static boolean isOpen(View view, Instant now) {
    return view.store().isCurrent()
        && view.state().leadership().isVacant()
        && view.state().initialization() instanceof Initialization.Done
        && (view.server().isRunningStandby() || Candidates.isSoleOnTimeline(view))
        && !view.leads(now);
  }

  private static boolean raceIsOpen(View view, Instant now) {
    return isOpen(view, now)
        && TwoNodes.objection(view, now).isEmpty()
        && ColdStart.awaited(view, now).isEmpty();
  }

  /**
   * Should the one that led last be promoted again, nobody must stream from it before its new
   * timeline is recorded.
   */
  private static Verdict letGo(View view, Instant now) {
    boolean follows =
        view.store().isCurrent()
            && view.state().leadership().isVacant()
            && view.server().isRunningStandby()
            && !view.server().upstream().isEmpty();
    boolean first = !view.peers().wereAskedSince(view.store().vacantSince().orElse(now));
    boolean free =
        view.work().isFree(Lane.SERVER) && !view.work().isResting(Effect.Follow.class, now);
    boolean stays =
        RaceBackoff.holds(view, now)
            || (view.settings().paused() && !Moving.isCandidate(view, now));
    return follows && first && free && !stays
        ? act("nobody leads; it follows nobody", new Effect.Follow(""))
        : PASS;
  }

  private static Verdict notElectable(View view, Instant now) {
    if (!isOpen(view, now)) {
      return PASS;
    }
    if (!view.state().vitalUnreadable().isEmpty()) {
      return waiting("etcd's keys " + view.state().vitalUnreadable() + " cannot be read");
    }
    if (view.settings().paused() && !Moving.isCandidate(view, now)) {
      return waiting("the cluster is paused");
    }
    boolean gaveUp =
        Candidates.isSoleOnTimeline(view)
            && view.work()
                .succeededSince(Effect.ReleaseLeader.class, now.minus(view.settings().ttl()));
    if (Leading.promotedInVain(view, now) || gaveUp) {
      return waiting("it could not lead a moment ago; another may lead first");
    }
    if (!view.self().tags().mayLead()) {
      return waiting(NOT_ALLOWED);
    }
    return Candidates.ownObjection(view)
        .or(() -> Durability.trouble(view, now))
        .map(objection -> waiting("not electable: " + objection))
        .orElseGet(() -> hold(view, now));
  }

  private static Verdict hold(View view, Instant now) {
    return RaceBackoff.holds(view, now) ? waiting(RaceBackoff.REASON) : leaveToRoomier(view, now);
  }

  /** One that is nearly full lets one with room go first, for a while: some leader is needed. */
  private static Verdict leaveToRoomier(View view, Instant now) {
    Instant since = view.store().vacantSince().orElse(now);
    Instant until = since.plus(view.settings().lease().patience().multipliedBy(10));
    if (!view.server().disk().isFull() || Moving.isCandidate(view, now) || !now.isBefore(until)) {
      return PASS;
    }
    return Candidates.roomier(view)
        .map(peer -> askAgain(view, now, "its disk is nearly full, " + peer.member() + " has room"))
        .orElse(PASS);
  }

  private static Verdict askPeers(View view, Instant now) {
    if (!raceIsOpen(view, now) || Candidates.others(view).isEmpty()) {
      return PASS;
    }
    return view.peers().wereAskedSince(answersCountSince(view, now))
        ? PASS
        : when(view, now, "the leader key is vacant", new Effect.AskPeers(Candidates.others(view)));
  }

  /**
   * What peers said before may be outdated: a leader that this member promised to wait for may have
   * gone on without its key, and with commits, until the promise ended or the leader released it.
   */
  private static Instant answersCountSince(View view, Instant now) {
    Instant vacant = view.store().vacantSince().orElse(now);
    Instant spared = view.failsafe().promise().until();
    return spared.isAfter(vacant) && !spared.isAfter(now) ? spared : vacant;
  }

  private static Verdict awaitAnswers(View view, Instant now) {
    if (!raceIsOpen(view, now) || view.peers().haveAnswered()) {
      return PASS;
    }
    Instant patient = view.peers().askedAt().orElse(now).plus(view.settings().lease().patience());
    return now.isBefore(patient) ? waiting("for the peers' answers") : PASS;
  }

  private static Verdict quorumMissing(View view, Instant now) {
    if (!raceIsOpen(view, now) || !Candidates.requiresVote(view)) {
      return PASS;
    }
    SyncState sync = view.state().sync();
    if (sync.leader().equals(view.name())) {
      return PASS;
    }
    long answered =
        view.peers().reports().values().stream()
            .filter(report -> report.running() && report.role() == Role.STANDBY)
            .filter(report -> sync.voters().contains(report.member()))
            .count();
    return answered >= sync.quorum()
        ? PASS
        : askAgain(
            view,
            now,
            "only "
                + answered
                + " of the other voters answered, "
                + sync.quorum()
                + " are needed; it waits for "
                + Candidates.recorded(view)
                + " as long as it takes");
  }

  private static Verdict primaryAlive(View view, Instant now) {
    if (!raceIsOpen(view, now)) {
      return PASS;
    }
    return view.peers().reports().values().stream()
        .filter(report -> report.running() && report.role() == Role.PRIMARY)
        .findFirst()
        .map(report -> askAgain(view, now, report.member() + " is still primary"))
        .orElse(PASS);
  }

  /** Those that are to go first get this long, unless an operator chose this member. */
  private static boolean headStart(View view, Instant now) {
    if (Moving.isCandidate(view, now)) {
      return false;
    }
    Instant since = view.store().vacantSince().orElse(now);
    return now.isBefore(since.plus(view.settings().lease().patience().multipliedBy(4)));
  }

  private static Verdict catchUp(View view, Instant now) {
    Optional<PeerReport> ahead = raceIsOpen(view, now) ? Candidates.ahead(view) : Optional.empty();
    if (ahead.isEmpty()
        || !view.server().isRunningStandby()
        || (Candidates.goesFirst(view, ahead.get()) && headStart(view, now))) {
      return PASS;
    }
    String peer = ahead.get().member();
    String reason = peer + " is ahead and does not take the key; its WAL is fetched";
    return view.server().upstream().equals(peer)
        ? askAgain(view, now, reason)
        : when(view, now, reason, new Effect.Follow(peer));
  }

  private static Verdict betterPeer(View view, Instant now) {
    if (!raceIsOpen(view, now)) {
      return PASS;
    }
    Optional<PeerReport> first =
        headStart(view, now) ? Candidates.preferred(view) : Candidates.ahead(view);
    return first.map(peer -> askAgain(view, now, whyFirst(view, peer))).orElse(PASS);
  }

  /** The field's tools look for the first two sentences. */
  private static String whyFirst(View view, PeerReport peer) {
    int priority = view.self().tags().failoverPriority();
    if (Candidates.isAhead(view, peer)) {
      return "Wal position of %s is ahead of my wal position: %s on timeline %d, this member at %s"
          .formatted(peer.member(), peer.position(), peer.timeline(), view.server().written());
    }
    if (peer.tags().failoverPriority() > priority) {
      return "%s has equally tolerable WAL position and priority %d, while this node has priority %d"
          .formatted(peer.member(), peer.tags().failoverPriority(), priority);
    }
    return "%s goes first: it is at %s on timeline %d, this member at %s"
        .formatted(peer.member(), peer.position(), peer.timeline(), view.server().written());
  }

  private static Verdict acquire(View view, Instant now) {
    String undeclared =
        TwoNodes.areUndeclared(view)
            ? "; of two members it is, and " + TwoNodes.KEY + " is not declared"
            : "";
    return raceIsOpen(view, now)
        ? when(view, now, "nobody is ahead of this member" + undeclared, acquiring(view))
        : PASS;
  }

  /** The claim holds only while no other members than these may lead, and these voters elect. */
  static Effect acquiring(View view) {
    return new Effect.AcquireLeader(view.state().failsafe().revision(), view.state().sync());
  }

  /** Wait, but look again now and then: the one waited for may die, or recover. */
  static Verdict askAgain(View view, Instant now, String reason) {
    Instant next = view.peers().askedAt().orElse(now).plus(view.settings().lease().patience());
    return now.isBefore(next) || !view.work().isFree(Lane.PEERS)
        ? waiting(reason)
        : act(reason, new Effect.AskPeers(Candidates.others(view)));
  }
}
