package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Could the cluster fail over now, and what would it cost? Read from one member's view; the
 * leader's knows most.
 *
 * @param candidate who would lead, should the leader be lost at this moment; empty for nobody
 * @param missing what stands in the way, of the cluster first, then of each member that could not
 *     lead; and a policy that was not declared or a leader that is silent, which do not
 * @param lostBytes WAL that would be lost at most; empty when unknown, or when nobody would lead
 * @param lostTransactions transactions that wrote it, at most; empty when unknown
 * @param outage how long writes would stay away at most if the leader's host were lost
 */
public record FailoverReadiness(
    Optional<String> candidate,
    List<Missing> missing,
    OptionalLong lostBytes,
    OptionalLong lostTransactions,
    Duration outage) {

  /** What a failover needs. */
  public enum Condition {
    ETCD,
    KEYS,
    LEADER,
    NOT_PAUSED,
    REPLICA,
    RUNNING,
    ALLOWED,
    STREAMING,
    TIMELINE,
    SYNCHRONOUS,
    LAG,
    DISK,
    VOTERS,
    TWO_NODE_POLICY,
    SOURCE
  }

  /**
   * A condition that does not hold.
   *
   * @param member of whom it does not hold; empty for the cluster
   */
  public record Missing(Condition condition, String member, String sentence) {
    public Missing {
      requireNonNull(condition, "condition is null");
      requireNonNull(member, "member is null");
      requireNonNull(sentence, "sentence is null");
    }
  }

  /** What was said longer ago is no news of a disk. */
  private static final Duration LATELY = Duration.ofSeconds(30);

  public FailoverReadiness {
    requireNonNull(candidate, "candidate is null");
    missing = List.copyOf(missing);
    requireNonNull(lostBytes, "lostBytes is null");
    requireNonNull(lostTransactions, "lostTransactions is null");
    requireNonNull(outage, "outage is null");
  }

  public boolean ready() {
    return candidate.isPresent();
  }

  /** A standby and how far its WAL is; what its disk is good for, if it was asked lately. */
  private record Standby(Member member, boolean streaming, Lsn position, Disk.State disk) {}

  public static FailoverReadiness of(View view, Instant now, WalPace pace) {
    List<Missing> missing = new ArrayList<>(ofCluster(view, now));
    List<Standby> fit = new ArrayList<>();
    Lsn end = end(view, now);
    List<Standby> all = standbys(view, now);
    for (Standby standby : all) {
      Optional<Missing> objection = objection(view, standby, end);
      objection.ifPresentOrElse(missing::add, () -> fit.add(standby));
    }
    if (all.isEmpty()) {
      missing.add(new Missing(Condition.REPLICA, "", "there is no replica"));
    }
    votes(view, fit).ifPresent(missing::add);
    boolean blocked = missing.stream().anyMatch(one -> one.member().isEmpty());
    undeclared(view).ifPresent(missing::add);
    silent(view, now).ifPresent(missing::add);
    strayed(view, now).ifPresent(missing::add);
    Optional<Standby> best =
        blocked
            ? Optional.empty()
            : fit.stream().max((a, b) -> a.position().compareTo(b.position()));
    boolean lossless = Candidates.requiresVote(view);
    return new FailoverReadiness(
        best.map(standby -> standby.member().name()),
        missing,
        best.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(lossless ? 0 : best.get().position().bytesBehind(end)),
        best.isEmpty() || lossless
            ? (best.isEmpty() ? OptionalLong.empty() : OptionalLong.of(0))
            : pace.transactionsBeyond(best.get().position()),
        outage(view.settings()));
  }

  private static List<Missing> ofCluster(View view, Instant now) {
    List<Missing> missing = new ArrayList<>();
    if (!view.store().isCurrent()) {
      missing.add(new Missing(Condition.ETCD, "", "etcd does not answer this member"));
    }
    if (!view.state().vitalUnreadable().isEmpty()) {
      missing.add(
          new Missing(
              Condition.KEYS,
              "",
              "nobody is elected while etcd's keys "
                  + view.state().vitalUnreadable()
                  + " cannot be read"));
    }
    if (view.state().leadership().isVacant()) {
      String why = view.name() + ": " + new Engine().reason(view, now);
      missing.add(new Missing(Condition.LEADER, "", "nobody leads; " + why));
    }
    if (view.settings().paused()) {
      missing.add(new Missing(Condition.NOT_PAUSED, "", "the cluster is paused"));
    }
    if (TwoNodes.barStandby(view)) {
      missing.add(
          new Missing(
              Condition.TWO_NODE_POLICY,
              "",
              "of two members, with "
                  + TwoNodes.KEY
                  + " consistency, the standby leads only if it has every commit, and commits do"
                  + " not wait for it"));
    }
    return missing;
  }

  private static Optional<Missing> undeclared(View view) {
    return TwoNodes.areUndeclared(view)
        ? Optional.of(
            new Missing(
                Condition.TWO_NODE_POLICY,
                "",
                TwoNodes.KEY
                    + " is not declared: of two members the standby would lead, though it may lack"
                    + " up to "
                    + view.settings().maximumLagOnFailover()
                    + " bytes of WAL"))
        : Optional.empty();
  }

  /** Whom the others are about to replace. */
  private static Optional<Missing> silent(View view, Instant now) {
    return Electing.silentLeader(view, now, Sighting::halfway)
        .filter(seen -> view.otherLeader().equals(Optional.of(seen.leader())))
        .flatMap(
            seen ->
                missing(
                    Condition.LEADER,
                    seen.leader(),
                    "has not renewed its lease for "
                        + Duration.between(seen.receivedAt(), now).toSeconds()
                        + " s; after "
                        + seen.lease().toSeconds()
                        + " s it is replaced"));
  }

  /** It stands in nobody's way, but whoever is elected has followed the leader. */
  private static Optional<Missing> strayed(View view, Instant now) {
    String remark = Standing.leads(view, now) ? Straying.remark(view) : "";
    return remark.isEmpty()
        ? Optional.empty()
        : missing(Condition.SOURCE, view.name(), "gets no WAL from its source" + remark);
  }

  private static Lsn end(View view, Instant now) {
    return view.leads(now)
        ? view.server().written()
        : view.state()
            .leader()
            .map(Member::position)
            .orElse(Lsn.ZERO)
            .orLater(view.state().status().position());
  }

  private static List<Standby> standbys(View view, Instant now) {
    List<Standby> found = new ArrayList<>();
    for (Member member : view.state().members().values()) {
      if (!view.state().leadership().isHeldBy(member.name())) {
        found.add(view.leads(now) ? fed(view, member, now) : told(view, member, now));
      }
    }
    return found;
  }

  /** As the leader sees it. */
  private static Standby fed(View view, Member member, Instant now) {
    StandbyLink link = view.server().standbys().get(member.name());
    boolean streaming = link != null && link.streaming();
    return new Standby(
        member,
        streaming,
        streaming ? link.flushed() : member.receivedPosition(),
        disk(view, member, now));
  }

  /** As it tells of itself in etcd. */
  private static Standby told(View view, Member member, Instant now) {
    return new Standby(
        member,
        member.replicationState().equals("streaming"),
        member.receivedPosition(),
        disk(view, member, now));
  }

  private static Disk.State disk(View view, Member member, Instant now) {
    PeerReport report = view.peers().reports().get(member.name());
    boolean lately = view.peers().wereAskedSince(now.minus(LATELY));
    return report == null || !lately ? Disk.State.FINE : report.disk();
  }

  private static Optional<Missing> objection(View view, Standby standby, Lsn end) {
    Member member = standby.member();
    String name = member.name();
    int timeline = view.state().leader().map(Member::timeline).orElse(member.timeline());
    long lag = standby.position().bytesBehind(end);
    boolean votes = Candidates.requiresVote(view);
    if (!member.isReplica()) {
      return missing(Condition.RUNNING, name, "is no running replica");
    }
    if (!member.tags().mayLead()) {
      return missing(Condition.ALLOWED, name, "is not allowed to lead by its tags");
    }
    if (votes && !view.state().sync().voters().contains(name)) {
      return missing(Condition.SYNCHRONOUS, name, "is no synchronous standby");
    }
    if (member.timeline() != timeline) {
      return missing(
          Condition.TIMELINE, name, "is on timeline " + member.timeline() + ", not " + timeline);
    }
    if (!standby.streaming()) {
      return missing(Condition.STREAMING, name, "does not stream");
    }
    if (!votes && lag > view.settings().maximumLagOnFailover()) {
      return missing(Condition.LAG, name, "lacks " + lag + " bytes of WAL");
    }
    return standby.disk() == Disk.State.STUCK
        ? missing(Condition.DISK, name, "has a disk that does not answer")
        : Optional.empty();
  }

  private static Optional<Missing> missing(Condition condition, String member, String what) {
    return Optional.of(new Missing(condition, member, member + " " + what));
  }

  private static Optional<Missing> votes(View view, List<Standby> fit) {
    int needed = view.state().sync().quorum() + 1;
    return Candidates.requiresVote(view) && fit.size() < needed
        ? Optional.of(
            new Missing(
                Condition.VOTERS,
                "",
                fit.size() + " voters could answer an election, " + needed + " are needed"))
        : Optional.empty();
  }

  /** The lease may have been renewed just before; or its term is revoked sooner than it ends. */
  private static Duration outage(Settings settings) {
    Duration silence = settings.revokes() ? settings.suspicion() : settings.lease().lease();
    return silence.plus(Recovering.failover(settings));
  }
}
