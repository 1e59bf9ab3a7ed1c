package dev.matriarch.fleet;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Member;
import dev.matriarch.etcd.ClusterNotice;
import dev.matriarch.etcd.Watch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows one move of the leadership, from the question to the last standby: by the agent's answer
 * first, and through etcd where that takes longer than usual.
 */
final class MoveWatch implements AutoCloseable {

  /** Who looks on while clients wait takes processor time from what they wait for. */
  private static final Duration USUAL = Duration.ofSeconds(1);

  /** How long the other members may take to stream before the answer is given without them. */
  private static final Duration OTHERS = Duration.ofSeconds(30);

  /** How long a question that may have been heard is waited for without its answer. */
  private static final Duration HEARSAY = Duration.ofSeconds(20);

  private final RunningCluster cluster;
  private final ClusterOverview before;
  private final InstantSource monotonic;
  private final Consumer<String> progress;
  private final BlockingQueue<Happening> happenings = new LinkedBlockingQueue<>();
  private final Instant began;
  private final Map<String, String> told = new HashMap<>();

  /** The answer that was neither yes nor no, or empty. */
  private String hearsay = "";

  private Instant deadline;

  /** When the agent said that the new leader serves. */
  private Optional<Instant> served = Optional.empty();

  private Optional<Watch> watch = Optional.empty();

  private sealed interface Happening {
    record Notice(ClusterNotice notice) implements Happening {}

    record Answer(AgentAnswer answer) implements Happening {}
  }

  /** Asks, and may be interrupted. */
  interface Question {
    AgentAnswer ask() throws InterruptedException;
  }

  MoveWatch(
      RunningCluster cluster,
      ClusterOverview before,
      InstantSource monotonic,
      Consumer<String> progress) {
    this.cluster = cluster;
    this.before = before;
    this.monotonic = monotonic;
    this.progress = progress;
    began = monotonic.instant();
    deadline = began;
    before.members().forEach(m -> told.put(m.name(), line(m.label(), m.state())));
    told.put("", before.leader());
  }

  void ask(Question question) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                happenings.add(new Happening.Answer(question.ask()));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  MoveResult await(Duration budget) throws InterruptedException {
    deadline = began.plus(budget);
    Optional<MoveResult> early = awaitAnswer();
    if (early.isPresent()) {
      return early.orElseThrow();
    }
    watch =
        Optional.of(cluster.store().watch(notice -> happenings.add(new Happening.Notice(notice))));
    while (true) {
      Optional<Happening> next = next();
      if (next.isEmpty()) {
        return new MoveResult.Unfinished(
            hearsay.isEmpty()
                ? "no new leader after %d s".formatted(budget.toSeconds())
                : hearsay + "; no new leader is seen");
      }
      switch (next.orElseThrow()) {
        case Happening.Answer(AgentAnswer answer) -> {
          Optional<MoveResult> end = judge(answer);
          if (end.isPresent()) {
            return end.orElseThrow();
          }
        }
        case Happening.Notice(ClusterNotice notice) -> {
          Optional<ClusterState> state = tell(notice);
          Optional<Member> leader = state.flatMap(this::newLeader);
          if (leader.isPresent()) {
            return finish(leader.orElseThrow(), state.orElseThrow());
          }
          // Whoever answered before there was a primary did not wait for one.
          served = state.isPresent() ? Optional.empty() : served;
        }
      }
    }
  }

  /** For the usual time; for less only if there is nothing to wait for. */
  private Optional<MoveResult> awaitAnswer() throws InterruptedException {
    Instant usual = began.plus(USUAL);
    Instant until = usual.isBefore(deadline) ? usual : deadline;
    while (hearsay.isEmpty() && monotonic.instant().isBefore(until)) {
      Optional<Happening> first = next(until);
      if (first.isPresent() && first.orElseThrow() instanceof Happening.Answer(AgentAnswer said)) {
        Optional<MoveResult> end = judge(said);
        if (end.isPresent()) {
          return end;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Happening> next() throws InterruptedException {
    return next(deadline);
  }

  private Optional<Happening> next(Instant until) throws InterruptedException {
    Duration left = Duration.between(monotonic.instant(), until);
    return left.isPositive()
        ? Optional.ofNullable(happenings.poll(left.toNanos(), TimeUnit.NANOSECONDS))
        : Optional.empty();
  }

  private Optional<MoveResult> judge(AgentAnswer answer) {
    return switch (answer) {
      case AgentAnswer.Answered said when said.status() < 300 -> {
        served = Optional.of(monotonic.instant());
        yield Optional.empty();
      }
      case AgentAnswer.Answered said ->
          Optional.of(
              new MoveResult.Refused(
                  List.of(said.body().isEmpty() ? "HTTP status " + said.status() : said.body())));
      case AgentAnswer.NotThere absent ->
          Optional.of(new MoveResult.Refused(List.of(absent.why())));
      case AgentAnswer.NoAnswer lost -> {
        hearsay = lost.why();
        Instant soon = monotonic.instant().plus(HEARSAY);
        deadline = soon.isBefore(deadline) ? soon : deadline;
        yield Optional.empty();
      }
    };
  }

  private Optional<ClusterState> tell(ClusterNotice notice) {
    return switch (notice) {
      case ClusterNotice.Seen seen -> {
        ClusterOverview now = cluster.overview(seen.snapshot());
        say("", now.leader(), now.leader().isEmpty() ? "nobody leads" : now.leader() + " leads");
        for (MemberOverview member : now.members()) {
          String line = line(member.label(), member.state());
          say(member.name(), line, member.name() + " is " + line);
        }
        yield Optional.of(seen.snapshot().state());
      }
      case ClusterNotice.Interrupted interrupted -> {
        progress.accept(interrupted.failure().message());
        yield Optional.empty();
      }
      case ClusterNotice.Resumed _ -> Optional.empty();
    };
  }

  private static String line(MemberLabel label, String state) {
    return label + ", " + state;
  }

  private void say(String about, String what, String sentence) {
    if (!what.equals(told.put(about, what))) {
      progress.accept(sentence);
    }
  }

  private Optional<Member> newLeader(ClusterState state) {
    boolean moved =
        state.leadership() instanceof Leadership.Held held && !held.name().equals(before.leader());
    return moved ? state.leader().filter(Member::isPrimary) : Optional.empty();
  }

  private MoveResult finish(Member leader, ClusterState first) throws InterruptedException {
    Duration took = Duration.between(began, served.orElseGet(monotonic::instant));
    deadline = monotonic.instant().plus(OTHERS);
    boolean complete = allFollow(first, leader);
    while (!complete) {
      Optional<Happening> next = next();
      if (next.isEmpty()) {
        break;
      }
      complete =
          next.orElseThrow() instanceof Happening.Notice(ClusterNotice notice)
              && tell(notice).filter(state -> allFollow(state, leader)).isPresent();
    }
    return new MoveResult.Moved(before.leader(), leader.name(), leader.timeline(), took, complete);
  }

  private boolean allFollow(ClusterState state, Member leader) {
    return before.members().stream()
        .filter(m -> !m.name().equals(leader.name()))
        .allMatch(
            m ->
                state
                    .member(m.name())
                    .filter(it -> it.replicationState().equals("streaming"))
                    .filter(it -> it.timeline() == leader.timeline())
                    .isPresent());
  }

  @Override
  public void close() {
    watch.ifPresent(Watch::close);
  }
}
