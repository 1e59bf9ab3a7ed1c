package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * All that one member knows when it decides.
 *
 * @param self who it is
 * @param settings what the dynamic configuration means
 * @param store what it knows of etcd
 * @param lease what it knows of its own hold on the leader key
 * @param server its own server
 * @param serverSince when the server was first seen in this condition and role
 * @param syncSince the WAL position from which on the server's commits surely wait for its {@code
 *     syncNames}
 * @param peers what the peers answered
 * @param work what is under way
 * @param routed where the local clients are sent now
 * @param leaving it was asked to end
 * @param syncBase the revision of the {@code sync} key that this member last set out to replace; -1
 *     while its agent has not written it yet
 * @param ledTimeline the last timeline on which its server was seen as primary
 */
public record View(
    Self self,
    Settings settings,
    StoreSight store,
    Lease lease,
    Server server,
    Instant serverSince,
    Lsn syncSince,
    Peers peers,
    Work work,
    Routing routed,
    boolean leaving,
    long syncBase,
    int ledTimeline) {
  public View {
    requireNonNull(self, "self is null");
    requireNonNull(settings, "settings is null");
    requireNonNull(store, "store is null");
    requireNonNull(lease, "lease is null");
    requireNonNull(server, "server is null");
    requireNonNull(serverSince, "serverSince is null");
    requireNonNull(syncSince, "syncSince is null");
    requireNonNull(peers, "peers is null");
    requireNonNull(work, "work is null");
    requireNonNull(routed, "routed is null");
  }

  /** A view of a member that has not written the {@code sync} key. */
  public View(
      Self self,
      Settings settings,
      StoreSight store,
      Lease lease,
      Server server,
      Instant serverSince,
      Lsn syncSince,
      Peers peers,
      Work work,
      Routing routed,
      boolean leaving) {
    this(
        self,
        settings,
        store,
        lease,
        server,
        serverSince,
        syncSince,
        peers,
        work,
        routed,
        leaving,
        -1,
        0);
  }

  /** What a member knows when its agent starts: itself, and that it has seen nothing yet. */
  public static View atStart(Self self, Settings settings) {
    return new View(
        self,
        settings,
        StoreSight.UNSEEN,
        new Lease.None(),
        Server.UNSEEN,
        self.startedAt(),
        Lsn.ZERO,
        Peers.UNASKED,
        Work.IDLE,
        Routing.NONE,
        false);
  }

  public String name() {
    return self.name();
  }

  public ClusterState state() {
    return store.state();
  }

  /** Holds the leader key, and its lease cannot have passed on yet. */
  public boolean leads(Instant now) {
    return deadline().filter(now::isBefore).isPresent();
  }

  /** When this member must have stopped writing, if it holds the leader key. */
  public Optional<Instant> deadline() {
    return switch (lease) {
      case Lease.None none -> Optional.empty();
      case Lease.GivenUp gone -> Optional.empty();
      case Lease.Held held -> Optional.of(settings.lease().deadline(held.renewedAt()));
    };
  }

  /** The leader that etcd names, when it is another member. */
  public Optional<String> otherLeader() {
    return switch (state().leadership()) {
      case Leadership.Vacant vacant -> Optional.empty();
      case Leadership.Held held ->
          held.name().equals(name()) ? Optional.empty() : Optional.of(held.name());
    };
  }

  /** The view after an event: facts are replaced by newer ones, nothing is concluded. */
  public View after(Event event, Instant now) {
    return switch (event) {
      case Event.Tick tick -> this;
      case Event.StoreRead read -> read(read.state(), now);
      case Event.StoreFailed failed -> with(store.failing(failed.reason()));
      case Event.SettingsChanged changed ->
          new View(
              self,
              changed.settings(),
              store,
              lease,
              server,
              serverSince,
              syncSince,
              peers,
              work,
              routed,
              leaving,
              syncBase,
              ledTimeline);
      case Event.ServerSeen seen -> with(seen.server(), now);
      case Event.LeaseRenewed renewed -> renewed(renewed);
      case Event.LeaseLost lost -> with(new Lease.None());
      case Event.PeerAnswered answer -> with(peers.answered(answer.report()));
      case Event.Ended ended -> afterEnd(ended, now);
      case Event.Leave leave ->
          new View(
              self,
              settings,
              store,
              lease,
              server,
              serverSince,
              syncSince,
              peers,
              work,
              routed,
              true,
              syncBase,
              ledTimeline);
    };
  }

  private View read(ClusterState newer, Instant now) {
    View next = with(store.after(newer, now));
    if (!(lease instanceof Lease.GivenUp gone)) {
      return next;
    }
    boolean stillThatKey =
        next.state().leadership() instanceof Leadership.Held held
            && held.name().equals(name())
            && held.revision() <= gone.revision();
    return stillThatKey ? next : next.with(new Lease.None());
  }

  private View renewed(Event.LeaseRenewed renewed) {
    boolean isReleasing =
        work.in(Lane.CLAIM).filter(Effect.ReleaseLeader.class::isInstance).isPresent();
    if (isReleasing) {
      return with(new Lease.GivenUp(renewed.revision()));
    }
    // A renewal that was on its way when the key was given up must not bring the lease back: only
    // the answer to a claim does.
    boolean counts = lease instanceof Lease.Held || !work.isFree(Lane.CLAIM);
    return counts ? with(new Lease.Held(renewed.sentAt(), renewed.revision())) : this;
  }

  private Lease givenUp() {
    long known =
        state().leadership() instanceof Leadership.Held held && held.name().equals(name())
            ? held.revision()
            : 0;
    return new Lease.GivenUp(
        lease instanceof Lease.Held held ? Math.max(held.revision(), known) : known);
  }

  private View with(Server newer, Instant now) {
    boolean same = newer.condition() == server.condition() && newer.role() == server.role();
    return new View(
        self,
        settings,
        store,
        lease,
        newer,
        same ? serverSince : now,
        newer.syncNames().equals(server.syncNames()) ? syncSince : newer.written(),
        peers,
        work,
        routed,
        leaving,
        syncBase,
        newer.role() == Role.PRIMARY ? newer.timeline() : ledTimeline);
  }

  private View afterEnd(Event.Ended ended, Instant now) {
    Work after = work.ended(ended.order(), ended.outcome(), now);
    Optional<Order> order =
        work.running().values().stream().filter(o -> o.id() == ended.order()).findFirst();
    boolean done = ended.outcome() instanceof Outcome.Done;
    Routing routing =
        order
            .map(Order::effect)
            .filter(effect -> done && effect instanceof Effect.Route)
            .map(effect -> ((Effect.Route) effect).routing())
            .orElse(routed);
    boolean stillHeld =
        !done
            && order.map(Order::effect).filter(Effect.ReleaseLeader.class::isInstance).isPresent();
    return new View(
        self,
        settings,
        store,
        stillHeld ? new Lease.None() : lease,
        server,
        serverSince,
        syncSince,
        peers,
        after,
        routing,
        leaving,
        syncBase,
        ledTimeline);
  }

  /** The view once an effect has been ordered. */
  View ordering(Order order) {
    View next =
        new View(
            self,
            settings,
            store,
            lease,
            server,
            serverSince,
            syncSince,
            peers,
            work.begun(order),
            routed,
            leaving,
            baseAfter(order.effect()),
            ledTimeline);
    if (order.effect() instanceof Effect.AskPeers ask) {
      return next.with(peers.askedAgain(ask.members(), order.since()));
    }
    // Given up before the key is deleted: from here on this member does not lead.
    return order.effect() instanceof Effect.ReleaseLeader ? next.with(givenUp()) : next;
  }

  private long baseAfter(Effect effect) {
    return effect instanceof Effect.WriteSync || effect instanceof Effect.DeleteSync
        ? state().sync().revision()
        : syncBase;
  }

  /**
   * Whether the {@code sync} key as known here is the one that counts: no write of this member's,
   * or of an earlier life of its agent, can still change it unseen.
   */
  boolean isSureOfSync() {
    return syncBase >= 0 && syncBase != state().sync().revision();
  }

  private View with(StoreSight newer) {
    return new View(
        self,
        settings,
        newer,
        lease,
        server,
        serverSince,
        syncSince,
        peers,
        work,
        routed,
        leaving,
        syncBase,
        ledTimeline);
  }

  private View with(Lease newer) {
    return new View(
        self,
        settings,
        store,
        newer,
        server,
        serverSince,
        syncSince,
        peers,
        work,
        routed,
        leaving,
        syncBase,
        ledTimeline);
  }

  private View with(Peers newer) {
    return new View(
        self,
        settings,
        store,
        lease,
        server,
        serverSince,
        syncSince,
        newer,
        work,
        routed,
        leaving,
        syncBase,
        ledTimeline);
  }
}
