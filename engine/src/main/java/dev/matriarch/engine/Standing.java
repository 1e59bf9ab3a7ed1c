package dev.matriarch.engine;

import static dev.matriarch.engine.Verdict.PASS;
import static dev.matriarch.engine.Verdict.waiting;
import static dev.matriarch.engine.Verdict.when;

import dev.matriarch.engine.Effect.FromSource.Way;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A standby cluster: the holder of the leader key is no primary but follows a server outside, and
 * the other members follow it (contract, section 14). When the configuration names no source any
 * more, the holder of the key is promoted as after any election; when it begins to name one, the
 * primary is shut down and comes back as a standby.
 */
final class Standing {
  private static final int TRIES = 3;
  private static final int REJOIN_TRIES = 2;
  private static final String DOWN = "the server is down";

  /** How long a standby of a timeline that was given up may receive nothing. */
  static final Duration ASTRAY = Duration.ofSeconds(5);

  /** How long one on an older timeline than its leader's may: it is only connecting, mostly. */
  static final Duration LEFT_BEHIND = Duration.ofSeconds(30);

  /** Who was brought back so lately, and received nothing since, does so for another reason. */
  private static final Duration BROUGHT_BACK = Duration.ofMinutes(10);

  private Standing() {}

  static boolean isStandbyCluster(View view) {
    return view.settings().source().isPresent();
  }

  /** It holds the lead of a standby cluster, and its server runs as it should. */
  static boolean leads(View view, Instant now) {
    return source(view, now).isPresent() && view.server().isRunningStandby();
  }

  /**
   * The newest timeline that the cluster began itself, once WAL of an older one comes from the
   * source; 0 once the source's are newer. Until it is noted nobody undoes what is on it.
   */
  static int givenUp(View view, Instant now) {
    if (!isFed(view, now)) {
      return view.state().status().givenUp();
    }
    int newest = view.state().history().isEmpty() ? 0 : view.state().newestRecorded();
    return view.server().timeline() < newest ? newest : 0;
  }

  /** The newest timeline of the source's that is known here. */
  static int followed(View view, Instant now) {
    int noted = view.state().status().followed();
    return isFed(view, now) ? Math.max(noted, view.server().timeline()) : noted;
  }

  private static boolean isFed(View view, Instant now) {
    return leads(view, now)
        && (view.server().streaming() || view.settings().source().get().host().isEmpty());
  }

  static Optional<Source> source(View view, Instant now) {
    return view.leads(now) && view.state().initialization() instanceof Initialization.Done
        ? view.settings().source()
        : Optional.empty();
  }

  static Verdict retire(View view, Instant now) {
    Optional<Source> source = source(view, now);
    return source.isPresent() && view.server().isRunningPrimary() && !view.server().unrecorded()
        ? when(
            view,
            now,
            "the cluster is to follow " + shown(source.get()),
            new Effect.FromSource(source.get(), Way.RETIRE))
        : PASS;
  }

  /** Why the lead of a standby cluster cannot go where it is asked for. */
  static Optional<String> objection(View view, MoveRequest move, Instant now) {
    String candidate = move.candidate();
    if (candidate.isEmpty()) {
      return Optional.of("a standby cluster does not choose: name the candidate");
    }
    Optional<Member> member = view.state().member(candidate).filter(Member::isReplica);
    if (member.isEmpty()) {
      return Optional.of(candidate + " is no replica");
    }
    if (!member.get().tags().mayLead()) {
      return Optional.of(candidate + " is not allowed to lead");
    }
    if (Candidates.requiresVote(view) && !view.state().sync().mayLead(candidate)) {
      return Optional.of(candidate + " is no synchronous standby");
    }
    return view.work().succeededSince(Effect.ReleaseLeader.class, now.minus(view.settings().ttl()))
        ? Optional.of(candidate + " did not take the key that was left to it")
        : Optional.empty();
  }

  static Verdict handOver(View view, Instant now) {
    Optional<MoveRequest> request =
        source(view, now).isPresent() && view.store().isCurrent()
            ? view.state().request()
            : Optional.empty();
    String candidate = request.map(MoveRequest::candidate).orElse("");
    return !candidate.isEmpty()
            && !candidate.equals(view.name())
            && view.server().isRunningStandby()
            && view.state().member(candidate).filter(Member::isReplica).isPresent()
        ? Leading.release(view, now, candidate + " is to lead the standby cluster", Lsn.ZERO)
        : PASS;
  }

  static Verdict follow(View view, Instant now) {
    Optional<Source> source = source(view, now);
    if (source.isEmpty()) {
      return PASS;
    }
    Source wanted = source.get();
    if (view.server().isDown()) {
      return bringBack(view, now, wanted);
    }
    if (!view.server().isRunningStandby() || Straying.isDue(view, now)) {
      return PASS;
    }
    return view.server().upstreamAddress().equals(wanted.address())
        ? waiting(
            "leading a standby cluster of "
                + shown(wanted)
                + (isDry(view, now) ? ", which sends no WAL" : "")
                + Straying.remark(view))
        : when(
            view,
            now,
            shown(wanted) + " is to be followed",
            new Effect.FromSource(wanted, Way.FOLLOW));
  }

  static boolean isDry(View view, Instant now) {
    return !view.server().streaming() && !now.isBefore(view.drySince().plus(ASTRAY));
  }

  private static Verdict bringBack(View view, Instant now, Source wanted) {
    int failures = view.work().failures(Effect.FromSource.class);
    if (failures >= TRIES && hasHeir(view) && !hasLetGo(view)) {
      return Leading.release(view, now, "it cannot follow " + shown(wanted), Lsn.ZERO);
    }
    boolean elsewhere = wentElsewhere(view);
    if (wanted.host().isEmpty() || !(elsewhere || failures > 0)) {
      return when(view, now, DOWN, new Effect.FromSource(wanted, Way.START));
    }
    Verdict listing = Losing.listForSource(view, now, wanted);
    Way way = elsewhere && isBeyondRewind(view) ? Way.CLONE : Way.REJOIN;
    return listing instanceof Verdict.Pass
        ? when(view, now, DOWN, new Effect.FromSource(wanted, way))
        : listing;
  }

  /** It let go for that already, and has the key again: it tries first. */
  private static boolean hasLetGo(View view) {
    return view.work()
        .setback(Effect.FromSource.class)
        .filter(failed -> view.work().succeededSince(Effect.ReleaseLeader.class, failed.lastAt()))
        .isPresent();
  }

  private static boolean wentElsewhere(View view) {
    return view.server().role() == Role.PRIMARY || Straying.wasStopped(view);
  }

  /**
   * It is down to be taken back to its source; others went the same way, and would be no better.
   */
  static boolean isTurningBack(View view) {
    return isStandbyCluster(view)
        && wentElsewhere(view)
        && view.work().failures(Effect.FromSource.class) < TRIES;
  }

  /**
   * It cannot be rewound, or may not be and is known to need it, and may be copied anew. A source
   * that cannot be reached is no reason.
   */
  private static boolean isBeyondRewind(View view) {
    Undoing undoing = view.settings().undoing();
    int tries = undoing.rewinds() ? REJOIN_TRIES : 1;
    return undoing.discards()
        && view.work()
            .setback(Effect.FromSource.class)
            .filter(Setback::refused)
            .filter(setback -> setback.count() >= tries)
            .isPresent();
  }

  /**
   * Its leader is on an older timeline than one that this cluster began when it led itself: that
   * one is given up, with what was written to it.
   */
  static boolean gaveUpItsOwn(View view) {
    int leaders = view.state().leader().map(Member::timeline).orElse(0);
    return isStandbyCluster(view) && leaders > 0 && leaders < view.state().newestTimeline();
  }

  /**
   * Its leader is on a newer timeline, begun outside: where that one parted from this member's, no
   * history here tells.
   */
  static boolean isLeftBehind(View view) {
    int leaders = view.state().leader().map(Member::timeline).orElse(0);
    int own = view.server().timeline();
    return isStandbyCluster(view) && own > 0 && own < leaders;
  }

  /**
   * A running standby tells the timeline of its last restartpoint, which may be older than what it
   * has replayed: one that followed a timeline for a moment only shows that it receives nothing. So
   * does one whose WAL went beyond where the leader's timeline began outside. One that is pointed
   * to another than it should follow shows nothing.
   */
  static boolean isAstray(View view, Instant now) {
    boolean waited = !now.isBefore(view.drySince().plus(LEFT_BEHIND));
    // What it was brought back to before it was last started says nothing.
    Instant started = view.serverSince().minusSeconds(1);
    Instant lately = now.minus(BROUGHT_BACK);
    boolean inVain =
        !view.server().streamed()
            && view.work()
                .succeededSince(Effect.Rejoin.class, started.isAfter(lately) ? started : lately);
    return (gaveUpItsOwn(view) || (isLeftBehind(view) && waited))
        && Following.followsAsItShould(view)
        && !view.self().tags().nostream()
        && isDry(view, now)
        && !inVain;
  }

  /** It was stopped for that; a rewind finds out whether there is anything to undo. */
  static boolean wasStoppedAstray(View view) {
    Instant down = view.serverSince().minus(LEFT_BEHIND);
    return isLeftBehind(view) && view.work().succeededSince(Effect.StopServer.class, down);
  }

  private static boolean hasHeir(View view) {
    return view.state().members().values().stream()
        .filter(member -> !member.name().equals(view.name()))
        .anyMatch(member -> member.isReplica() && member.tags().mayLead());
  }

  private static String shown(Source source) {
    return source.host().isEmpty() ? "an archive" : source.address();
  }
}
