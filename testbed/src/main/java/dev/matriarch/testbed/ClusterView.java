package dev.matriarch.testbed;

import java.util.List;
import java.util.Optional;

/** All servers of a cluster as each sees itself. */
public record ClusterView(List<MemberView> members) {
  /** Freezes. */
  public ClusterView {
    members = List.copyOf(members);
  }

  /** Those that take writes. */
  public List<MemberView> primaries() {
    return with(MemberView.Standing.PRIMARY);
  }

  /** Name of the host of the only primary; empty when there is none or more than one. */
  public Optional<String> primary() {
    return primaries().size() == 1 ? Optional.of(primaries().getFirst().host()) : Optional.empty();
  }

  /** Those in a standing. */
  public List<MemberView> with(MemberView.Standing standing) {
    return members.stream().filter(member -> member.standing() == standing).toList();
  }

  /** One leader, and everybody else streams on its timeline. */
  public boolean settled() {
    return primaries().size() == 1
        && with(MemberView.Standing.STREAMING).size() == members.size() - 1
        && members.stream().map(MemberView::timeline).distinct().count() == 1;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (MemberView member : members) {
      text.append("%s %s tl %d; ".formatted(member.host(), member.standing(), member.timeline()));
    }
    return text.toString();
  }
}
