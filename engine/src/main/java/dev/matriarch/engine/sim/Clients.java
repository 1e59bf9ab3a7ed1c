package dev.matriarch.engine.sim;

import dev.matriarch.engine.Initialization;

/** Clients that write to every server that calls itself primary, on whichever side they are. */
final class Clients {
  private static final long BULK = 3_000_000;

  private final World world;
  private boolean quiet;
  private long acknowledged;

  Clients(World world) {
    this.world = world;
  }

  long acknowledged() {
    return acknowledged;
  }

  /** Nobody writes any more. */
  void fallSilent() {
    quiet = true;
  }

  boolean areSilent() {
    return quiet;
  }

  void write() {
    if (quiet) {
      return;
    }
    world.agenda().in(Agenda.micros(world.weather().writes()), this::write);
    // An application's role is made once the cluster is recorded: nobody can write before.
    if (!(world.store().state().initialization() instanceof Initialization.Done)) {
      return;
    }
    for (MemberModel member : world.members()) {
      ServerModel server = member.server();
      if (server.isRunningPrimary() && member.lease().doorIsOpen()) {
        long bytes = world.chance(world.weather().bulk()) ? BULK : 100 + world.upTo(2_000);
        server.replication().commit(bytes);
      }
    }
  }

  /** The server says that the write up to there is committed; whether it gets through? */
  void acknowledge(ServerModel server, long end) {
    if (server == world.outside().server()) {
      return;
    }
    MemberModel member = world.members().get(server.index());
    if (member.lease().doorIsOpen()) {
      acknowledged++;
      world.invariants().acknowledged(member, new Position(server.position().branch(), end));
    }
  }
}
