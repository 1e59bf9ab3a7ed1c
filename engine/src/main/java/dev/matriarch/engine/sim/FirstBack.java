package dev.matriarch.engine.sim;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Member;
import java.util.Optional;

/**
 * Who boots first after all were down must not lead because of that: who led last has more WAL, and
 * is on its way. It is waited for at least this long.
 */
final class FirstBack {
  private static final long AWAITED = Agenda.millis(55_000);

  private final World world;
  private long leaderRevision;
  private Optional<Member> leaderKey = Optional.empty();
  private long leaderSeenAt = -1;

  FirstBack(World world) {
    this.world = world;
  }

  /** A leader gives a sign of life whenever it takes or renews its key, or changes its own. */
  void storeChanged() {
    ClusterState state = world.store().state();
    if (!(state.leadership() instanceof Leadership.Held held)) {
      return;
    }
    boolean told = state.leader().isPresent() && !state.leader().equals(leaderKey);
    if (held.revision() != leaderRevision || told) {
      leaderRevision = held.revision();
      leaderKey = state.leader();
      leaderSeenAt = world.agenda().now();
    }
  }

  /** A member runs for leader. */
  void check(MemberModel member) {
    long bootedAt = member.clock().when(member.view().self().startedAt());
    // An agent that was started anew beside a server that had streamed was not down with the rest.
    boolean cold =
        leaderSeenAt < Math.min(bootedAt, member.server().startedAt())
            && !member.server().hasStreamed()
            && world.agenda().now() - bootedAt < AWAITED;
    ClusterState state = world.store().state();
    boolean recorded =
        member.view().settings().synchrony().isOn() && member.view().state().sync().isRecorded();
    boolean asked =
        state.request().filter(move -> move.candidate().equals(member.name())).isPresent();
    boolean standbyCluster = member.view().settings().source().isPresent();
    if (standbyCluster || !cold || recorded || asked || !member.server().isRunningStandby()) {
      return;
    }
    world.members().stream()
        .filter(other -> other != member && !other.isLost() && other.tags().mayLead())
        .filter(other -> state.lastLeader().filter(other.name()::equals).isPresent())
        .filter(other -> !(other.isUp() && other.server().isRunning()))
        .filter(other -> isAhead(other.server().position(), member.server().position()))
        .findFirst()
        .ifPresent(
            other ->
                world
                    .invariants()
                    .broken(
                        "elected before who led last",
                        member.name()
                            + " at "
                            + member.server().position()
                            + " runs for leader before "
                            + other.name()
                            + " is back, which is at "
                            + other.server().position()));
  }

  private static boolean isAhead(Position one, Position other) {
    return one.contains(other) && one.end() > other.end();
  }
}
