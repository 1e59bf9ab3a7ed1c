package dev.matriarch.engine.sim;

import dev.matriarch.engine.Effect.StopMode;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.Source;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The server outside that a standby cluster follows: the primary of another site. Operators let the
 * sites change places in plain order, so that nothing is lost: the primary ends, then the other
 * site goes on.
 */
final class Outside {
  static final String NAME = "outside";
  static final Source SOURCE = new Source(NAME, 5432, "");
  private static final long PAUSE = Agenda.millis(300);

  /** So many times in a row nobody is primary: then the sites change places. */
  private static final int LOOKS = 10;

  private final World world;
  private final ServerModel server;
  private boolean begun;
  private boolean serving;
  private int downs;

  Outside(World world, int place) {
    this.world = world;
    this.server = new ServerModel(world, NAME, place);
  }

  ServerModel server() {
    return server;
  }

  /** It was there before the cluster. */
  void begin() {
    serve(world.newSystemIdentifier(), new Position(Branch.first(NAME), 1_000));
  }

  private void serve(String cluster, Position position) {
    serving = true;
    server.beginAs(cluster, position);
    if (!begun) {
      begun = true;
      world.agenda().in(PAUSE, this::write);
    }
  }

  private void write() {
    world.agenda().in(PAUSE, this::write);
    if (serving && downs == 0 && server.condition() == Condition.CRASHED) {
      server.start(Role.PRIMARY, "", outcome -> {});
    }
    if (server.isRunningPrimary() && !world.clients().areSilent()) {
      server.replication().commit(500);
    }
  }

  /** Its host goes down, and comes back with all that it acknowledged. */
  void down() {
    downs++;
    server.hostCrash();
  }

  void up() {
    downs--;
  }

  /** What follows becomes a cluster of its own, or a cluster begins to follow. */
  void swap() {
    if (world.settings().source().isEmpty()) {
      letFollow();
    } else if (letLead()) {
      serving = false;
      server.stop(StopMode.IMMEDIATE, outcome -> {});
    }
  }

  /** The cluster that followed leads itself; what is outside goes on. */
  boolean letLead() {
    boolean possible = world.settings().source().isPresent() && mayConfigure();
    if (possible) {
      world.configure(settings -> settings.source(Optional.empty()));
    }
    return possible;
  }

  /** The cluster follows what is outside, which was there all the while or takes its place. */
  void letFollow() {
    if (world.settings().source().isEmpty() && mayConfigure()) {
      world.configure(Outside::followed);
      awaitEnd(0);
    }
  }

  private boolean mayConfigure() {
    return world.store().isAvailable()
        && world.store().state().initialization() instanceof Initialization.Done;
  }

  /** It goes on where the cluster's last primary ended, and has all that its members have. */
  private void awaitEnd(int quiet) {
    if (serving || world.settings().source().isEmpty()) {
      return;
    }
    List<ServerModel> servers =
        world.members().stream()
            .filter(member -> !member.isLost())
            .map(MemberModel::server)
            .filter(one -> one.isRecorded() || one.isOf(cluster()))
            .filter(one -> one.position().isSomewhere())
            .toList();
    boolean ended = servers.stream().noneMatch(ServerModel::mayWrite);
    Optional<ServerModel> best =
        servers.stream()
            .max(
                Comparator.comparingInt((ServerModel one) -> one.position().timeline())
                    .thenComparingLong(one -> one.position().end()));
    if (ended && best.isPresent() && quiet == LOOKS) {
      Position last = best.get().position();
      serve(cluster(), new Position(Branch.from(last, NAME), last.end()).plus(120));
    } else {
      world.agenda().in(PAUSE, () -> awaitEnd(ended ? Math.min(quiet + 1, LOOKS) : 0));
    }
  }

  private String cluster() {
    return world.store().state().initialization() instanceof Initialization.Done recorded
        ? recorded.systemIdentifier()
        : "";
  }

  private static Settings.Builder followed(Settings.Builder settings) {
    return settings.source(Optional.of(SOURCE));
  }
}
