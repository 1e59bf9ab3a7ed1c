package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Server.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rules 500: how a member that does not lead follows the one that does. */
final class Following {
  private static final int REJOIN_TRIES = 2;
  private static final int START_TRIES = 3;

  static final List<Clause> CLAUSES =
      List.of(
          new Clause(Rule.CLONE, Following::cloneData),
          new Clause(Rule.REJOIN, Following::rejoin),
          new Clause(Rule.START_STANDBY, Following::startStandby),
          new Clause(Rule.STOP_DIVERGED, Following::stopDiverged),
          new Clause(Rule.FOLLOW, Following::follow),
          new Clause(Rule.STREAM, Following::stream),
          new Clause(Rule.START_LEADERLESS, Following::startLeaderless),
          new Clause(Rule.LEADERLESS, Following::leaderless));

  private Following() {}

  static Optional<String> leader(View view) {
    return view.store().known() && view.state().initialization() instanceof Initialization.Done
        ? view.otherLeader()
        : Optional.empty();
  }

  /**
   * The leader serves on a timeline that the history tells of. Nobody follows it before: if it were
   * lost then, another could begin a timeline of the same number.
   */
  static boolean leaderIsRecorded(View view) {
    if (Standing.isStandbyCluster(view)) {
      return view.state()
          .leader()
          .filter(
              leader -> leader.role() == MemberRole.STANDBY_LEADER && leader.state().isServing())
          .filter(leader -> leader.timeline() >= view.state().newestRecordedInForce())
          .isPresent();
    }
    return view.state()
        .leader()
        .filter(Member::isPrimary)
        .filter(leader -> leader.timeline() == view.state().newestRecorded())
        .isPresent();
  }

  private static boolean isAboutToBePromoted(View view) {
    return view.state()
        .leader()
        .filter(
            leader -> leader.role() == MemberRole.REPLICA || leader.role() == MemberRole.PROMOTED)
        .isPresent();
  }

  /** What a bootstrap made here that was never recorded, and another's was: nobody wrote to it. */
  private static boolean isSuperseded(View view) {
    return view.server().unrecorded()
        && view.server().isDown()
        && view.state().initialization() instanceof Initialization.Done cluster
        && !cluster.systemIdentifier().equals(view.server().systemIdentifier());
  }

  private static Verdict cloneData(View view, Instant now) {
    Optional<String> leader = leader(view);
    boolean useless =
        view.server().isUseless()
            || isSuperseded(view)
            || (view.server().isDown() && isOnUnknownTimeline(view));
    if (leader.isEmpty() || !(useless || isBeyondRewind(view))) {
      return PASS;
    }
    if (!leaderIsRecorded(view)) {
      return waiting("for " + leader.get() + " to serve as primary, to be cloned");
    }
    return when(
        view,
        now,
        useless
            ? "there is no data of this cluster"
            : "it cannot come back with its data, which is copied anew",
        new Effect.CloneFrom(donor(view, leader.get())));
  }

  /** It may be copied anew: because a rewind fails, or because it is known to need one. */
  private static boolean isBeyondRewind(View view) {
    Undoing undoing = view.settings().undoing();
    boolean needed =
        undoing.rewinds()
            ? view.work().failures(Effect.Rejoin.class) >= REJOIN_TRIES
            : wasRefused(view);
    return view.server().isDown() && undoing.discards() && needed;
  }

  /** Its data is the cluster's, but a part of it will not outlive its return. */
  static boolean isToBeUndone(View view) {
    boolean undone = isBeyondRewind(view) || isOnUnknownTimeline(view) || mustRejoin(view);
    return view.server().isDown() && !isSuperseded(view) && undone;
  }

  /**
   * A primary's data on a timeline that somebody else began as the cluster knows it: it was
   * promoted, and lost before that could be recorded. PostgreSQL goes by the timeline's number and
   * would see no difference.
   */
  static boolean isOnUnknownTimeline(View view) {
    boolean led =
        (view.server().role() == Role.PRIMARY && !Standing.isStandbyCluster(view))
            || view.ledTimeline() == view.server().timeline();
    return led
        && view.state()
            .beginnerOf(view.server().timeline())
            .filter(beginner -> !beginner.equals(view.name()))
            .isPresent();
  }

  /** A replica that offers itself spares the leader; where that fails, the leader is asked. */
  static String donor(View view, String leader) {
    int timeline = view.state().leader().map(Member::timeline).orElse(0);
    return view.work().failures(Effect.CloneFrom.class) > 0
        ? leader
        : view.state().members().values().stream()
            .filter(member -> member.isReplica() && member.tags().clonefrom())
            .filter(member -> !member.name().equals(view.name()))
            .filter(member -> member.timeline() == timeline)
            .map(Member::name)
            .findFirst()
            .orElse(leader);
  }

  private static Verdict rejoin(View view, Instant now) {
    Optional<String> leader = leader(view);
    if (leader.isEmpty() || !view.server().isDown()) {
      return PASS;
    }
    if (!mustRejoin(view)) {
      return PASS;
    }
    if (!leaderIsRecorded(view)) {
      return waiting("for " + leader.get() + " to serve on its new timeline");
    }
    return when(
        view,
        now,
        (view.server().role() == Role.PRIMARY
                ? "it was the primary before"
                : "its history is not the leader's")
            + (isKept(view)
                ? " (its data is kept: " + view.settings().undoing().wayOut() + ")"
                : ""),
        new Effect.Rejoin(leader.get()));
  }

  /** It failed to come back, and nothing else may be tried. */
  private static boolean isKept(View view) {
    return !view.settings().undoing().discards()
        && (wasRefused(view) || view.work().failures(Effect.Rejoin.class) >= REJOIN_TRIES);
  }

  /** It has what its leader does not have, and may not be rewound. */
  private static boolean wasRefused(View view) {
    return view.work().setback(Effect.Rejoin.class).filter(Setback::refused).isPresent();
  }

  /** Started as it is, a standby could follow another way than its leader went. */
  private static boolean mustRejoin(View view) {
    boolean unstartable = view.work().failures(Effect.StartStandby.class) >= START_TRIES;
    return view.server().role() == Role.PRIMARY
        || unstartable
        || hasDiverged(view)
        || Standing.gaveUpItsOwn(view)
        || Standing.wasStoppedAstray(view);
  }

  private static Verdict startStandby(View view, Instant now) {
    Optional<String> leader = leader(view);
    return leader.isPresent() && view.server().isDown()
        ? when(
            view,
            now,
            "the server is down",
            new Effect.StartStandby(
                leaderIsRecorded(view) && !view.self().tags().nostream()
                    ? upstream(view, leader.get())
                    : ""))
        : PASS;
  }

  /**
   * While the leader is silent it may be gone; then nobody is rewound, and who is down leads late.
   */
  private static Verdict stopDiverged(View view, Instant now) {
    Optional<String> leader = leader(view);
    boolean pointless = Electing.silentLeader(view, now, Sighting::halfway).isPresent();
    return leader.isPresent() && !pointless && !view.settings().paused() && isRunningAway(view, now)
        ? when(
            view,
            now,
            "its WAL went beyond the point where the leader's timeline began",
            new Effect.StopServer(StopMode.FAST, "to be rewound"))
        : PASS;
  }

  /** A running standby that cannot follow its leader any more. */
  static boolean isRunningAway(View view, Instant now) {
    return view.server().isRunningStandby()
        && !view.server().streaming()
        && leaderIsRecorded(view)
        && (hasDiverged(view) || isOnUnknownTimeline(view) || Standing.isAstray(view, now));
  }

  /** Has WAL that the leader's history does not contain, as far as the recorded history tells. */
  private static boolean hasDiverged(View view) {
    int mine = view.server().timeline();
    int leaders = view.state().leader().map(Member::timeline).orElse(0);
    if (mine == 0 || leaders == 0 || mine == leaders) {
      return false;
    }
    if (mine > leaders) {
      return leaderIsRecorded(view);
    }
    // Timelines of a standby cluster come from outside: the history here does not tell of them.
    return !Standing.isStandbyCluster(view)
        && view.state().history().stream()
            .filter(ended -> ended.timeline() == mine)
            .anyMatch(ended -> view.server().written().isBeyond(ended.end()));
  }

  private static Verdict follow(View view, Instant now) {
    Optional<String> leader = leader(view);
    if (leader.isEmpty() || !view.server().isRunningStandby()) {
      return PASS;
    }
    String wanted = upstream(view, leader.get());
    if (!leaderIsRecorded(view)) {
      return isAboutToBePromoted(view) && view.server().upstream().equals(leader.get())
          ? when(view, now, leader.get() + " begins a new timeline", new Effect.Follow(""))
          : waiting("for " + leader.get() + " to serve and to record its timeline");
    }
    if (view.self().tags().nostream()) {
      return view.server().upstream().isEmpty()
          ? PASS
          : when(view, now, "its tags forbid streaming", new Effect.Follow(""));
    }
    boolean known = view.state().member(wanted).isPresent();
    return known && !view.server().upstream().equals(wanted)
        ? when(view, now, wanted + " is to be followed", new Effect.Follow(wanted))
        : PASS;
  }

  /** It is pointed to whom it is to follow, which need not send it anything. */
  static boolean followsAsItShould(View view) {
    return leader(view)
        .filter(leader -> view.server().upstream().equals(upstream(view, leader)))
        .isPresent();
  }

  private static String upstream(View view, String leader) {
    String declared = view.self().tags().replicatefrom();
    boolean there =
        view.state()
            .member(declared)
            .filter(member -> member.state().isServing() && keepsUp(view, member))
            .isPresent();
    return there && !declared.equals(view.name()) ? declared : leader;
  }

  /** One that is left behind on an older timeline has nothing to pass on, or what was given up. */
  private static boolean keepsUp(View view, Member member) {
    int leaders = view.state().leader().map(Member::timeline).orElse(0);
    return member.timeline() >= leaders || member.replicationState().equals("streaming");
  }

  private static Verdict stream(View view, Instant now) {
    Optional<String> leader = leader(view);
    if (leader.isEmpty() || view.server().condition() == Condition.UNKNOWN) {
      return PASS;
    }
    return waiting(
        view.server().streaming()
            ? "following " + view.server().upstream()
            : "for WAL from " + leader.get());
  }

  private static Verdict startLeaderless(View view, Instant now) {
    boolean settled =
        view.store().known() && view.state().initialization() instanceof Initialization.Done;
    boolean ours = view.store().isCurrent() && view.state().leadership().isHeldBy(view.name());
    boolean startable =
        view.server().isDown()
            && !isSuperseded(view)
            && !isOnUnknownTimeline(view)
            && !Candidates.isSoleOnTimeline(view);
    return settled && !ours && !view.leads(now) && startable
        ? when(view, now, "there is no leader; reads can be served", new Effect.StartStandby(""))
        : PASS;
  }

  private static Verdict leaderless(View view, Instant now) {
    return view.store().known()
            && view.state().initialization() instanceof Initialization.Done
            && view.server().isRunningStandby()
        ? waiting(
            view.store().trouble().isEmpty()
                ? "for a leader"
                : "for etcd: " + view.store().trouble())
        : PASS;
  }
}
