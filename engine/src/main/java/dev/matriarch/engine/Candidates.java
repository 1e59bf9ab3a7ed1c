package dev.matriarch.engine;

import java.util.Comparator;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Who may lead, and who should: read from a view. */
final class Candidates {
  private static final Comparator<PeerReport> BY_WAL =
      Comparator.comparingInt(PeerReport::timeline).thenComparing(PeerReport::position);
  private static final Comparator<PeerReport> BY_ADVANCE =
      BY_WAL.thenComparingInt(report -> report.tags().failoverPriority());

  /** Of two peers one always goes first; of equals that with the lower number. */
  static final Comparator<PeerReport> BY_PRECEDENCE =
      BY_ADVANCE.thenComparing(PeerReport::member, MemberNames.IN_ORDER.reversed());

  private Candidates() {}

  /** Who led when the cluster was paused goes on without a key, and may have no other either. */
  static SortedSet<String> others(View view) {
    SortedSet<String> names = new TreeSet<>(view.state().members().keySet());
    names.addAll(view.state().sync().voters());
    if (!view.state().status().pausedLeader().isEmpty()) {
      names.add(view.state().status().pausedLeader());
    }
    names.remove(view.name());
    return names;
  }

  /** Why this member must not lead; empty when it may. */
  static Optional<String> ownObjection(View view) {
    if (!view.self().tags().mayLead()) {
      return Optional.of("its tags forbid it");
    }
    if (view.self().watchdogFailed()) {
      return Optional.of("its watchdog, which it must have to lead, does not work");
    }
    if (!view.state().failsafe().allows(view.name())) {
      return Optional.of("the failsafe key does not name it: a leader without etcd may go on");
    }
    if (requiresVote(view) && !view.state().sync().mayLead(view.name())) {
      return Optional.of(
          "it may lack acknowledged commits: it is none of the synchronous standbys; it waits for "
              + recorded(view)
              + " as long as it takes");
    }
    int newest = view.state().newestInForce();
    if (view.server().timeline() < newest) {
      // What the cluster noted of itself before it followed another says nothing of its place now.
      return Standing.isStandbyCluster(view)
          ? Optional.empty()
          : Optional.of(
              "it is on timeline " + view.server().timeline() + ", the cluster on " + newest);
    }
    long lag = view.server().written().bytesBehind(view.state().status().position());
    return lag > view.settings().maximumLagOnFailover() && !view.settings().synchrony().isOn()
        ? Optional.of(
            "it lacks "
                + lag
                + " bytes of WAL, more than maximum_lag_on_failover "
                + view.settings().maximumLagOnFailover())
        : Optional.empty();
  }

  /** Those of the recorded synchronous set that this member waits for, in words. */
  static String recorded(View view) {
    SortedSet<String> names = new TreeSet<>(view.state().sync().voters());
    names.add(view.state().sync().leader());
    names.remove(view.name());
    return String.join(", ", names);
  }

  /** Not in a standby cluster: what it acknowledged before is its source's, or was given up. */
  static boolean requiresVote(View view) {
    return view.settings().synchrony().isOn()
        && view.state().sync().isRecorded()
        && !Standing.isStandbyCluster(view);
  }

  /** Nobody else can have been promoted since this primary led, as far as etcd remembers. */
  static boolean wasLast(View view) {
    SyncState sync = view.state().sync();
    boolean recorded = !requiresVote(view) || sync.leader().equals(view.name());
    boolean newest = view.server().timeline() >= view.state().newestTimeline();
    return recorded
        && newest
        && !view.state().status().position().isBeyond(view.server().written());
  }

  /**
   * A primary that went down on a timeline that it began and that is not recorded yet. Nobody else
   * is on it. It is not started as a standby, which would hide where its timeline comes from, but
   * takes the vacant key as it is.
   */
  static boolean isSoleOnTimeline(View view) {
    return view.server().isDown()
        && view.server().role() == Role.PRIMARY
        && view.server().timeline() > view.state().newestRecorded();
  }

  /** Why a replica cannot take over in a switchover; empty when it can. */
  static Optional<String> objection(View view, String candidate) {
    if (view.state().member(candidate).isEmpty()) {
      return Optional.of(candidate + " is no member");
    }
    PeerReport report = view.peers().reports().get(candidate);
    if (report == null) {
      return Optional.of(candidate + " does not answer");
    }
    if (!report.tags().mayLead()) {
      return Optional.of(candidate + " is not allowed to promote");
    }
    if (report.watchdogFailed()) {
      return Optional.of(candidate + " has no watchdog, which it must have to lead");
    }
    if (!report.running() || report.role() != Role.STANDBY) {
      return Optional.of(candidate + " is no running replica");
    }
    if (requiresVote(view) && !view.state().sync().voters().contains(candidate)) {
      return Optional.of(candidate + " is no synchronous standby");
    }
    if (report.disk() != Disk.State.FINE) {
      return Optional.of(
          candidate
              + (report.disk() == Disk.State.FULL
                  ? " has a disk that is nearly full"
                  : " has a disk that does not answer"));
    }
    // Who streams from here is on this timeline, even if it says so only once WAL has come.
    if (!isFedBy(view, candidate) && report.timeline() != view.server().timeline()) {
      return Optional.of(
          candidate + " is on timeline " + report.timeline() + ", not " + view.server().timeline());
    }
    // A synchronous standby is waited for until it has all there is; so the limit may be nothing.
    long lag = lastKnown(view, report).bytesBehind(view.server().written());
    return lag > view.settings().maximumLagOnFailover() && !requiresVote(view)
        ? Optional.of(candidate + " lacks " + lag + " bytes of WAL")
        : Optional.empty();
  }

  /** What it said may be older than what this primary has written since, and sent to it. */
  private static Lsn lastKnown(View view, PeerReport report) {
    return Optional.ofNullable(view.server().standbys().get(report.member()))
        .map(StandbyLink::flushed)
        .filter(flushed -> flushed.isBeyond(report.position()))
        .orElse(report.position());
  }

  private static boolean isFedBy(View view, String candidate) {
    return Optional.ofNullable(view.server().standbys().get(candidate))
        .filter(StandbyLink::streaming)
        .isPresent();
  }

  /** The most advanced replica that a switchover could go to. */
  static Optional<String> best(View view) {
    return view.peers().reports().values().stream()
        .filter(report -> objection(view, report.member()).isEmpty())
        .max(BY_PRECEDENCE)
        .map(PeerReport::member);
  }

  static boolean isAhead(View view, PeerReport peer) {
    return BY_WAL.compare(peer, self(view)) > 0;
  }

  /** The most advanced peer whose WAL goes further than this member's. */
  static Optional<PeerReport> ahead(View view) {
    // The recorded leader has every commit there is.
    if (requiresVote(view) && view.state().sync().leader().equals(view.name())) {
      return Optional.empty();
    }
    PeerReport self = self(view);
    return view.peers().reports().values().stream()
        .filter(report -> report.running() && report.role() == Role.STANDBY)
        .filter(report -> counts(view, report))
        .filter(report -> BY_WAL.compare(report, self) > 0)
        .max(BY_ADVANCE);
  }

  /**
   * Whether it matters that a peer is ahead. A voter may have commits that were acknowledged, so it
   * matters whether or not it can lead itself.
   */
  private static boolean counts(View view, PeerReport report) {
    return requiresVote(view) ? view.state().sync().mayLead(report.member()) : mayWin(view, report);
  }

  /** A peer with the same WAL that is to go first. */
  static Optional<PeerReport> preferred(View view) {
    PeerReport self = self(view);
    return view.peers().reports().values().stream()
        .filter(report -> goesFirst(view, report))
        .filter(report -> BY_PRECEDENCE.compare(report, self) > 0)
        .max(BY_PRECEDENCE);
  }

  static PeerReport self(View view) {
    return PeerReport.of(view.name()).toBuilder()
        .role(Role.STANDBY)
        .running(true)
        .timeline(view.server().timeline())
        .position(view.server().written())
        .tags(view.self().tags())
        .seesStore(true)
        .mayWrite(false)
        .build();
  }

  /** A replica could lead if this member let go: it would find nothing against itself. */
  static boolean hasSuccessor(View view) {
    boolean willing =
        view.peers().reports().values().stream()
            .anyMatch(report -> mayWin(view, report) && isNear(view, report));
    return willing && !TwoNodes.barStandby(view) && (!requiresVote(view) || votersSuffice(view));
  }

  private static boolean isNear(View view, PeerReport report) {
    long lag = report.position().bytesBehind(view.state().status().position());
    if (report.timeline() < view.state().newestInForce()) {
      return Standing.isStandbyCluster(view);
    }
    return view.settings().synchrony().isOn() || lag <= view.settings().maximumLagOnFailover();
  }

  /** Enough voters run to elect one of them without this member. */
  private static boolean votersSuffice(View view) {
    SyncState sync = view.state().sync();
    long running =
        view.peers().reports().values().stream()
            .filter(report -> report.running() && report.role() == Role.STANDBY)
            .filter(report -> sync.voters().contains(report.member()))
            .count();
    PeerReport recorded = view.peers().reports().get(sync.leader());
    return running > sync.quorum() || (recorded != null && mayWin(view, recorded));
  }

  /**
   * A peer that this one may wait for: one that is nearly full leaves the lead to one that is not,
   * and of two one that must not lead to the other.
   */
  static boolean goesFirst(View view, PeerReport report) {
    boolean gives = report.disk() == Disk.State.FULL && !view.server().disk().isFull();
    return mayWin(view, report) && !gives && !TwoNodes.barStandby(view);
  }

  /** One that could lead in this member's place, and has room; its WAL is recent enough. */
  static Optional<PeerReport> roomier(View view) {
    Lsn noted = view.state().status().position();
    return view.peers().reports().values().stream()
        .filter(report -> mayWin(view, report) && report.disk() == Disk.State.FINE)
        .filter(report -> report.timeline() >= view.server().timeline())
        .filter(
            report ->
                view.settings().synchrony().isOn()
                    || report.position().bytesBehind(noted)
                        <= view.settings().maximumLagOnFailover())
        .findFirst();
  }

  static boolean mayWin(View view, PeerReport report) {
    return report.running()
        && report.role() == Role.STANDBY
        && report.tags().mayLead()
        && report.seesStore()
        && report.disk() != Disk.State.STUCK
        && !report.watchdogFailed()
        && (!requiresVote(view) || view.state().sync().mayLead(report.member()));
  }
}
