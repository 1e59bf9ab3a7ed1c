package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.etcd.WriteResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Moves a cluster's leadership: asks the agent that can do it, watches etcd for what happens, and
 * tells each step.
 */
public final class LeaderMove {

  private final RunningCluster cluster;
  private final MoveWish wish;
  private final InstantSource monotonic;
  private final Consumer<String> progress;

  /**
   * @param monotonic time that never jumps
   * @param progress gets one sentence for each step
   */
  public LeaderMove(
      RunningCluster cluster, MoveWish wish, InstantSource monotonic, Consumer<String> progress) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.wish = requireNonNull(wish, "wish is null");
    this.monotonic = requireNonNull(monotonic, "monotonic is null");
    this.progress = requireNonNull(progress, "progress is null");
  }

  /** Why it cannot be done, all reasons at once; none when it may be asked for. */
  public List<String> objections(ClusterOverview now) {
    List<String> reasons = new ArrayList<>();
    String names = others(now).stream().map(MemberOverview::name).collect(Collectors.joining(", "));
    switch (wish) {
      case MoveWish.Switchover _ -> {
        if (now.leader().isEmpty()) {
          reasons.add(
              "%s has no leader to switch from; name the next one: failover %s --candidate NAME"
                  .formatted(now.name(), now.name()));
        }
        if (now.paused() && wish.candidate().isEmpty()) {
          reasons.add(now.name() + " is paused: name the candidate, one of " + names);
        }
      }
      case MoveWish.Failover _ -> {}
    }
    if (others(now).isEmpty()) {
      reasons.add(now.name() + " has no member except its leader");
    }
    if (!wish.candidate().isEmpty()) {
      candidateObjection(now, names).ifPresent(reasons::add);
    }
    return reasons;
  }

  private Optional<String> candidateObjection(ClusterOverview now, String names) {
    String candidate = wish.candidate();
    if (candidate.equals(now.leader())) {
      return Optional.of(candidate + " leads already");
    }
    Optional<MemberOverview> member = now.member(candidate);
    if (member.isEmpty()) {
      return Optional.of(
          "%s is no member of %s that runs; %s"
              .formatted(
                  candidate, now.name(), names.isEmpty() ? "nobody is" : "there is " + names));
    }
    boolean runs = member.orElseThrow().isWell() || member.orElseThrow().state().equals("running");
    return runs
        ? Optional.empty()
        : Optional.of(candidate + " cannot lead: it is " + member.orElseThrow().state());
  }

  private static List<MemberOverview> others(ClusterOverview now) {
    return now.members().stream().filter(m -> !m.name().equals(now.leader())).toList();
  }

  /** Does it and waits, at most {@code budget} until there is a new leader. */
  public MoveResult run(Duration budget) throws EtcdException, InterruptedException {
    ClusterOverview before = cluster.overview();
    List<String> objections = objections(before);
    if (!objections.isEmpty()) {
      return new MoveResult.Refused(objections);
    }
    try (MoveWatch watch = new MoveWatch(cluster, before, monotonic, progress)) {
      watch.ask(() -> ask(before, budget));
      return watch.await(budget);
    }
  }

  /** The leader's agent first; where there is none, the candidate's; where none listens, etcd. */
  private AgentAnswer ask(ClusterOverview before, Duration budget) throws InterruptedException {
    List<MemberOverview> order = new ArrayList<>();
    before.member(before.leader()).ifPresent(order::add);
    before.member(wish.candidate()).ifPresent(order::add);
    others(before).stream().filter(m -> !order.contains(m)).forEach(order::add);
    for (MemberOverview member : order) {
      progress.accept("asking the agent of " + member.name());
      AgentAnswer answer =
          cluster.agents().post(member.apiUrl(), wish.path(), body(before), budget);
      if (!(answer instanceof AgentAnswer.NotThere absent)) {
        return answer;
      }
      progress.accept(absent.why());
    }
    return askThroughEtcd(before);
  }

  private String body(ClusterOverview before) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (wish) {
      case MoveWish.Switchover switchover -> {
        json.put("leader", before.leader());
        // The field's controllers know no such word.
        if (!switchover.longestPause().equals(MoveRequest.PAUSE)) {
          json.put("longest_pause_ms", switchover.longestPause().toMillis());
        }
      }
      case MoveWish.Failover failover -> {
        if (!failover.lost().isEmpty()) {
          json.put("lost", failover.lost());
        }
      }
    }
    if (!wish.candidate().isEmpty()) {
      json.put("candidate", wish.candidate());
    }
    // Such words are ours alone: the field's controllers answer as soon as the key has moved.
    json.put("await_serving", true);
    return json.toString();
  }

  private AgentAnswer askThroughEtcd(ClusterOverview before) throws InterruptedException {
    progress.accept("no agent listens: asking through etcd");
    MoveRequest request =
        switch (wish) {
          case MoveWish.Switchover _ ->
              new MoveRequest(0, before.leader(), wish.candidate(), Optional.empty());
          case MoveWish.Failover failover ->
              new MoveRequest(0, "", wish.candidate(), Optional.empty()).withLost(failover.lost());
        };
    try {
      long revision = cluster.store().failoverRevision();
      WriteResult result = cluster.store().setFailover(request.replacing(revision));
      return switch (result) {
        case WriteResult.Done _ -> new AgentAnswer.NoAnswer("asked through etcd");
        case WriteResult.Conflict _ ->
            new AgentAnswer.Answered(409, "somebody else asks for a move at the same time");
        case WriteResult.Unknown unknown -> new AgentAnswer.NoAnswer(unknown.failure().message());
        case WriteResult.Failed failed -> new AgentAnswer.NotThere(failed.failure().message());
      };
    } catch (EtcdException e) {
      return new AgentAnswer.NotThere(e.failure().message());
    }
  }
}
