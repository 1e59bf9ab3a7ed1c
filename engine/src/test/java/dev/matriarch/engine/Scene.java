package dev.matriarch.engine;

import dev.matriarch.engine.Server.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What member m1 knows at second 1000, its agent 900 s old: a cluster m1, m2, m3 that exists and
 * that m2 leads on timeline 1, unless a test says otherwise.
 */
final class Scene {
  static final Instant NOW = Instant.EPOCH.plusSeconds(1000);
  static final String CLUSTER = "7000000000000000001";

  private final SortedMap<String, Member> members = new TreeMap<>();
  private final SortedMap<String, PeerReport> reports = new TreeMap<>();
  private final Map<Lane, Order> running = new EnumMap<>(Lane.class);
  private final Map<String, Setback> setbacks = new TreeMap<>();
  private final Map<String, Instant> successes = new TreeMap<>();
  private Tags tags = Tags.NONE;
  private Instant startedAt = NOW.minusSeconds(900);
  private Settings settings = Settings.DEFAULT;
  private Leadership leadership = new Leadership.Held("m2", 50);
  private Instant leaderSeen = NOW.minusMillis(100);
  private Initialization initialization = new Initialization.Done(CLUSTER);
  private Optional<MoveRequest> request = Optional.empty();
  private SyncState sync = SyncState.NONE;
  private List<TimelineSwitch> history = List.of();
  private StatusRecord status = StatusRecord.NONE;
  private Optional<ConfigRecord> config = Optional.of(new ConfigRecord(2, "{}"));
  private boolean known = true;
  private String trouble = "";
  private Optional<Instant> vacantSince = Optional.empty();
  private boolean sawLeader = true;
  private Lease lease = new Lease.None();
  private Server server;
  private Instant serverSince = NOW.minusSeconds(100);
  private Lsn syncSince = Lsn.ZERO;
  private final SortedSet<String> silent = new TreeSet<>();
  private Optional<Instant> askedAt = Optional.empty();
  private boolean leaving;
  private Optional<Instant> leavingSince = Optional.empty();
  private long syncBase = -1;
  private int ledTimeline;
  private Wishes wishes = Wishes.NONE;
  private Instant wishedAt = Instant.EPOCH;
  private Instant movedAt = Instant.MIN;
  private boolean watchdogFailed;
  private boolean touched;
  private Routing routed = Routing.NONE;
  private VanishedSlots vanishedSlots = VanishedSlots.NONE;
  private FailsafeRecord failsafe = FailsafeRecord.NONE;
  private Failsafe survival = Failsafe.atStart(Promise.NONE);
  private Revocation revocation = Revocation.NONE;
  private RevocationSight revoked = RevocationSight.NONE;

  private boolean restoresAlone;

  private Pooler pooler = Pooler.ABSENT;

  Scene() {
    standby(1, 1000);
    member("m1", MemberRole.REPLICA, 1).member("m2", MemberRole.PRIMARY, 1);
    member("m3", MemberRole.REPLICA, 1);
  }

  Scene server(Condition condition, Role role, int timeline, long end) {
    server =
        Server.UNSEEN.toBuilder()
            .condition(condition)
            .role(role)
            .systemIdentifier(CLUSTER)
            .timeline(timeline)
            .written(new Lsn(end))
            .replayed(new Lsn(end))
            .upstream(role == Role.STANDBY ? "m2" : "")
            .streaming(false)
            .standbys(Collections.emptySortedMap())
            .syncNames(SyncNames.NONE)
            .slots(Collections.emptySortedMap())
            .pendingRestart(false)
            .build();
    return this;
  }

  Scene upstreamAddress(String address) {
    server = server.toBuilder().upstreamAddress(address).build();
    return this;
  }

  Scene standby(int timeline, long end) {
    return server(Condition.RUNNING, Role.STANDBY, timeline, end);
  }

  Scene primary(int timeline, long end) {
    return server(Condition.RUNNING, Role.PRIMARY, timeline, end);
  }

  Scene nothing(Condition condition) {
    server = Server.absent(condition);
    return this;
  }

  Scene unsettled() {
    server = server.toBuilder().unsettled(true).build();
    return this;
  }

  Scene unrecorded(String systemIdentifier) {
    server =
        server.toBuilder()
            .systemIdentifier(systemIdentifier)
            .upstream("")
            .streaming(false)
            .pendingRestart(false)
            .unrecorded(true)
            .build();
    return this;
  }

  /** Standbys that stream, flushed up to there, and the names that commits wait for. */
  Scene streamedBy(SyncNames names, Map<String, Long> flushed) {
    SortedMap<String, StandbyLink> links = new TreeMap<>();
    flushed.forEach(
        (name, end) ->
            links.put(
                name, new StandbyLink(name, true, new Lsn(end), names.names().contains(name))));
    server =
        server.toBuilder()
            .systemIdentifier(CLUSTER)
            .standbys(links)
            .syncNames(names)
            .pendingRestart(false)
            .build();
    return this;
  }

  /** A recovery would replay from there; the WAL was seen up to there. */
  Scene redo(long from, long to) {
    server = server.toBuilder().redo(new Redo(new Lsn(from), new Lsn(to))).build();
    return this;
  }

  Scene since(Duration ago) {
    serverSince = NOW.minus(ago);
    return this;
  }

  Scene startedJustNow() {
    startedAt = NOW.minusMillis(100);
    return this;
  }

  Scene tagged(Tags own) {
    tags = own;
    return this;
  }

  Scene settings(Settings other) {
    settings = other;
    return this;
  }

  Scene synchrony(Synchrony.Mode mode, boolean strict, int acknowledgements) {
    return settings(with(new Synchrony(mode, strict, acknowledgements, -1), settings.paused()));
  }

  Scene paused() {
    return settings(with(settings.synchrony(), true));
  }

  private static Settings with(Synchrony synchrony, boolean paused) {
    Settings of = Settings.DEFAULT;
    return of.toBuilder().synchrony(synchrony).paused(paused).build();
  }

  Scene vacant() {
    return vacant(Duration.ofMillis(50));
  }

  /** Its agent has seen no leader alive since it started. */
  Scene cold() {
    sawLeader = false;
    return this;
  }

  /** Its standby has received WAL since it was started. */
  Scene streamed() {
    server = server.toBuilder().streamed(true).build();
    return this;
  }

  Scene vacant(Duration ago) {
    leadership = new Leadership.Vacant();
    vacantSince = Optional.of(NOW.minus(ago));
    return member("m2", MemberRole.DEMOTED, 1);
  }

  Scene leader(String name, Duration seenAgo) {
    leadership = new Leadership.Held(name, 50);
    leaderSeen = NOW.minus(seenAgo);
    return this;
  }

  /** m1 holds the key; its last renewal was sent that long ago. */
  Scene leading(Duration renewedAgo) {
    lease = new Lease.Held(NOW.minus(renewedAgo), 50, Settings.DEFAULT.lease());
    return leader("m1", renewedAgo).member("m2", MemberRole.REPLICA, 1);
  }

  Scene leading() {
    return leading(Duration.ofMillis(100));
  }

  Scene unclaimed() {
    initialization = new Initialization.Absent();
    leadership = new Leadership.Vacant();
    members.clear();
    return this;
  }

  Scene initialization(Initialization other) {
    initialization = other;
    return this;
  }

  Scene storeUnknown() {
    known = false;
    return this;
  }

  Scene storeFails() {
    trouble = "no answer";
    return this;
  }

  private final Set<String> otherKind = new TreeSet<>();

  Scene member(String name, MemberRole role, int timeline) {
    members.put(
        name,
        Member.named(name).toBuilder()
            .connUrl("postgres://" + name)
            .apiUrl("http://" + name)
            .state(MemberState.RUNNING)
            .role(role)
            .timeline(timeline)
            .position(new Lsn(1000))
            .version("4.0.0")
            .raisesKey(true)
            .build());
    return this;
  }

  /** A member as its key shows it. */
  Scene shown(Member member) {
    members.put(member.name(), member);
    return this;
  }

  /** A member whose agent is the field's controller. */
  Scene otherKind(String name) {
    members.put(name, members.get(name).toBuilder().raisesKey(false).build());
    otherKind.add(name);
    return this;
  }

  /** Its member key has ended with its lease. */
  Scene gone(String name) {
    members.remove(name);
    return this;
  }

  Scene published() {
    View view = view();
    members.put("m1", SelfPortrait.of(view, NOW));
    return this;
  }

  Scene sync(String leader, int quorum, String... voters) {
    sync = new SyncState(40, leader, quorum, new TreeSet<>(Set.of(voters)));
    return this;
  }

  Scene configDeleted() {
    config = Optional.empty();
    return this;
  }

  Scene history(int ended, long end, String newLeader) {
    history = List.of(new TimelineSwitch(ended, new Lsn(end), "", NOW, newLeader));
    return this;
  }

  Scene slots(Map<String, ReplicationSlot> slots) {
    server = server.toBuilder().slots(new TreeMap<>(slots)).streaming(true).build();
    return this;
  }

  Scene slotRules(SlotRules rules) {
    return settings(settings.toBuilder().slots(rules).build());
  }

  Scene memberTags(String name, Tags tags) {
    members.put(name, members.get(name).toBuilder().tags(tags).build());
    return this;
  }

  /** The status key says what the leader would write. */
  Scene noted() {
    status = SlotPlan.ofLeader(view(), NOW).status().by("m1");
    return this;
  }

  /** Local clients are sent where they should go. */
  Scene routed() {
    routed = SelfPortrait.routing(view(), NOW);
    return this;
  }

  Scene gone(String slot, Duration ago) {
    vanishedSlots = new VanishedSlots(new TreeMap<>(Map.of(slot, NOW.minus(ago))));
    return this;
  }

  Scene status(long position, Map<String, Long> slots, String... retained) {
    SortedMap<String, Lsn> noted = new TreeMap<>();
    slots.forEach((name, end) -> noted.put(name, new Lsn(end)));
    status = new StatusRecord(new Lsn(position), noted, List.of(retained));
    return this;
  }

  Scene status(long position) {
    status = new StatusRecord(new Lsn(position), Collections.emptySortedMap(), List.of());
    return this;
  }

  /** That member wrote the status key last. */
  Scene ledLast(String name) {
    status = status.by(name);
    return this;
  }

  /** Its standby leader noted that the cluster left its own timelines up to that one. */
  Scene gaveUp(int timeline) {
    status = status.givingUp(timeline);
    return this;
  }

  Scene streaming() {
    server = server.toBuilder().streaming(true).build();
    return this;
  }

  Scene refusedLately(Class<? extends Effect> kind) {
    setbacks.put(kind.getSimpleName(), new Setback(1, NOW.minusMillis(20), "no", true));
    return this;
  }

  Scene asked(String leader, String candidate) {
    request = Optional.of(new MoveRequest(45, leader, candidate, Optional.empty()));
    return this;
  }

  /** By an operator who knows that one of them runs no more. */
  Scene failover(String candidate, String lost) {
    request = Optional.of(new MoveRequest(45, "", candidate, Optional.empty()).withLost(lost));
    return this;
  }

  Scene pooler(Pooler seen) {
    pooler = seen;
    return this;
  }

  Scene peersAsked(Duration ago) {
    askedAt = Optional.of(NOW.minus(ago));
    return this;
  }

  Scene silent(String... names) {
    silent.addAll(List.of(names));
    return this;
  }

  Scene peer(String name, Role role, int timeline, long end) {
    return report(
        PeerReport.of(name).toBuilder()
            .role(role)
            .running(true)
            .timeline(timeline)
            .position(new Lsn(end))
            .seesStore(true)
            .mayWrite(role == Role.PRIMARY)
            .build());
  }

  Scene report(PeerReport report) {
    reports.put(report.member(), report);
    return askedAt.isPresent() ? this : peersAsked(Duration.ofMillis(10));
  }

  Scene running(Effect effect) {
    return running(effect, Duration.ofMillis(20));
  }

  Scene running(Effect effect, Duration since) {
    running.put(effect.lane(), new Order(7, effect, NOW.minus(since)));
    return this;
  }

  Scene disk(Disk disk) {
    server = server.toBuilder().disk(disk).build();
    return this;
  }

  Scene refused(Class<? extends Effect> kind) {
    return refused(kind, 1);
  }

  Scene refused(Class<? extends Effect> kind, int times) {
    setbacks.put(kind.getSimpleName(), new Setback(times, NOW.minusSeconds(100), "no", true));
    return this;
  }

  /** An operator's program can make its data while nobody leads. */
  Scene restoringAlone() {
    restoresAlone = true;
    return this;
  }

  Scene halfRewound() {
    server = Server.absent(Condition.UNFINISHED).toBuilder().halfRewound(true).build();
    return this;
  }

  Scene undoing(Undoing undoing) {
    return settings(settings.toBuilder().undoing(undoing).build());
  }

  Scene failed(Class<? extends Effect> kind, int times) {
    setbacks.put(
        kind.getSimpleName(), new Setback(times, NOW.minusSeconds(100), "it failed", false));
    return this;
  }

  Scene failedLately(Class<? extends Effect> kind) {
    return failedLately(kind, 1);
  }

  Scene failedLately(Class<? extends Effect> kind, int times) {
    setbacks.put(kind.getSimpleName(), new Setback(times, NOW.minusMillis(10), "it failed", false));
    return this;
  }

  Scene followingNobody() {
    return following("");
  }

  Scene following(String name) {
    server = server.toBuilder().upstream(name).build();
    return this;
  }

  Scene succeeded(Class<? extends Effect> kind) {
    successes.put(kind.getSimpleName(), NOW.minusMillis(10));
    return this;
  }

  Scene succeeded(Class<? extends Effect> kind, Duration ago) {
    successes.put(kind.getSimpleName(), NOW.minus(ago));
    return this;
  }

  Scene syncSince(long end) {
    syncSince = new Lsn(end);
    return this;
  }

  Scene syncBase(long revision) {
    syncBase = revision;
    return this;
  }

  Scene led(int timeline) {
    ledTimeline = timeline;
    return this;
  }

  Scene withoutWatchdog() {
    watchdogFailed = true;
    return this;
  }

  /** When the restart was asked for that is given next. */
  Scene wished(Duration ago) {
    wishedAt = NOW.minus(ago);
    return this;
  }

  Scene moved(Duration ago) {
    movedAt = NOW.minus(ago);
    return this;
  }

  /** Wall time is monotonic time here. */
  Scene restartAsked(RestartPlan plan, Instant... begun) {
    boolean later = plan.at().isPresent();
    Optional<Wish.Restart> wish =
        Optional.of(
            new Wish.Restart(
                3, plan, begun.length == 0 ? Optional.empty() : Optional.of(begun[0]), wishedAt));
    wishes =
        new Wishes(
            later ? Optional.empty() : wish,
            later ? wish : Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return this;
  }

  Scene reinitAsked(boolean force) {
    return reinitAsked(force, false);
  }

  Scene reinitAsked(boolean force, boolean fromLeader) {
    wishes =
        new Wishes(
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Wish.Reinitialize(4, force, NOW.minusSeconds(1), fromLeader)),
            Optional.empty());
    return this;
  }

  Wish wish() {
    return wishes
        .restart()
        .<Wish>map(wish -> wish)
        .or(() -> wishes.scheduled().map(wish -> wish))
        .or(() -> wishes.reinitialize().map(wish -> wish))
        .orElseThrow();
  }

  Scene serverStarted(Instant at) {
    server = server.toBuilder().startedAt(Optional.of(at)).version(150018).build();
    return this;
  }

  Scene pendingRestart() {
    server = server.toBuilder().pendingRestart(true).build();
    return this;
  }

  Scene touched() {
    touched = true;
    return this;
  }

  Scene ledInPause(String name) {
    status = status.ledInPauseBy(name);
    return this;
  }

  Scene scheduled(String leader, String candidate, Instant at) {
    request = Optional.of(new MoveRequest(45, leader, candidate, Optional.of(at)));
    return this;
  }

  /** The mode is on, and the key names these. */
  Scene failsafe(String... names) {
    settings = settings.toBuilder().failsafe(true).build();
    SortedMap<String, String> addresses = new TreeMap<>();
    for (String name : names) {
      addresses.put(name, "http://" + name);
    }
    failsafe = new FailsafeRecord(30, addresses);
    survival = survival.writing(20);
    return this;
  }

  Scene survival(Failsafe known) {
    survival = known;
    return this;
  }

  /** m1 promised that member to wait, and is bound for so long. */
  Scene promised(String leader, Duration left) {
    Promise promise = new Promise(leader, NOW.minusSeconds(1), NOW.plus(left));
    survival = Failsafe.atStart(promise);
    return this;
  }

  /** All agreed so long ago; the lease's length counts from then. */
  Scene spared(Duration ago) {
    Instant sent = NOW.minus(ago);
    survival =
        survival
            .asking(sent)
            .after(new Event.FailsafeRound(sent, settings.lease().deadline(sent), true, ""));
    return this;
  }

  /** One refused just now. */
  Scene refusedBy(String name) {
    Instant sent = NOW.minusMillis(100);
    survival =
        survival.asking(sent).after(new Event.FailsafeRound(sent, sent, false, name + " says no"));
    return this;
  }

  /** That member revoked the term of m2 as it stands, and m1 saw it that long ago. */
  Scene revoked(String by, Duration ago) {
    revocation = new Revocation(55, "m2", 50, 40, by);
    revoked = new RevocationSight(Optional.of(NOW.minus(ago)), Optional.empty(), 0);
    return this;
  }

  Scene promised() {
    revoked = new RevocationSight(revoked.since(), revoked.endedAt(), 55);
    return this;
  }

  Scene revocationEnded(Duration ago) {
    revoked = new RevocationSight(Optional.empty(), Optional.of(NOW.minus(ago)), 0);
    return this;
  }

  Scene promise(String name, long end) {
    return report(
        PeerReport.of(name).toBuilder()
            .role(Role.STANDBY)
            .running(true)
            .timeline(1)
            .position(new Lsn(end))
            .seesStore(true)
            .promised(55)
            .build());
  }

  Scene leaving() {
    return leaving(Duration.ofSeconds(60));
  }

  Scene leaving(Duration ago) {
    leaving = true;
    leavingSince = Optional.of(NOW.minus(ago));
    return this;
  }

  View view() {
    Self self =
        Self.of("m1", "postgres://m1", "http://m1", startedAt).toBuilder()
            .tags(tags)
            .version("4.0.0")
            .watchdogFailed(watchdogFailed)
            .restoresAlone(restoresAlone)
            .build();
    ClusterState state =
        new ClusterState(
            60,
            leadership,
            initialization,
            members,
            request,
            sync,
            history,
            status,
            config,
            failsafe,
            revocation);
    Optional<Sighting> sighting =
        leadership instanceof Leadership.Held held
            ? Optional.of(
                Sighting.first(
                        held.name(),
                        held.revision(),
                        leaderSeen,
                        settings.lease().lease(),
                        Duration.ZERO)
                    .raising(!otherKind.contains(held.name())))
            : Optional.empty();
    StoreSight store =
        known
            ? new StoreSight(state, true, trouble, sighting, vacantSince, sawLeader)
            : StoreSight.UNSEEN.failing(trouble);
    SortedSet<String> asked = new TreeSet<>(reports.keySet());
    asked.addAll(askedAt.isPresent() ? Set.of("m2", "m3") : Set.of());
    Peers peers = new Peers(askedAt, asked, reports, silent);
    return View.atStart(self, settings).toBuilder()
        .store(store)
        .lease(lease)
        .server(server)
        .serverSince(serverSince)
        .outSince(serverSince)
        .drySince(serverSince)
        .syncSince(syncSince)
        .peers(peers)
        .work(new Work(10, running, setbacks, successes))
        .leaving(leaving)
        .leavingSince(leavingSince)
        .syncBase(syncBase)
        .ledTimeline(ledTimeline)
        .wishes(wishes)
        .touched(touched)
        .vanishedSlots(vanishedSlots)
        .routed(routed)
        .failsafe(survival)
        .revoked(revoked)
        .movedAt(movedAt)
        .pooler(pooler)
        .build();
  }

  Decision decide() {
    return decide(new Event.Tick());
  }

  Decision decide(Event event) {
    return new Engine().decide(view(), event, NOW);
  }

  /** What is decided when no duty is done. */
  Decision course() {
    return new Engine(Engine.course(), List.of()).decide(view(), new Event.Tick(), NOW);
  }

  /** What is ordered, when this rule decides; duties stay silent but for the one asked for. */
  List<Effect> by(Rule rule) {
    return by(rule, new Event.Tick());
  }

  /** Why its course is what it is, whatever duty would be done beside it. */
  String reason() {
    return course().reason();
  }

  List<Effect> by(Rule rule, Event event) {
    List<Clause> duties = Duties.CLAUSES.stream().filter(clause -> clause.rule() == rule).toList();
    Decision decision = new Engine(Engine.course(), duties).decide(view(), event, NOW);
    if (decision.rule() != rule) {
      throw new AssertionError(
          "expected " + rule + ", but " + decision.rule() + " fired: " + decision.reason());
    }
    return decision.orders().stream().map(Order::effect).toList();
  }
}
