package dev.matriarch.engine.sim;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.TwoNodePolicy;
import dev.matriarch.engine.View;

/**
 * Of two that could lead, with consistency, nobody leads without what only the other may have. Who
 * led last counts whatever its tags say now: a third that was led beside it is not one of two.
 */
final class TwoMembers {
  private TwoMembers() {}

  /** A member runs for leader. */
  static void check(World world, MemberModel member) {
    View view = member.view();
    ClusterState state = view.state();
    String last = state.lastLeader().orElse("");
    long two =
        world.members().stream()
            .filter(one -> one.tags().mayLead() || one.name().equals(last))
            .count();
    // Its tags may have been changed a moment ago, and not be known yet.
    long known =
        state.members().values().stream()
            .filter(one -> one.tags().mayLead() || one.name().equals(last))
            .count();
    boolean applies =
        two == 2
            && known <= 2
            && view.settings().source().isEmpty()
            && view.settings().twoNodePolicy() == TwoNodePolicy.CONSISTENCY
            && !(view.settings().synchrony().isOn() && state.sync().isRecorded())
            && member.server().isRunningStandby();
    boolean asked =
        state.request().filter(move -> move.candidate().equals(member.name())).isPresent();
    boolean another = !last.isEmpty() && !last.equals(member.name());
    if (applies && another && !asked) {
      world
          .invariants()
          .broken(
              "led against the policy",
              member.name() + " runs for leader, and " + last + " led last");
    }
  }
}
