package dev.matriarch.engine.sim;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.SyncState;
import dev.matriarch.engine.TwoNodePolicy;
import java.util.List;
import java.util.stream.Stream;

/** Whether a cluster is as it should be when nothing is wrong but what is lost for good. */
final class Convergence {
  private Convergence() {}

  private static List<MemberModel> left(World world) {
    return world.members().stream().filter(member -> !member.isLost()).toList();
  }

  /** What is lacking; empty when one leads and all others stream, in the end from it. */
  static String lacking(World world) {
    if (!(world.store().state().leadership() instanceof Leadership.Held held)) {
      return "nobody leads";
    }
    MemberModel leader = world.member(held.name());
    boolean follows = world.settings().source().isPresent();
    if (follows && !isFed(leader.server(), world.outside().server())) {
      return leader.name() + " holds the key and does not follow the server outside";
    }
    if (!leader.isUp() || !(follows || leader.server().isRunningPrimary())) {
      return leader.name() + " holds the key and is no running primary";
    }
    for (MemberModel member : left(world)) {
      if (isPoolerStuck(member, follows ? "" : leader.name())) {
        return "the clients of " + member.name() + "'s pooler are kept waiting";
      }
      boolean streams =
          member.isUp()
              && member.server().isRunningStandby()
              && member.server().replication().isStreaming()
              && comesFrom(world, member, leader)
              && member.server().position().branch() == leader.server().position().branch();
      if (member != leader && !streams && !isKept(world, member)) {
        return member.name() + " does not follow " + leader.name();
      }
    }
    return "";
  }

  private static boolean isPoolerStuck(MemberModel member, String primary) {
    String target = member.pooler().target();
    return !primary.isEmpty()
        && member.isUp()
        && (member.pooler().isHeld() || !(target.isEmpty() || target.equals(primary)));
  }

  /** Its data went another way than the leader's, and only a human may do something about that. */
  private static boolean isKept(World world, MemberModel member) {
    return world.settings().undoing().isForbidden()
        && world.store().state().leadership() instanceof Leadership.Held held
        && !world.server(held.name()).position().contains(member.server().position());
  }

  private static boolean isFed(ServerModel standby, ServerModel outside) {
    return standby.isRunningStandby()
        && standby.follows(outside.name())
        && standby.replication().isStreaming()
        && standby.position().branch() == outside.position().branch();
  }

  private static boolean comesFrom(World world, MemberModel member, MemberModel leader) {
    String upstream = member.server().replication().upstream();
    String declared = member.tags().replicatefrom();
    return upstream.equals(leader.name())
        || (upstream.equals(declared) && !world.member(declared).isLost());
  }

  /** Whether commits need not wait for a standby that is none. */
  static boolean canWrite(World world) {
    if (world.settings().source().isPresent()) {
      return false;
    }
    boolean waits = world.settings().synchrony().isOn() && world.settings().synchrony().strict();
    long able =
        left(world).stream()
            .filter(member -> !member.tags().nosync() && !isKept(world, member))
            .filter(
                member ->
                    member.server().role() == dev.matriarch.engine.Role.PRIMARY
                        || world
                            .store()
                            .state()
                            .leadership()
                            .isHeldBy(member.server().replication().upstream()))
            .count();
    return !waits || able > 1;
  }

  /** Whether somebody could still lead without a human, as far as etcd and the disks know. */
  static boolean couldLead(World world) {
    ClusterState state = world.store().state();
    // What was in them only who has seen it knows, and none of those may be left.
    if (!state.unreadable().isEmpty()) {
      return false;
    }
    if (!(state.initialization() instanceof Initialization.Done cluster)) {
      return left(world).stream().anyMatch(member -> member.tags().mayLead());
    }
    if (wentAnotherWay(world)) {
      return false;
    }
    boolean follows = world.settings().source().isPresent();
    String pausedLeader = state.status().pausedLeader();
    if (!pausedLeader.isEmpty() && world.member(pausedLeader).isLost()) {
      return false;
    }
    List<MemberModel> fit =
        left(world).stream()
            .filter(member -> member.server().isOf(cluster.systemIdentifier()))
            .filter(member -> state.failsafe().allows(member.name()))
            .filter(
                member -> follows || member.server().position().timeline() >= state.newestInForce())
            .filter(member -> follows || !isTwin(state, member.server().position().branch()))
            .toList();
    if (!follows && world.settings().synchrony().isOn() && state.sync().isRecorded()) {
      return hasVoters(fit, state.sync());
    }
    long least = state.status().position().value() - world.settings().maximumLagOnFailover();
    return fit.stream()
        .filter(member -> member.tags().mayLead())
        .filter(member -> !isBarred(world, member))
        .map(member -> member.server().position())
        .anyMatch(own -> own.timeline() < state.newestInForce() || own.end() >= least);
  }

  /** The cluster knows another timeline by its number. */
  private static boolean isTwin(ClusterState state, Branch branch) {
    return state
        .beginnerOf(branch.timeline())
        .filter(beginner -> !beginner.equals(branch.maker()))
        .isPresent();
  }

  /** One of two that must not lead, since who led last is lost with what only it had. */
  private static boolean isBarred(World world, MemberModel member) {
    long mayLead = left(world).stream().filter(one -> one.tags().mayLead()).count();
    return world.settings().twoNodePolicy() == TwoNodePolicy.CONSISTENCY
        && mayLead <= 2
        && world.store().state().lastLeader().filter(member.name()::equals).isEmpty();
  }

  /**
   * The leader of a standby cluster has data that the server outside does not, and nothing may be
   * done about that without a human.
   */
  private static boolean wentAnotherWay(World world) {
    Position outside = world.outside().server().position();
    return world.settings().source().isPresent()
        && world.settings().undoing().isForbidden()
        && left(world).stream()
            .filter(member -> leads(world, member))
            .map(member -> member.server().position())
            .anyMatch(position -> !outside.contains(position));
  }

  /** It holds the key; where nobody does, whoever is left might. */
  private static boolean leads(World world, MemberModel member) {
    Leadership leadership = world.store().state().leadership();
    return leadership.isVacant() || leadership.isHeldBy(member.name());
  }

  /** Two timelines of one number are there, of which PostgreSQL takes one for the other. */
  static boolean hasTwins(World world) {
    boolean follows = world.settings().source().isPresent();
    Stream<ServerModel> outside = Stream.of(world.outside().server()).filter(one -> follows);
    List<Branch> branches =
        Stream.concat(left(world).stream().map(MemberModel::server), outside)
            .map(ServerModel::position)
            .filter(Position::isSomewhere)
            .map(Position::branch)
            .distinct()
            .toList();
    return branches.stream().map(Branch::timeline).distinct().count() < branches.size();
  }

  private static boolean hasVoters(List<MemberModel> fit, SyncState sync) {
    List<MemberModel> voters =
        fit.stream().filter(member -> sync.voters().contains(member.name())).toList();
    boolean elected =
        voters.size() > sync.quorum()
            && voters.stream().anyMatch(member -> member.tags().mayLead());
    return elected
        || fit.stream()
            .anyMatch(member -> member.name().equals(sync.leader()) && member.tags().mayLead());
  }

  static String states(World world) {
    StringBuilder all = new StringBuilder();
    for (MemberModel member : world.members()) {
      all.append("\n  ")
          .append(member.name())
          .append(member.isLost() ? " (lost) " : member.isUp() ? " " : " (agent down) ")
          .append(member.server().condition())
          .append(' ')
          .append(member.server().role())
          .append(" at ")
          .append(member.server().position())
          .append(", rule ")
          .append(member.rule().number())
          .append(' ')
          .append(member.rule())
          .append(": ")
          .append(member.reason());
    }
    return all.toString();
  }
}
