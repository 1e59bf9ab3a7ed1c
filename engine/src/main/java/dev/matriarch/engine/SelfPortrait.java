package dev.matriarch.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a member tells others of itself, and where it sends clients: read from its view. */
public final class SelfPortrait {
  private SelfPortrait() {}

  /** The member's key as it should read now. */
  public static Member of(View view, Instant now) {
    Server server = view.server();
    boolean standby = server.role() == Role.STANDBY;
    return Member.named(view.name()).toBuilder()
        .connUrl(view.self().connUrl())
        .apiUrl(view.self().apiUrl())
        .state(state(view))
        .role(role(view, now))
        .timeline(server.timeline())
        .position(server.written())
        .receivedPosition(standby ? server.written() : Lsn.ZERO)
        .replayedPosition(standby ? server.replayed() : Lsn.ZERO)
        .tags(view.self().tags(Resigning.isShown(view, now)))
        .version(view.self().version())
        .replicationState(replicationState(server))
        .pendingRestart(server.pendingRestart())
        .pending(server.pending())
        .paused(view.settings().paused())
        .unsettled(server.unsettled() && view.leads(now))
        .proxyUrl(view.self().proxyUrl())
        .raisesKey(true)
        .scheduledRestart(view.wishes().scheduled().map(Wish.Restart::plan))
        .lease(lease(view, now))
        .keepsClients(Pooling.keepsClients(view))
        .pooledTo(view.pooler().target())
        .build();
  }

  /** Where a standby's WAL comes from, in the words of its key; empty for nowhere. */
  public static String replicationState(Server server) {
    if (!server.isRunningStandby()) {
      return "";
    }
    return server.streaming() ? "streaming" : server.restoring() ? "in archive recovery" : "";
  }

  /** What the others are told of its disk. */
  public static Disk.State disk(View view, Instant now) {
    return Durability.state(view, now);
  }

  /** What the last renewal was worth: by then the kernel, too, goes by nothing longer. */
  private static Duration lease(View view, Instant now) {
    return view.lease() instanceof Lease.Held held && view.leads(now)
        ? held.terms().lease()
        : Duration.ZERO;
  }

  private static MemberState state(View view) {
    boolean copies =
        view.work()
            .in(Lane.SERVER)
            .filter(
                effect -> effect instanceof Effect.CloneFrom || effect instanceof Effect.Restore)
            .isPresent();
    if (copies) {
      return MemberState.CREATING_REPLICA;
    }
    if (view.work().in(Lane.SERVER).filter(Effect.Bootstrap.class::isInstance).isPresent()) {
      return MemberState.INITIALIZING;
    }
    boolean restarts =
        view.wishes().restart().filter(wish -> wish.begunAt().isPresent()).isPresent();
    if (restarts && !view.server().isRunning()) {
      return MemberState.RESTARTING;
    }
    return switch (view.server().condition()) {
      case RUNNING -> MemberState.RUNNING;
      case STARTING -> MemberState.STARTING;
      case STOPPING ->
          hasFailed(view, Effect.StopServer.class) ? MemberState.STOP_FAILED : MemberState.STOPPING;
      case HUNG -> MemberState.CRASHED;
      case CRASHED -> couldNotStart(view) ? MemberState.START_FAILED : MemberState.CRASHED;
      case STOPPED -> couldNotStart(view) ? MemberState.START_FAILED : MemberState.STOPPED;
      case EMPTY, UNFINISHED ->
          hasFailed(view, Effect.Bootstrap.class) ? MemberState.INITDB_FAILED : MemberState.STOPPED;
      case UNKNOWN -> MemberState.STOPPED;
    };
  }

  private static boolean couldNotStart(View view) {
    return hasFailed(view, Effect.StartPrimary.class) || hasFailed(view, Effect.StartStandby.class);
  }

  private static boolean hasFailed(View view, Class<? extends Effect> kind) {
    return view.work().failures(kind) > 0;
  }

  private static MemberRole role(View view, Instant now) {
    return switch (view.server().role()) {
      case PRIMARY ->
          view.mayServeWrites(now) || view.servesWrites(now)
              ? MemberRole.PRIMARY
              : MemberRole.DEMOTED;
      case STANDBY -> standbyRole(view, now);
      case NONE -> MemberRole.UNINITIALIZED;
    };
  }

  private static MemberRole standbyRole(View view, Instant now) {
    if (view.leads(now) && Standing.isStandbyCluster(view)) {
      return MemberRole.STANDBY_LEADER;
    }
    return isBeingPromoted(view, now) ? MemberRole.PROMOTED : MemberRole.REPLICA;
  }

  private static boolean isBeingPromoted(View view, Instant now) {
    return view.leads(now)
        && view.work().in(Lane.SERVER).filter(Effect.Promote.class::isInstance).isPresent();
  }

  /**
   * Revision of the revocation for which this member's standby streams from nobody until it is
   * over; 0 for none.
   */
  public static long promise(View view) {
    boolean idle =
        view.server().isRunningStandby()
            && view.server().upstream().isEmpty()
            && !view.server().streaming()
            && view.work().isFree(Lane.SERVER);
    return view.state()
        .revocationInForce()
        .map(Revocation::revision)
        .filter(revision -> idle && view.revoked().promised() == revision)
        .orElse(0L);
  }

  /** Where clients are to be sent, as far as this member knows. */
  static Routing routing(View view, Instant now) {
    SortedSet<String> replicas = new TreeSet<>();
    String primary = "";
    // Before it has looked at its server, a started agent goes by its own key, as others do.
    boolean looked = view.server().condition() != Server.Condition.UNKNOWN;
    for (Member member : view.state().members().values()) {
      if (member.name().equals(view.name()) && looked) {
        continue;
      }
      if (member.isReplica()) {
        replicas.add(member.name());
      } else if (member.isPrimary() && view.state().leadership().isHeldBy(member.name())) {
        primary = member.name();
      }
    }
    if (view.server().isRunningStandby()) {
      replicas.add(view.name());
    }
    // Before the cluster is recorded its first data may still give way to another's.
    boolean recorded = view.state().initialization() instanceof Initialization.Done;
    if (recorded && view.servesWrites(now)) {
      primary = view.name();
    }
    String takesWrites = primary.isEmpty() ? replaced(view).orElse(primary) : primary;
    SortedSet<String> keepers = keepers(view);
    String waits = takesWrites.isEmpty() ? waitingPlace(view, keepers) : "";
    return new Routing(takesWrites, replicas, keepers, waits);
  }

  /** Where the last primary's own pooler holds its clients: new ones may wait there too. */
  private static String waitingPlace(View view, SortedSet<String> keepers) {
    String last = view.routed().waitingAt();
    String routed = last.isEmpty() ? view.routed().primary() : last;
    // An agent that is started anew has sent nobody anywhere yet.
    String before = routed.isEmpty() ? view.state().status().leader() : routed;
    return keepers.contains(before) ? before : "";
  }

  private static SortedSet<String> keepers(View view) {
    SortedSet<String> keepers = new TreeSet<>();
    for (Member member : view.state().members().values()) {
      if (member.keepsClients() && !member.name().equals(view.name())) {
        keepers.add(member.name());
      }
    }
    if (Pooling.keepsClients(view)) {
      keepers.add(view.name());
    }
    return keepers;
  }

  /**
   * The leader whose term was revoked, until its successor serves a moment later: it acknowledges
   * nothing, and clients that were sent away before could go nowhere yet.
   */
  private static Optional<String> replaced(View view) {
    String before = view.routed().primary();
    SyncState sync = view.state().sync();
    boolean revoked =
        view.settings().revokes()
            && !before.equals(view.name())
            && view.state().leadership().isHeldBy(sync.leader())
            && sync.voters().contains(before)
            && view.state().member(before).filter(Member::isPrimary).isPresent();
    return revoked ? Optional.of(before) : Optional.empty();
  }
}
