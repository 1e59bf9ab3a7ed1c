package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
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
 * @param ledTimeline the last timeline on which its server was seen as primary, with this data
 * @param wallAhead how far the wall clock is ahead of monotonic time
 * @param wishes what operators asked of this member
 * @param touched this agent has ordered something of the server since it last ran
 * @param vanishedSlots the slots of members that are gone
 * @param failsafe what it knows of going on without etcd
 * @param revoked what it knows of revocations, and what it promised
 * @param leavingSince when it was asked to end
 * @param outSince since when its server is out of service, however often it was tried to bring it
 *     back; counted anew when this member comes to lead
 * @param movedAt when its server was last seen with more WAL than before
 * @param drySince since when its server runs as a standby that receives no WAL from whom it
 *     follows; otherwise the last look at it
 * @param pooler what it knows of the pooler on its host
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
    int ledTimeline,
    Duration wallAhead,
    Wishes wishes,
    boolean touched,
    VanishedSlots vanishedSlots,
    Failsafe failsafe,
    RevocationSight revoked,
    Optional<Instant> leavingSince,
    Instant outSince,
    Instant movedAt,
    Instant drySince,
    Pooler pooler) {
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
    requireNonNull(wallAhead, "wallAhead is null");
    requireNonNull(wishes, "wishes is null");
    requireNonNull(vanishedSlots, "vanishedSlots is null");
    requireNonNull(failsafe, "failsafe is null");
    requireNonNull(revoked, "revoked is null");
    requireNonNull(leavingSince, "leavingSince is null");
    requireNonNull(outSince, "outSince is null");
    requireNonNull(movedAt, "movedAt is null");
    requireNonNull(drySince, "drySince is null");
    requireNonNull(pooler, "pooler is null");
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
        false,
        -1,
        0,
        Duration.ZERO,
        Wishes.NONE,
        false,
        VanishedSlots.NONE,
        Failsafe.atStart(self.promise()),
        RevocationSight.NONE,
        Optional.empty(),
        self.startedAt(),
        Instant.MIN,
        self.startedAt(),
        Pooler.ABSENT);
  }

  public String name() {
    return self.name();
  }

  public ClusterState state() {
    return store.state();
  }

  /**
   * Holds the leader key, and its lease cannot have passed on yet; or nobody else can lead, as all
   * members have promised.
   */
  public boolean leads(Instant now) {
    return deadline().filter(now::isBefore).isPresent();
  }

  /** May accept writes: it leads, or was left to run by a pause. */
  public boolean mayServeWrites(Instant now) {
    return leads(now) || (server.isRunningPrimary() && Pausing.isExempt(this));
  }

  /**
   * Its server takes writes. So it does, too, while a started agent has not adopted the key yet
   * that names it, and by whose lease the server runs: nobody is to be sent away for that.
   */
  boolean servesWrites(Instant now) {
    boolean adopting =
        lease instanceof Lease.None
            && now.isBefore(self.leasedUntil())
            && state().leadership().isHeldBy(name());
    return server.isRunningPrimary() && (mayServeWrites(now) || adopting);
  }

  /** Wall time at {@code now}. */
  public Instant wall(Instant now) {
    return now.plus(wallAhead);
  }

  /** The request to move the lead, once its time has come. */
  public Optional<MoveRequest> moveNow(Instant now) {
    return state()
        .request()
        .filter(move -> move.scheduledAt().filter(wall(now)::isBefore).isEmpty());
  }

  /** Another leads, and is asked to leave the lead to this member. */
  public boolean isNamed(Instant now) {
    return otherLeader().isPresent() && Moving.isCandidate(this, now);
  }

  /** When this member must have stopped writing, if it holds the leader key. */
  public Optional<Instant> deadline() {
    Instant spared = failsafe.until();
    return switch (lease) {
      case Lease.None none -> Optional.of(spared).filter(Instant.MIN::isBefore);
      case Lease.GivenUp gone -> Optional.empty();
      case Lease.Held held -> {
        Instant renewed = held.deadline();
        yield Optional.of(spared.isAfter(renewed) ? spared : renewed);
      }
    };
  }

  /** A leader lives on what its members promised, or this member's own promise to one binds. */
  public boolean isFailsafeActive(Instant now) {
    boolean renewed = lease instanceof Lease.Held held && now.isBefore(held.deadline());
    boolean outlives =
        !(lease instanceof Lease.Held held) || failsafe.acceptedAt().isAfter(held.renewedAt());
    boolean spared = leads(now) && outlives && now.isBefore(failsafe.until());
    return spared || (!renewed && failsafe.promise().binds(now));
  }

  /** The leader that etcd names, when it is another member. */
  public Optional<String> otherLeader() {
    return switch (state().leadership()) {
      case Leadership.Vacant vacant -> Optional.empty();
      case Leadership.Unowned unowned -> Optional.empty();
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
      case Event.SettingsChanged changed -> changed(changed.settings(), now);
      case Event.ServerSeen seen -> with(seen.server(), now);
      case Event.LeaseRenewed renewed -> renewed(renewed, now);
      case Event.LeaseLost lost -> with(new Lease.None());
      case Event.FailsafeRound round -> leads(now) ? with(failsafe.after(round)) : this;
      case Event.FailsafeAsked asked -> with(failsafe.asked(asked.call()));
      case Event.PeerAnswered answer -> answered(answer.report(), now);
      case Event.Ended ended -> afterEnd(ended, now);
      case Event.Asked asked -> toBuilder().wishes(wishes.with(asked.wish(), server, now)).build();
      case Event.Withdrawn withdrawn -> scheduleWithdrawn();
      case Event.ClockRead clock ->
          toBuilder().wallAhead(Duration.between(now, clock.wall())).build();
      case Event.TagsChanged changed ->
          with(self.toBuilder().tags(changed.tags()).resignedTags(changed.resigned()).build());
      case Event.WatchdogSeen seen -> with(self.toBuilder().watchdogFailed(seen.failed()).build());
      case Event.PoolerSeen seen -> toBuilder().pooler(pooler.after(seen.pooler())).build();
      case Event.HoldAsked asked -> asked(asked, now);
      case Event.Leave leave ->
          toBuilder().leaving(true).leavingSince(Optional.of(leavingSince.orElse(now))).build();
    };
  }

  private View asked(Event.HoldAsked asked, Instant now) {
    Pooler.HoldCall call = new Pooler.HoldCall(asked.leader(), now.plus(asked.time()));
    return toBuilder().pooler(pooler.called(call)).build();
  }

  private View answered(PeerReport report, Instant now) {
    Promise promise = failsafe.promise();
    boolean releases =
        promise.binds(now)
            && report.member().equals(promise.leader())
            && !report.mayWrite()
            && peers.wereAskedSince(promise.madeAt());
    View next = with(peers.answered(report));
    return releases ? next.with(failsafe.released(now)) : next;
  }

  private View changed(Settings newer, Instant now) {
    return toBuilder()
        .settings(newer)
        .store(store.whenLeaseIs(newer.lease().lease()))
        .lease(lease instanceof Lease.Held held ? held.by(newer.lease(), now) : lease)
        .build();
  }

  private View scheduleWithdrawn() {
    return wishes
        .scheduled()
        .map(wish -> toBuilder().wishes(wishes.without(wish)).build())
        .orElse(this);
  }

  private View read(ClusterState newer, Instant now) {
    // What was scheduled outlives the agent: its member key still tells.
    Optional<RestartPlan> scheduled =
        store.known() ? Optional.empty() : newer.member(name()).flatMap(Member::scheduledRestart);
    boolean remembers = scheduled.isPresent() && wishes.scheduled().isEmpty();
    StoreSight sight = store.after(newer, settings.lease().lease(), now);
    View next =
        toBuilder()
            .store(sight)
            .vanishedSlots(vanishedSlots.after(store.state(), sight.state(), now))
            .wishes(remembers ? wishes.remembering(scheduled.get()) : wishes)
            .revoked(revoked.after(state().revocation(), sight.state().revocation(), now))
            .build();
    if (lease instanceof Lease.Held mine && isDeposed(next, mine)) {
      return next.toBuilder().lease(new Lease.None()).failsafe(failsafe.ended()).build();
    }
    if (!(lease instanceof Lease.GivenUp gone)) {
      return next;
    }
    boolean stillThatKey =
        next.state().leadership() instanceof Leadership.Held held
            && held.name().equals(name())
            && held.revision() <= gone.revision();
    return stillThatKey ? next : next.with(new Lease.None());
  }

  /** By revocation another may hold the key long before this member's lease ends by itself. */
  private static boolean isDeposed(View next, Lease.Held mine) {
    return next.state().leadership() instanceof Leadership.Held held
        && !held.name().equals(next.name())
        && held.revision() > mine.revision();
  }

  private View renewed(Event.LeaseRenewed renewed, Instant now) {
    boolean isReleasing =
        work.in(Lane.CLAIM).filter(Effect.ReleaseLeader.class::isInstance).isPresent();
    if (isReleasing) {
      return with(new Lease.GivenUp(renewed.revision()));
    }
    // A renewal that was on its way when the key was given up must not bring the lease back: only
    // the answer to a claim does.
    boolean counts = lease instanceof Lease.Held || !work.isFree(Lane.CLAIM);
    if (!counts) {
      return this;
    }
    // While its lease was over it could not bring its server back: that time is not held against
    // it.
    boolean again = lease instanceof Lease.Held && !leads(now);
    return toBuilder()
        .lease(
            new Lease.Held(renewed.sentAt(), renewed.revision(), renewed.terms())
                .by(settings.lease(), renewed.sentAt()))
        .outSince(again ? now : outSince)
        .build();
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
    return toBuilder()
        .server(newer)
        .serverSince(same ? serverSince : now)
        .syncSince(newer.syncNames().equals(server.syncNames()) ? syncSince : newer.written())
        .ledTimeline(ledAfter(newer))
        .wishes(newer.isRunning() ? wishes.serverRuns() : wishes)
        // What is on its way to stop it may be seen running for a while yet.
        .touched(touched && !(newer.isRunning() && work.isFree(Lane.SERVER)))
        .outSince(isInService(server) || isInService(newer) ? now : outSince)
        .movedAt(newer.written().isBeyond(server.written()) ? now : movedAt)
        .drySince(isDry(server) && isDry(newer) && !isPointedElsewhere(newer) ? drySince : now)
        .build();
  }

  /** Where it led is forgotten with the data: what is copied anew was written by another. */
  private int ledAfter(Server newer) {
    if (newer.isUseless()) {
      return 0;
    }
    return newer.role() == Role.PRIMARY ? newer.timeline() : ledTimeline;
  }

  private boolean isPointedElsewhere(Server newer) {
    return !newer.upstream().equals(server.upstream())
        || !newer.upstreamAddress().equals(server.upstreamAddress());
  }

  private static boolean isDry(Server seen) {
    return seen.isRunningStandby() && !seen.streaming();
  }

  private static boolean isInService(Server seen) {
    return switch (seen.condition()) {
      case RUNNING, HUNG -> true;
      case UNKNOWN, EMPTY, UNFINISHED, STOPPED, CRASHED, STARTING, STOPPING -> false;
    };
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
    Builder next = toBuilder().lease(stillHeld ? new Lease.None() : lease);
    if (done && order.map(Order::effect).orElse(null) instanceof Effect.Promise promise) {
      next.revoked(revoked.promising(promise.revocation()));
    }
    if (done && order.map(Order::effect).orElse(null) instanceof Effect.PublishMember publish) {
      next.store(store.told(publish.member()));
    }
    if (!done && order.map(Order::effect).filter(Effect.TakeOver.class::isInstance).isPresent()) {
      next.syncBase(-1);
    }
    if (done && order.map(Order::effect).filter(View::isClaim).isPresent()) {
      next.outSince(now);
    }
    if (done && order.map(Order::effect).filter(View::isCopy).isPresent()) {
      next.ledTimeline(0);
    }
    return next.work(after).routed(routing).build();
  }

  private static boolean isCopy(Effect effect) {
    return effect instanceof Effect.CloneFrom
        || (effect instanceof Effect.FromSource from && from.way() == Effect.FromSource.Way.CLONE);
  }

  private static boolean isClaim(Effect effect) {
    return effect instanceof Effect.AcquireLeader || effect instanceof Effect.TakeOver;
  }

  /** The view once an effect has been ordered. */
  View ordering(Order order) {
    View next =
        toBuilder()
            .work(work.begun(order))
            .syncBase(baseAfter(order.effect()))
            .touched(touched || order.effect().lane() == Lane.SERVER)
            .wishes(wishesAfter(order))
            .build();
    if (order.effect() instanceof Effect.AskPeers ask) {
      return next.with(peers.askedAgain(ask.members(), order.since()));
    }
    if (order.effect() instanceof Effect.WriteFailsafe write) {
      return next.with(failsafe.writing(write.revision()));
    }
    if (order.effect() instanceof Effect.AskFailsafe) {
      return next.with(failsafe.asking(order.since()));
    }
    if (order.effect() instanceof Effect.AnswerFailsafe answer) {
      return next.with(failsafe.answered(promised(answer, order)));
    }
    // Given up before the key is deleted: from here on this member does not lead.
    return order.effect() instanceof Effect.ReleaseLeader
        ? next.with(givenUp()).with(failsafe.ended())
        : next;
  }

  private Wishes wishesAfter(Order order) {
    if (order.effect() instanceof Effect.Answer answer) {
      return wishes.without(answer.wish());
    }
    return order.effect() instanceof Effect.StopServer
        ? wishes.begun(wall(order.since()), order.since())
        : wishes;
  }

  private long baseAfter(Effect effect) {
    return effect instanceof Effect.WriteSync
            || effect instanceof Effect.DeleteSync
            || effect instanceof Effect.TakeOver
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

  private View with(Self newer) {
    return toBuilder().self(newer).build();
  }

  private View with(StoreSight newer) {
    return toBuilder().store(newer).build();
  }

  private View with(Lease newer) {
    return toBuilder().lease(newer).build();
  }

  /**
   * Whether the {@code failsafe} key as known here is the one that counts: no write of this
   * member's, or of an earlier life of its agent, can still change it unseen.
   */
  boolean isSureOfFailsafe() {
    return failsafe.base() >= 0 && failsafe.base() != state().failsafe().revision();
  }

  private Promise promised(Effect.AnswerFailsafe answer, Order order) {
    return answer.reply() == Effect.AnswerFailsafe.Reply.ACCEPTED
        ? failsafe.promise().renewed(answer.call().leader(), order.since(), answer.until())
        : failsafe.promise();
  }

  private View with(Failsafe newer) {
    return toBuilder().failsafe(newer).build();
  }

  private View with(Peers newer) {
    return toBuilder().peers(newer).build();
  }

  /** The same with changes. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** What a new View is made of; not for several threads. */
  public static final class Builder {
    private Self self;
    private Settings settings;
    private StoreSight store;
    private Lease lease;
    private Server server;
    private Instant serverSince;
    private Lsn syncSince;
    private Peers peers;
    private Work work;
    private Routing routed;
    private boolean leaving;
    private long syncBase;
    private int ledTimeline;
    private Duration wallAhead;
    private Wishes wishes;
    private boolean touched;
    private VanishedSlots vanishedSlots;
    private Failsafe failsafe;
    private RevocationSight revoked;
    private Optional<Instant> leavingSince;
    private Instant outSince;
    private Instant movedAt;
    private Instant drySince;
    private Pooler pooler;

    private Builder(View from) {
      this.self = from.self;
      this.settings = from.settings;
      this.store = from.store;
      this.lease = from.lease;
      this.server = from.server;
      this.serverSince = from.serverSince;
      this.syncSince = from.syncSince;
      this.peers = from.peers;
      this.work = from.work;
      this.routed = from.routed;
      this.leaving = from.leaving;
      this.syncBase = from.syncBase;
      this.ledTimeline = from.ledTimeline;
      this.wallAhead = from.wallAhead;
      this.wishes = from.wishes;
      this.touched = from.touched;
      this.vanishedSlots = from.vanishedSlots;
      this.failsafe = from.failsafe;
      this.revoked = from.revoked;
      this.leavingSince = from.leavingSince;
      this.outSince = from.outSince;
      this.movedAt = from.movedAt;
      this.drySince = from.drySince;
      this.pooler = from.pooler;
    }

    public Builder self(Self value) {
      self = value;
      return this;
    }

    public Builder settings(Settings value) {
      settings = value;
      return this;
    }

    public Builder store(StoreSight value) {
      store = value;
      return this;
    }

    public Builder lease(Lease value) {
      lease = value;
      return this;
    }

    public Builder server(Server value) {
      server = value;
      return this;
    }

    public Builder serverSince(Instant value) {
      serverSince = value;
      return this;
    }

    public Builder syncSince(Lsn value) {
      syncSince = value;
      return this;
    }

    public Builder peers(Peers value) {
      peers = value;
      return this;
    }

    public Builder work(Work value) {
      work = value;
      return this;
    }

    public Builder routed(Routing value) {
      routed = value;
      return this;
    }

    public Builder leaving(boolean value) {
      leaving = value;
      return this;
    }

    public Builder syncBase(long value) {
      syncBase = value;
      return this;
    }

    public Builder ledTimeline(int value) {
      ledTimeline = value;
      return this;
    }

    public Builder wallAhead(Duration value) {
      wallAhead = value;
      return this;
    }

    public Builder wishes(Wishes value) {
      wishes = value;
      return this;
    }

    public Builder touched(boolean value) {
      touched = value;
      return this;
    }

    public Builder vanishedSlots(VanishedSlots value) {
      vanishedSlots = value;
      return this;
    }

    public Builder failsafe(Failsafe value) {
      failsafe = value;
      return this;
    }

    public Builder revoked(RevocationSight value) {
      revoked = value;
      return this;
    }

    Builder leavingSince(Optional<Instant> value) {
      leavingSince = value;
      return this;
    }

    public Builder outSince(Instant value) {
      outSince = value;
      return this;
    }

    public Builder movedAt(Instant value) {
      movedAt = value;
      return this;
    }

    public Builder drySince(Instant value) {
      drySince = value;
      return this;
    }

    public Builder pooler(Pooler value) {
      pooler = value;
      return this;
    }

    public View build() {
      return new View(
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
          syncBase,
          ledTimeline,
          wallAhead,
          wishes,
          touched,
          vanishedSlots,
          failsafe,
          revoked,
          leavingSince,
          outSince,
          movedAt,
          drySince,
          pooler);
    }
  }
}
