package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * Rules 200: what operators ask for. A switchover walks through states that anyone can observe:
 * primary running, primary shut down with the key held, key vacant, candidate leads. Whoever finds
 * it at one of them goes on from there, or back.
 */
final class Moving {
  private static final Duration FRESH = Duration.ofSeconds(5);

  /**
   * What stands against a candidate may have ended since: nobody is refused on older answers.
   * Longer than a round takes in which somebody stays silent, or it would never be over.
   */
  private static final Duration JUST_NOW = Duration.ofSeconds(2);

  private static final Duration SETTLING = Duration.ofMillis(500);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  /** How long a shut-down primary waits for its candidate at most, then it is started again. */
  private static final Duration CATCH_UP = Duration.ofSeconds(5);

  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.REQUEST_DONE, Moving::done),
          new Clause(Rule.LOOK_BEFORE_MOVE, Moving::look),
          new Clause(Rule.REQUEST_REFUSED, Moving::refused),
          new Clause(Rule.NAME_CANDIDATE, Moving::nameCandidate),
          new Clause(Rule.SETTLE, Pooling::settle),
          new Clause(Rule.HOLD_CLIENTS, Pooling::hold),
          new Clause(Rule.HAND_OVER, Moving::handOver),
          new Clause(Rule.RELEASE_TO_CANDIDATE, Moving::release),
          new Clause(Rule.HANDOVER_ABANDONED, Moving::abandoned),
          new Clause(Rule.GIVE_WAY, Moving::giveWay));

  private Moving() {}

  private static Optional<MoveRequest> mine(View view, Instant now) {
    return view.store().isCurrent() && view.leads(now) ? view.moveNow(now) : Optional.empty();
  }

  private static Verdict done(View view, Instant now) {
    Optional<MoveRequest> request = mine(view, now);
    if (request.isEmpty()) {
      return PASS;
    }
    MoveRequest move = request.get();
    if (move.candidate().equals(view.name())) {
      // The timeline is recorded first: the others wait for that.
      boolean recorded = view.server().timeline() <= view.state().newestRecorded();
      boolean standing = Standing.isStandbyCluster(view) && view.server().isRunningStandby();
      return standing || (view.server().isRunningPrimary() && recorded)
          ? clear(view, now, move, "done: " + view.name() + " leads")
          : PASS;
    }
    return move.isSwitchover() && !move.leader().equals(view.name())
        ? clear(view, now, move, move.leader() + " does not lead any more")
        : PASS;
  }

  static Verdict clear(View view, Instant now, MoveRequest move, String reason) {
    return view.work().succeededSince(Effect.ClearRequest.class, now.minus(SETTLING))
        ? waiting("for etcd to show that the request is cleared")
        : when(view, now, reason, new Effect.ClearRequest(move.revision(), reason));
  }

  private static Verdict look(View view, Instant now) {
    boolean leads = toGo(view, now).isPresent() && view.server().isRunningPrimary();
    if (!leads && !isNamed(view, now)) {
      return PASS;
    }
    // What peers said before this server was primary tells of another timeline.
    Instant fresh = now.minus(leads && isObjected(view, now) ? JUST_NOW : FRESH);
    Instant since = leads && view.serverSince().isAfter(fresh) ? view.serverSince() : fresh;
    if (!view.peers().wereAskedSince(since)) {
      return when(view, now, "a switchover was asked for", ask(view));
    }
    // Who was silent before may answer again: nobody is refused before all had their time.
    boolean enough = view.peers().haveAnswered() && !(leads && isObjected(view, now));
    return enough || view.work().isFree(Lane.PEERS) ? PASS : waiting("for the peers' answers");
  }

  /** What this leader is asked to give up the lead for, and has not begun to. */
  private static Optional<MoveRequest> toGo(View view, Instant now) {
    return mine(view, now)
        .filter(move -> !move.candidate().equals(view.name()))
        .filter(move -> !handsOver(view));
  }

  /** The one that is to take over looks too: it then knows whom its election need not await. */
  private static boolean isNamed(View view, Instant now) {
    return view.store().isCurrent() && view.server().isRunningStandby() && view.isNamed(now);
  }

  /** Somebody asked for this member to lead. */
  static boolean isCandidate(View view, Instant now) {
    return view.moveNow(now).filter(move -> move.candidate().equals(view.name())).isPresent();
  }

  private static Verdict refused(View view, Instant now) {
    Optional<MoveRequest> request = toGo(view, now);
    boolean stands = Standing.leads(view, now);
    if (request.isEmpty() || !(stands || view.server().isRunningPrimary())) {
      return PASS;
    }
    MoveRequest move = request.get();
    Optional<String> improper = improper(view, move, now);
    if (improper.isPresent()) {
      return clear(view, now, move, "refused: " + improper.get());
    }
    return (stands
            ? Standing.objection(view, move, now)
            : objection(view, move).or(() -> Pooling.objection(view, now)))
        .map(objection -> clear(view, now, move, "refused: " + objection))
        .orElse(PASS);
  }

  private static boolean isObjected(View view, Instant now) {
    return mine(view, now).flatMap(move -> objection(view, move)).isPresent();
  }

  private static Optional<String> objection(View view, MoveRequest move) {
    if (!move.candidate().isEmpty()) {
      return Candidates.objection(view, move.candidate());
    }
    return Candidates.best(view).isEmpty() ? Optional.of(whyNobody(view)) : Optional.empty();
  }

  private static String whyNobody(View view) {
    String each =
        Candidates.others(view).stream()
            .map(name -> Candidates.objection(view, name))
            .flatMap(Optional::stream)
            .collect(Collectors.joining("; "));
    return "no replica could take over" + (each.isEmpty() ? "" : ": " + each);
  }

  private static Optional<String> improper(View view, MoveRequest move, Instant now) {
    boolean paused = view.settings().paused();
    if (paused && move.scheduledAt().isPresent()) {
      return Optional.of("nothing scheduled is done while the cluster is paused");
    }
    if (paused && move.candidate().isEmpty()) {
      return Optional.of("in pause the candidate must be named");
    }
    return move.scheduledAt()
        .filter(at -> view.wall(now).isAfter(at.plus(Restarting.LATEST)))
        .map(at -> "its time " + at + " has passed");
  }

  private static Verdict nameCandidate(View view, Instant now) {
    Optional<MoveRequest> request = mine(view, now).filter(move -> move.candidate().isEmpty());
    if (request.isEmpty() || !view.server().isRunningPrimary()) {
      return PASS;
    }
    return Candidates.best(view)
        .map(
            best ->
                when(
                    view,
                    now,
                    best + " is the most advanced replica",
                    new Effect.NameCandidate(request.get(), best)))
        .orElse(PASS);
  }

  private static Verdict handOver(View view, Instant now) {
    Optional<MoveRequest> request = mine(view, now);
    if (request.isEmpty() || request.get().candidate().equals(view.name())) {
      return PASS;
    }
    if (handsOver(view)) {
      return waiting("for the server to shut down for " + request.get().candidate());
    }
    return view.server().isRunningPrimary()
        ? when(
            view,
            now,
            request.get().candidate() + " can take over",
            new Effect.StopForHandover(request.get().candidate(), Pooling.isSettled(view, now)))
        : PASS;
  }

  /** What this leader is asked to hand over and has not begun to. */
  static Optional<MoveRequest> toOther(View view, Instant now) {
    return toGo(view, now).filter(move -> !move.candidate().isEmpty());
  }

  /** For whom this leader is shutting down, or has. */
  static Optional<String> successor(View view, Instant now) {
    return mine(view, now)
        .map(MoveRequest::candidate)
        .filter(candidate -> !candidate.isEmpty() && !candidate.equals(view.name()))
        .filter(candidate -> handsOver(view) || isShutDown(view));
  }

  static boolean handsOver(View view) {
    return view.work().in(Lane.SERVER).filter(Effect.StopForHandover.class::isInstance).isPresent();
  }

  private static Verdict release(View view, Instant now) {
    Optional<MoveRequest> request = mine(view, now);
    if (request.isEmpty() || !isShutDown(view) || request.get().candidate().equals(view.name())) {
      return PASS;
    }
    String candidate = request.get().candidate();
    PeerReport report = view.peers().reports().get(candidate);
    boolean caughtUp =
        report != null
            && report.running()
            && !view.server().written().isBeyond(report.position())
            && view.peers().wereAskedSince(view.serverSince());
    if (caughtUp && (hadItsChance(view) || !couldTake(view, report))) {
      return PASS;
    }
    if (caughtUp && !Pooling.isKnown(view)) {
      return waiting("for etcd to show that clients stay on this host");
    }
    if (caughtUp) {
      return Leading.release(
          view,
          now,
          candidate + " has all WAL up to " + view.server().written(),
          leaving(view, report));
    }
    if (!now.isBefore(view.serverSince().plus(catchUp(request.get())))) {
      return PASS;
    }
    boolean justAsked =
        view.peers().askedAt().filter(at -> now.isBefore(at.plus(LOOK_AGAIN))).isPresent();
    String wait = "for " + candidate + " to receive the WAL up to " + view.server().written();
    // Nobody else's answer counts here, and clients wait for this one.
    SortedSet<String> alone = Candidates.others(view);
    alone.retainAll(Set.of(candidate));
    return justAsked || alone.isEmpty() || !view.work().isFree(Lane.PEERS)
        ? waiting(wait)
        : when(view, now, wait, new Effect.AskPeers(alone));
  }

  /** Clients wait meanwhile: no longer than they may. */
  private static Duration catchUp(MoveRequest move) {
    return move.longestPause().compareTo(CATCH_UP) < 0 ? move.longestPause() : CATCH_UP;
  }

  /** The key was released for this shutdown already, and came back. */
  private static boolean hadItsChance(View view) {
    return view.work().succeededSince(Effect.ReleaseLeader.class, view.serverSince());
  }

  private static boolean couldTake(View view, PeerReport report) {
    return report.tags().mayLead() && report.disk() != Disk.State.STUCK && !isBehind(view, report);
  }

  /**
   * An agent that was started anew knows its standby's timeline by the last restartpoint, mostly an
   * older one, and lets it win no election: clients would wait for that in vain.
   */
  private static boolean isBehind(View view, PeerReport report) {
    return report.timeline() > 0 && report.timeline() < view.server().timeline();
  }

  private static Effect.ReleaseLeader leaving(View view, PeerReport report) {
    Lsn position = view.server().written();
    return isHeir(view, report)
        ? new Effect.ReleaseLeader(position, report.member(), leaseAhead(view, report))
        : new Effect.ReleaseLeader(position);
  }

  /** Where leases are revoked, terms are told apart by who wrote the key. */
  private static long leaseAhead(View view, PeerReport report) {
    return view.settings().revokes() ? 0 : report.leaseAhead();
  }

  /**
   * The key passes to a candidate with all WAL without an election, in which nobody else could win.
   * The field's controller takes none that another wrote: that one has to be elected.
   */
  private static boolean isHeir(View view, PeerReport report) {
    boolean adopts = view.state().member(report.member()).filter(Member::raisesKey).isPresent();
    boolean fit = report.timeline() == view.server().timeline() && !report.watchdogFailed();
    return adopts && fit;
  }

  private static boolean isShutDown(View view) {
    return view.server().condition() == Server.Condition.STOPPED
        && view.server().role() == Role.PRIMARY;
  }

  private static Verdict abandoned(View view, Instant now) {
    Optional<MoveRequest> request = mine(view, now);
    if (request.isEmpty() || !view.server().isDown()) {
      return PASS;
    }
    return clear(
        view,
        now,
        request.get(),
        isShutDown(view)
            ? "given up: " + shortcoming(view, request.get().candidate())
            : "given up: the primary did not shut down cleanly");
  }

  private static String shortcoming(View view, String candidate) {
    Optional<PeerReport> report = Optional.ofNullable(view.peers().reports().get(candidate));
    if (hadItsChance(view)) {
      return candidate + " did not take the key";
    }
    return report
        .filter(it -> isBehind(view, it))
        .map(it -> candidate + " says that it is on timeline " + it.timeline())
        .orElse(candidate + " did not catch up");
  }

  private static Verdict giveWay(View view, Instant now) {
    Optional<MoveRequest> request = open(view, now).filter(move -> !move.candidate().isEmpty());
    if (request.isEmpty() || view.leads(now) || request.get().candidate().equals(view.name())) {
      return PASS;
    }
    return now.isBefore(chanceEnds(view, now))
        ? waiting("for " + request.get().candidate() + " to take the leader key")
        : PASS;
  }

  private static Instant chanceEnds(View view, Instant now) {
    return view.store()
        .vacantSince()
        .orElse(now)
        .plus(view.settings().lease().patience())
        .plus(FRESH);
  }

  /** A failover to this member that has had its chance. */
  static Optional<MoveRequest> inVain(View view, Instant now) {
    return open(view, now)
        .filter(move -> !move.isSwitchover() && move.candidate().equals(view.name()))
        .filter(move -> !now.isBefore(chanceEnds(view, now)));
  }

  /** A request while nobody leads. */
  private static Optional<MoveRequest> open(View view, Instant now) {
    return view.store().isCurrent() && view.state().leadership().isVacant()
        ? view.moveNow(now)
        : Optional.empty();
  }

  private static Effect ask(View view) {
    return new Effect.AskPeers(Candidates.others(view));
  }
}
