package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Server.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rules 300: what the holder of the leader key does with its server. */
final class Leading {
  private static final int START_TRIES = 3;
  static final int PROMOTE_TRIES = 3;
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.ADOPT, Leading::adopt),
          new Clause(Rule.NOTHING_TO_LEAD, Leading::nothingToLead),
          new Clause(Rule.GIVE_UP, Leading::giveUp),
          new Clause(Rule.PREPARE_SYNC, Leading::prepareSync),
          new Clause(Rule.PROMOTE, Leading::promote),
          new Clause(Rule.RESTART, Leading::restart),
          new Clause(Rule.UNSTICK, Leading::unstick),
          new Clause(Rule.HOLD, Leading::hold),
          new Clause(Rule.SPARE_RECOVERY, Recovering::spareRecovery),
          new Clause(Rule.COUNT_ALIVE, Surviving::countAlive),
          new Clause(Rule.RETIRE, Standing::retire),
          new Clause(Rule.PASS_STANDBY_LEAD, Standing::handOver),
          new Clause(Rule.FOLLOW_SOURCE, Standing::follow));

  private Leading() {}

  private static Verdict adopt(View view, Instant now) {
    boolean ours =
        view.store().isCurrent()
            && view.state().leadership().isHeldBy(view.name())
            && view.lease() instanceof Lease.None;
    if (!ours || view.server().condition() == Condition.UNKNOWN) {
      return PASS;
    }
    // A key that is being released still names us until etcd says otherwise.
    if (!view.work().isFree(Lane.CLAIM)) {
      return waiting("for what is being done to the leader key");
    }
    return when(view, now, "the leader key names this member", new Effect.AdoptLeader());
  }

  private static boolean isBootstrapped(View view) {
    return view.state().initialization() instanceof Initialization.Done;
  }

  private static Verdict nothingToLead(View view, Instant now) {
    if (!view.leads(now)) {
      return PASS;
    }
    boolean hadData = isBootstrapped(view) || Bootstrapping.mayBeRecorded(view);
    if (view.server().isUseless() && hadData) {
      return release(view, now, "there is no usable data", Lsn.ZERO);
    }
    return mayBeForeign(view)
        ? release(
            view,
            now,
            "etcd's key initialize cannot be read: this may be another cluster's data",
            Lsn.ZERO)
        : PASS;
  }

  /**
   * Started, it would take writes into what may be another cluster's data, and record that in the
   * place of its own. Who has read the key may lead; what runs has led.
   */
  private static boolean mayBeForeign(View view) {
    return view.server().isDown()
        && !view.server().unrecorded()
        && view.state().unreadable().contains("initialize");
  }

  private static Verdict giveUp(View view, Instant now) {
    if (!view.leads(now) || !isBootstrapped(view) || !hasFailed(view, now)) {
      return PASS;
    }
    boolean fresh = view.peers().wereAskedSince(now.minus(ASK_AGAIN));
    if (!fresh && view.work().isFree(Lane.PEERS) && !Candidates.others(view).isEmpty()) {
      return when(
          view,
          now,
          "the server does not come back; is there a replica?",
          new Effect.AskPeers(Candidates.others(view)));
    }
    if (!Candidates.hasSuccessor(view)) {
      return PASS;
    }
    return mustStopFirst(view)
        ? Fencing.fence(view, "the server takes too long to come back; another will lead")
        : release(view, now, "a replica can lead", Lsn.ZERO);
  }

  /** A standby may go on; what is or becomes a primary must be down before another leads. */
  static boolean mustStopFirst(View view) {
    return view.server().mayBeWriting()
        || view.work().in(Lane.SERVER).filter(Effect.StartPrimary.class::isInstance).isPresent();
  }

  /**
   * Gives the key back; not while something is being done to the server, which may come up by it
   * though it still looks down.
   */
  static Verdict release(View view, Instant now, String reason, Lsn position) {
    return release(view, now, reason, new Effect.ReleaseLeader(position));
  }

  static Verdict release(View view, Instant now, String reason, Effect.ReleaseLeader release) {
    return view.work().isFree(Lane.SERVER)
        ? when(view, now, reason, release)
        : waiting(reason + "; " + view.work().in(Lane.SERVER).orElseThrow().kind() + " runs");
  }

  /** The server had its time or its tries and still does not serve. */
  private static boolean hasFailed(View view, Instant now) {
    Duration out = Duration.between(view.outSince(), now);
    Duration patience = view.wishes().startTimeout().orElse(view.settings().primaryStartTimeout());
    return switch (view.server().condition()) {
      case STOPPED, CRASHED ->
          !Standing.isTurningBack(view)
              && (view.work().failures(Effect.StartPrimary.class) >= START_TRIES
                  || view.work().failures(Effect.StartStandby.class) >= START_TRIES
                  || out.compareTo(patience) > 0);
      case STARTING -> out.compareTo(patience) > 0;
      case RUNNING ->
          view.server().role() == Role.STANDBY
              && !Standing.isStandbyCluster(view)
              && promotedInVain(view, now);
      case UNKNOWN, EMPTY, UNFINISHED, STOPPING, HUNG -> false;
    };
  }

  /** Not for ever: when nobody led meanwhile, it takes the key and tries again. */
  static boolean promotedInVain(View view, Instant now) {
    return view.work().failures(Effect.Promote.class) >= PROMOTE_TRIES
        && view.work().isResting(Effect.Promote.class, now);
  }

  private static Verdict prepareSync(View view, Instant now) {
    if (!view.leads(now)
        || !view.server().isRunningStandby()
        || !isBootstrapped(view)
        || Standing.isStandbyCluster(view)) {
      return PASS;
    }
    Optional<Effect> step = SyncPlan.beforePromotion(view);
    boolean claimed =
        view.lease() instanceof Lease.Held mine && mine.revision() > view.state().revision();
    if (step.isPresent() && (claimed || SyncPlan.isUnseen(view))) {
      return waiting("for etcd to show what was recorded");
    }
    return step.map(effect -> when(view, now, "elections to come must find every commit", effect))
        .orElse(PASS);
  }

  private static Verdict promote(View view, Instant now) {
    if (!view.leads(now) || !view.server().isRunningStandby() || Standing.isStandbyCluster(view)) {
      return PASS;
    }
    return mayBeRevoked(view, now)
        ? waiting("for its lease to be renewed: its term may have been revoked")
        : when(view, now, "this member holds the leader key", new Effect.Promote(beyond(view)));
  }

  /**
   * Silent for so long that another may have been promoted without waiting for its lease: a second
   * timeline of that number could acknowledge nothing, but would be in the way.
   */
  private static boolean mayBeRevoked(View view, Instant now) {
    return view.settings().revokes()
        && view.lease() instanceof Lease.Held held
        && !now.isBefore(held.renewedAt().plus(view.settings().suspicion()));
  }

  /**
   * PostgreSQL counts on from the timelines that its own files tell of. They do not tell of those
   * that a standby cluster began itself once, and gave up, nor of what only others received from
   * outside: two of one number could not be told apart.
   */
  private static int beyond(View view) {
    int newest = view.state().newestHeardOf();
    return newest > view.server().timeline() ? newest : 0;
  }

  private static Verdict restart(View view, Instant now) {
    if (!view.leads(now)
        || !view.server().isDown()
        || Standing.isStandbyCluster(view)
        || Recovering.instead(view, now).isPresent()) {
      return PASS;
    }
    return switch (view.server().role()) {
      case PRIMARY ->
          when(view, now, "the server is down and its lease goes on", new Effect.StartPrimary());
      case STANDBY, NONE ->
          when(view, now, "the server must run to be promoted", new Effect.StartStandby(""));
    };
  }

  private static Verdict unstick(View view, Instant now) {
    boolean stuck =
        view.server().condition() == Condition.HUNG
            && now.isAfter(view.serverSince().plus(view.settings().retryTimeout()));
    return view.leads(now) && stuck
        ? when(
            view,
            now,
            "the server has not answered for " + view.settings().retryTimeout().toSeconds() + " s",
            new Effect.StopServer(StopMode.IMMEDIATE, "it does not answer"))
        : PASS;
  }

  private static Verdict hold(View view, Instant now) {
    if (!view.leads(now)
        || !isBootstrapped(view)
        || view.server().unrecorded()
        || Standing.isStandbyCluster(view)
        || Recovering.instead(view, now).isPresent()) {
      return PASS;
    }
    return waiting(
        view.server().isRunningPrimary()
            ? "leading on timeline " + view.server().timeline()
            : "for the server: " + view.server().condition());
  }
}
