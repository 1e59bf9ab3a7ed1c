package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.MoveRequest;
import java.util.List;
import java.util.Optional;

/**
 * A cluster as etcd tells of it, ready to be shown.
 *
 * @param systemIdentifier of its data; empty before it was bootstrapped
 * @param members by name
 * @param leader holder of the leader key; empty: nobody
 * @param paused no automatic action is taken
 * @param request a switchover or failover that is asked for
 * @param problems what is not as it should be, one sentence each
 */
public record ClusterOverview(
    String name,
    String systemIdentifier,
    List<MemberOverview> members,
    String leader,
    boolean paused,
    Optional<MoveRequest> request,
    List<String> problems) {
  public ClusterOverview {
    requireNonNull(name, "name is null");
    requireNonNull(systemIdentifier, "systemIdentifier is null");
    members = List.copyOf(members);
    requireNonNull(leader, "leader is null");
    requireNonNull(request, "request is null");
    problems = List.copyOf(problems);
  }

  public Optional<MemberOverview> member(String memberName) {
    return members.stream().filter(m -> m.name().equals(memberName)).findFirst();
  }

  /** The members that stream from this one, by name. */
  public List<MemberOverview> followersOf(MemberOverview upstream) {
    return members.stream()
        .filter(m -> !m.label().leads())
        .filter(
            m ->
                member(m.follows()).isPresent()
                    ? m.follows().equals(upstream.name())
                    : upstream.label().leads())
        .toList();
  }
}
