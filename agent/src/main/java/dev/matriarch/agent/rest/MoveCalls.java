package dev.matriarch.agent.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.View;
import dev.matriarch.etcd.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code /switchover} and {@code /failover}: what can be seen to be impossible is refused at once;
 * the rest is written to etcd, and the answer waits for what becomes of it.
 */
final class MoveCalls {
  private static final Duration LOOK = Duration.ofMillis(20);

  /** How long pooled clients may be let wait: ours alone, the field's clients do not send it. */
  private static final String LONGEST_PAUSE = "longest_pause_ms";

  /** Who led in a pause and runs no more, on the operator's word: ours alone as well. */
  private static final String LOST = "lost";

  /** The answer waits until the new leader takes writes, not only for the key: ours alone too. */
  private static final String AWAIT_SERVING = "await_serving";

  private static final Duration MOST = Duration.ofMinutes(1);

  /** The kinds of move, as messages name them. */
  private enum Kind {
    SWITCHOVER("switchover", "Switchover", "switched over"),
    FAILOVER("failover", "Failover", "failed over");

    private final String noun;
    private final String title;
    private final String past;

    Kind(String noun, String title, String past) {
      this.noun = noun;
      this.title = title;
      this.past = past;
    }
  }

  private final AgentStatus.Source source;
  private final Requests requests;

  MoveCalls(AgentStatus.Source source, Requests requests) {
    this.source = source;
    this.requests = requests;
  }

  Answer switchover(String body) throws InterruptedException {
    Optional<ObjectNode> wish = Json.object(body);
    return wish.isEmpty()
        ? Answer.text(400, "the body must be a JSON object with the current leader's name")
        : move(Kind.SWITCHOVER, wish.get());
  }

  Answer failover(String body) throws InterruptedException {
    Optional<ObjectNode> wish = Json.object(body);
    if (wish.isEmpty()) {
      return Answer.text(400, "the body must be a JSON object with the candidate's name");
    }
    // Older clients name the leader in a failover too: they mean a switchover.
    return move(text(wish.get(), "leader").isEmpty() ? Kind.FAILOVER : Kind.SWITCHOVER, wish.get());
  }

  Answer withdraw() throws InterruptedException {
    Optional<MoveRequest> pending =
        source.status().view().state().request().filter(r -> r.scheduledAt().isPresent());
    if (pending.isEmpty()) {
      return Answer.text(404, "no pending scheduled switchover");
    }
    return switch (requests.withdrawMove(pending.get().revision())) {
      case WriteResult.Done done -> Answer.text(200, "scheduled switchover deleted");
      case WriteResult.Conflict conflict -> Answer.text(409, "it was changed by somebody else");
      case WriteResult.Unknown unknown -> unreachable(unknown.failure().message());
      case WriteResult.Failed failed -> unreachable(failed.failure().message());
    };
  }

  private Answer move(Kind kind, ObjectNode wish) throws InterruptedException {
    AgentStatus status = source.status();
    String leader = text(wish, "leader");
    String candidate = text(wish, "candidate");
    Optional<Answer> refusal =
        unclear(kind, wish, status.view(), status.wallNow())
            .or(() -> impossible(kind, status.view(), leader, candidate))
            .or(() -> untrue(kind, status.view(), text(wish, LOST)));
    if (refusal.isPresent()) {
      return refusal.get();
    }
    String from = heldBy(status.view().state()).orElse("");
    Optional<Instant> at = Schedule.of(wish.path("scheduled_at")).flatMap(Schedule::at);
    MoveRequest request =
        new MoveRequest(
            0,
            kind == Kind.FAILOVER ? "" : leader,
            candidate,
            at,
            longestPause(wish),
            text(wish, LOST));
    return switch (requests.askMove(request)) {
      case WriteResult.Done done ->
          at.isPresent()
              ? Answer.text(202, kind.title + " scheduled")
              : await(kind, new Goal(from, candidate, isServing(wish)), done.revision());
      case WriteResult.Conflict conflict ->
          Answer.text(409, "another " + kind.noun + " was asked for at the same time");
      case WriteResult.Unknown unknown -> unreachable(unknown.failure().message());
      case WriteResult.Failed failed -> unreachable(failed.failure().message());
    };
  }

  /** What is wrong with the request as such. */
  private static Optional<Answer> unclear(Kind kind, ObjectNode wish, View view, Instant now) {
    String leader = text(wish, "leader");
    String candidate = text(wish, "candidate");
    // What is no name must not pass for none: a move could go to anybody then.
    for (String key : List.of("leader", "candidate", LOST)) {
      if (wish.path(key).isContainerNode()) {
        return refuse(400, key + " must be the name of a member");
      }
    }
    if (kind == Kind.FAILOVER && candidate.isEmpty()) {
      return refuse(400, "Failover could be performed only to a specific candidate");
    }
    if (kind == Kind.SWITCHOVER && leader.isEmpty()) {
      return refuse(400, "Switchover could be performed only from a specific leader");
    }
    if (kind == Kind.SWITCHOVER && !text(wish, LOST).isEmpty()) {
      return refuse(400, LOST + " goes with a failover: a lost leader cannot hand over");
    }
    if (wish.has(LONGEST_PAUSE) && !isPause(longestPause(wish))) {
      return refuse(
          400, LONGEST_PAUSE + " is no number of milliseconds between 1 and " + MOST.toMillis());
    }
    if (wish.hasNonNull("scheduled_at")) {
      return unscheduled(kind, wish, view, now);
    }
    if (view.settings().paused() && candidate.isEmpty()) {
      return refuse(400, "Switchover is possible only to a specific candidate in a paused state");
    }
    return Optional.empty();
  }

  private static Optional<Answer> unscheduled(Kind kind, ObjectNode wish, View view, Instant now) {
    if (kind == Kind.FAILOVER) {
      return refuse(400, "a failover cannot be scheduled; schedule a switchover");
    }
    if (view.settings().paused()) {
      return refuse(400, "a " + kind.noun + " cannot be scheduled while the cluster is paused");
    }
    return Schedule.of(wish.path("scheduled_at"))
        .flatMap(schedule -> schedule.objection(now))
        .flatMap(why -> refuse(why.status(), "scheduled_at " + why.sentence()));
  }

  /** What stands in its way now. */
  private static Optional<Answer> impossible(
      Kind kind, View view, String leader, String candidate) {
    if (!view.store().isCurrent()) {
      String trouble = view.store().trouble();
      return refuse(503, "etcd does not answer" + (trouble.isEmpty() ? "" : ": " + trouble));
    }
    ClusterState state = view.state();
    Optional<String> holder = heldBy(state);
    if (kind == Kind.SWITCHOVER && holder.isEmpty()) {
      return not(kind, "cluster has no leader");
    }
    if (kind == Kind.SWITCHOVER && !holder.get().equals(leader)) {
      return not(kind, "leader name does not match: " + holder.get() + " leads, not " + leader);
    }
    if (!candidate.isEmpty() && holder.filter(candidate::equals).isPresent()) {
      return not(kind, "member " + candidate + " leads already");
    }
    if (state.members().keySet().stream()
        .allMatch(name -> holder.filter(name::equals).isPresent())) {
      return not(kind, "cluster does not have members except leader");
    }
    return candidate.isEmpty()
        ? nobodyCan(kind, state, holder.orElse(""))
        : cannot(kind, view, candidate);
  }

  /** The operator's word is about another than the one that is waited for. */
  private static Optional<Answer> untrue(Kind kind, View view, String lost) {
    String noted = view.state().status().pausedLeader();
    return lost.isEmpty() || noted.isEmpty() || noted.equals(lost)
        ? Optional.empty()
        : not(kind, noted + " led when the cluster was paused, not " + lost);
  }

  private static Optional<Answer> nobodyCan(Kind kind, ClusterState state, String leader) {
    boolean somebody =
        state.members().values().stream()
            .anyMatch(m -> !m.name().equals(leader) && m.isReplica() && m.tags().mayLead());
    return somebody ? Optional.empty() : not(kind, "no good candidates have been found");
  }

  private static Optional<Answer> cannot(Kind kind, View view, String candidate) {
    Optional<Member> member = view.state().member(candidate);
    if (member.isEmpty()) {
      return not(kind, "candidate " + candidate + " does not exist");
    }
    // The sentence for a member that may not or cannot lead is compared by the field's clients.
    if (!member.get().tags().mayLead() || !member.get().isReplica()) {
      return not(kind, "no good candidates have been found");
    }
    boolean needsVote = view.settings().synchrony().isOn() && view.state().sync().isRecorded();
    return kind == Kind.SWITCHOVER && needsVote && !view.state().sync().mayLead(candidate)
        ? not(kind, "candidate name does not match with sync_standby")
        : Optional.empty();
  }

  /**
   * What is waited for.
   *
   * @param from who led when it was asked for
   * @param candidate empty: anybody else
   * @param serving that the new leader leads in deed, not only by its key
   */
  private record Goal(String from, String candidate, boolean serving) {
    boolean isFor(String holder) {
      return candidate.isEmpty() ? !holder.equals(from) : holder.equals(candidate);
    }

    boolean isReached(ClusterState state) {
      return !serving || state.leader().filter(Goal::leads).isPresent();
    }

    private static boolean leads(Member leader) {
      return leader.isPrimary() || leader.role() == MemberRole.STANDBY_LEADER;
    }
  }

  private Answer await(Kind kind, Goal goal, long revision) throws InterruptedException {
    AgentStatus status = source.status();
    long end =
        System.nanoTime()
            + status
                .view()
                .settings()
                .ttl()
                .plus(status.view().settings().primaryStopTimeout())
                .plusSeconds(10)
                .toNanos();
    while (System.nanoTime() - end < 0) {
      View view = source.status().view();
      boolean seen = view.store().isCurrent() && view.state().revision() >= revision;
      Optional<Answer> verdict = seen ? verdict(kind, view, goal, revision) : Optional.empty();
      if (verdict.isPresent()) {
        return verdict.get();
      }
      Thread.sleep(LOOK);
    }
    return Answer.text(
        503, "the " + kind.noun + " has not ended in time; look at /cluster for what became of it");
  }

  /** What became of it, once the request was seen and somebody leads. */
  private Optional<Answer> verdict(Kind kind, View view, Goal goal, long revision)
      throws InterruptedException {
    String candidate = goal.candidate();
    ClusterState state = view.state();
    Optional<String> holder = heldBy(state);
    if (holder.isEmpty()) {
      return candidate.isEmpty() || state.request().isPresent()
          ? Optional.empty()
          : Optional.of(failed(kind, whyNobody(view, candidate, revision)));
    }
    String now = holder.get();
    if (goal.isFor(now)) {
      return goal.isReached(state)
          ? Optional.of(Answer.text(200, "Successfully " + kind.past + " to \"" + now + "\""))
          : Optional.empty();
    }
    if (state.request().isPresent()) {
      return Optional.empty();
    }
    String said =
        reason(view, now, revision)
            .map(reason -> now + " leads and says: " + reason)
            .orElse(now + " leads, and its log says why");
    return Optional.of(failed(kind, said));
  }

  private String whyNobody(View view, String candidate, long revision) throws InterruptedException {
    return reason(view, candidate, revision)
        .map(reason -> candidate + " says: " + reason)
        .orElse("nobody leads, and the log of " + candidate + " says why");
  }

  private static Answer failed(Kind kind, String said) {
    return Answer.text(503, kind.noun + " failed: " + said);
  }

  /** That member closed the wish, or a newer form of it that names the candidate. */
  private Optional<String> reason(View view, String member, long revision)
      throws InterruptedException {
    Optional<ClosedMove> closed =
        member.equals(view.name())
            ? source.status().closed()
            : requests.closedBy(view.state().member(member).map(Member::apiUrl).orElse(""));
    return closed.filter(move -> move.revision() >= revision).map(ClosedMove::reason);
  }

  private static Optional<String> heldBy(ClusterState state) {
    return switch (state.leadership()) {
      case Leadership.Vacant vacant -> Optional.empty();
      case Leadership.Unowned unowned -> Optional.empty();
      case Leadership.Held held -> Optional.of(held.name());
    };
  }

  private static Duration longestPause(ObjectNode wish) {
    JsonNode given = wish.path(LONGEST_PAUSE);
    return given.isMissingNode() ? MoveRequest.PAUSE : Duration.ofMillis(given.asLong(0));
  }

  private static boolean isServing(ObjectNode wish) {
    return wish.path(AWAIT_SERVING).asBoolean(false);
  }

  private static boolean isPause(Duration pause) {
    return pause.isPositive() && pause.compareTo(MOST) <= 0;
  }

  private static String text(ObjectNode wish, String key) {
    return wish.path(key).asText("").strip();
  }

  private static Optional<Answer> not(Kind kind, String reason) {
    return Optional.of(Answer.text(412, kind.noun + " is not possible: " + reason));
  }

  private static Optional<Answer> refuse(int status, String sentence) {
    return Optional.of(Answer.text(status, sentence));
  }

  private static Answer unreachable(String reason) {
    return Answer.text(503, "etcd could not be told: " + reason);
  }
}
