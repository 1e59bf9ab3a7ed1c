package dev.matriarch.engine.sim;

import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.SyncState;
import java.util.ArrayList;
import java.util.List;
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

  void storeChanged() {
    boolean now = world.store().state().leadership() instanceof Leadership.Vacant;
    // Who did not answer when the leader fell silent is not waited for.
    long silence = Agenda.micros(world.configurations().longestTtl()) / 2;
    boolean calm = world.agenda().now() - disturbedAt > silence + SETTLED;
    if (now && !vacant) {
      stands.clear();
      for (MemberModel member : world.members()) {
        if (calm && isWell(member) && world.agenda().now() - member.wellSince() > SETTLED) {
          stands.add(new Stand(member, member.server().position()));
        }
      }
    }
    vacant = now;
  }

  private boolean isWell(MemberModel member) {
    return member.isActive()
        && member.view().store().isCurrent()
        && member.server().isRunningStandby()
        && member.tags().mayLead()
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
