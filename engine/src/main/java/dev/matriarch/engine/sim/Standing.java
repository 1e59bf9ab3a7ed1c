package dev.matriarch.engine.sim;

import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.SyncState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who stood by, well and in reach, when the leader key became vacant. While nothing happens to
 * them, nobody who has less WAL may take the key before them.
 */
final class Standing {
  private static final long SETTLED = Agenda.millis(1500);

  private record Stand(MemberModel member, Position position) {}

  private final World world;
  private final List<Stand> stands = new ArrayList<>();
  private final Map<MemberModel, Long> unheardAt = new HashMap<>();
  private boolean vacant = true;
  private long disturbedAt;

  Standing(World world) {
    this.world = world;
  }

  /** Something goes wrong, or is mended: what was so when the key became vacant is no more. */
  void disturbed() {
    stands.clear();
    disturbedAt = world.agenda().now();
  }

  /** An answer of that member, or a question to it, was lost or late: it is not waited for. */
  void unheard(MemberModel member) {
    unheardAt.put(member, world.agenda().now());
    stands.removeIf(stand -> stand.member() == member);
  }

  void storeChanged() {
    boolean now = world.store().state().leadership() instanceof Leadership.Vacant;
    if (now && !vacant) {
      stands.clear();
      for (MemberModel member : world.members()) {
        boolean settled =
            world.agenda().now() - member.wellSince() > SETTLED
                && isCalm(disturbedAt)
                && isCalm(unheardAt.getOrDefault(member, 0L));
        if (settled && isWell(member)) {
          stands.add(new Stand(member, member.server().position()));
        }
      }
    }
    vacant = now;
  }

  /** Who did not answer when the leader fell silent is not waited for. */
  private boolean isCalm(long since) {
    long silence = Agenda.micros(world.configurations().longestTtl()) / 2;
    return world.agenda().now() - since > silence + SETTLED;
  }

  private boolean isWell(MemberModel member) {
    return member.isActive()
        && member.view().store().isCurrent()
        && member.server().isRunningStandby()
        && member.tags().mayLead()
        && !member.server().disk().isHung()
        && !member.server().disk().look().isFull()
        && world.network().connects(member.index(), world.network().store());
  }

  /** Somebody who should have gone before this one, both having stood by all the time. */
  Optional<MemberModel> passedOver(MemberModel by) {
    SyncState sync = world.store().state().sync();
    boolean votes = by.view().settings().synchrony().isOn() && sync.isRecorded();
    boolean stood = stands.stream().anyMatch(stand -> stand.member() == by);
    if (!stood || (votes && sync.leader().equals(by.name()))) {
      return Optional.empty();
    }
    Position own = by.server().position();
    return stands.stream()
        .filter(stand -> isWell(stand.member()))
        .filter(stand -> world.network().connects(by.index(), stand.member().index()))
        .filter(stand -> !votes || sync.mayLead(stand.member().name()))
        .filter(stand -> stand.position().contains(own) && stand.position().end() > own.end())
        .map(Stand::member)
        .findFirst();
  }
}
