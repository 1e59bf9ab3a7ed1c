package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.act;
import static dev.matriarch.engine.Verdict.waiting;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Rules 240: in pause a human is at work and servers are left as they are.
 *
 * <p>So in pause a primary goes on without a lease, which nobody else may then take for granted.
 * The leader notes in the {@code status} key that it leads in pause, and only then goes on without
 * one; it takes the note away once it has seen the end of the pause and holds the key. While the
 * note stands, nobody takes the vacant key before the one it names has answered that it is no
 * running primary. Only an operator overrules that, in a failover that names it as lost. A failover
 * without that word is refused: who gives it has to know of the other.
 */
final class Pausing {
  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.PAUSED_GIVES_BACK, Pausing::giveBack),
          new Clause(Rule.PAUSED, Pausing::leave),
          new Clause(Rule.LED_IN_PAUSE, Pausing::ledInPause));

  private Pausing() {}

  /** May run as primary without a lease: it led in pause, and everybody can know that. */
  static boolean isExempt(View view) {
    // A pause that is heard of before etcd's first answer tells nothing of who leads in it.
    boolean noted =
        view.store().known()
            ? view.state().status().pausedLeader().equals(view.name())
            : view.self().startedPaused();
    return view.settings().paused() && noted && view.otherLeader().isEmpty();
  }

  /** Down, and neither by our own hands nor to be started by an operator's wish. */
  private static boolean isLeftAlone(View view, Instant now) {
    return view.server().isDown()
        && !view.touched()
        && view.work().isFree(Lane.SERVER)
        && Restarting.due(view, now).isEmpty();
  }

  private static Verdict giveBack(View view, Instant now) {
    if (!view.settings().paused()
        || !view.leads(now)
        || !(view.state().initialization() instanceof Initialization.Done)) {
      return PASS;
    }
    if (isLeftAlone(view, now)) {
      return Leading.release(view, now, "paused: the server is down", Lsn.ZERO);
    }
    boolean demoted =
        view.server().isRunningStandby()
            && !Standing.isStandbyCluster(view)
            && !Moving.isCandidate(view, now);
    return demoted && view.work().isFree(Lane.SERVER)
        ? Leading.release(view, now, "paused: the server is a standby", Lsn.ZERO)
        : PASS;
  }

  private static Verdict leave(View view, Instant now) {
    if (!view.settings().paused()) {
      return PASS;
    }
    if (view.server().condition() == Server.Condition.HUNG) {
      return waiting("paused: the server does not answer and is left so");
    }
    return isLeftAlone(view, now) && view.state().initialization() instanceof Initialization.Done
        ? waiting("paused: the server is down and is left so")
        : PASS;
  }

  private static Verdict ledInPause(View view, Instant now) {
    String noted = view.state().status().pausedLeader();
    boolean race = view.store().isCurrent() && view.state().leadership().isVacant();
    if (noted.isEmpty() || noted.equals(view.name()) || !race || isOverruled(view, now)) {
      return PASS;
    }
    if (!view.server().isRunningStandby() && !Candidates.isSoleOnTimeline(view)) {
      return PASS;
    }
    Instant since = view.store().vacantSince().orElse(now);
    Optional<PeerReport> report =
        Optional.ofNullable(view.peers().reports().get(noted))
            .filter(answer -> view.peers().wereAskedSince(since));
    // A server that does not answer queries may be hung, and go on writing when it is not any more.
    if (report.filter(answer -> !answer.mayWrite()).isPresent()) {
      return PASS;
    }
    String reason =
        noted
            + " led when the cluster was paused and has not answered that it stopped; if its"
            + " server surely does not run, name it as lost in a failover";
    Instant next = view.peers().askedAt().orElse(since).plus(view.settings().lease().patience());
    boolean asked = view.peers().wereAskedSince(since);
    boolean heard = asked && (view.peers().haveAnswered() || !now.isBefore(next));
    Optional<MoveRequest> inVain = Moving.inVain(view, now).filter(move -> heard);
    if (inVain.isPresent()) {
      return Moving.clear(view, now, inVain.get(), "refused: " + reason);
    }
    boolean ask = view.work().isFree(Lane.PEERS) && (!asked || !now.isBefore(next));
    return ask ? act(reason, new Effect.AskPeers(Candidates.others(view))) : waiting(reason);
  }

  private static boolean isOverruled(View view, Instant now) {
    return view.moveNow(now)
        .filter(move -> !move.isSwitchover() && move.candidate().equals(view.name()))
        .filter(move -> move.lost().equals(view.state().status().pausedLeader()))
        .isPresent();
  }
}
