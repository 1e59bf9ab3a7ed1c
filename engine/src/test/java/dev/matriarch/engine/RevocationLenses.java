package dev.matriarch.engine;

import static dev.matriarch.engine.RevocationWorld.name;

import dev.matriarch.engine.RevocationModel.Cluster;
import dev.matriarch.engine.RevocationModel.Flaw;
import dev.matriarch.engine.RevocationWorld.Heard;
import dev.matriarch.engine.RevocationWorld.Keys;
import dev.matriarch.engine.RevocationWorld.Primary;
import dev.matriarch.engine.RevocationWorld.Voter;
import dev.matriarch.engine.Server.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Shows the engine what a member of {@link RevocationModel} knows, and tells what the real rules
 * have it do. Time is no part of the model: a leader is silent, and a record old, whenever that may
 * be; so each of these is tried. What was decided once from the same knowledge is remembered.
 */
final class RevocationLenses {
  private static final Instant NOW = Instant.EPOCH.plusSeconds(1000);
  private static final String CLUSTER = "7000000000000000001";

  private record Known(int member, Object state, Object beside) {}

  private final Settings settings;
  private final Engine engine;
  private final Cluster cluster;
  private final int voters;
  private final Flaw flaw;
  private final Map<Known, Set<Effect>> decided = new HashMap<>();
  private final Map<Known, Long> promises = new HashMap<>();

  RevocationLenses(Cluster cluster, List<Clause> course, Flaw flaw) {
    this.cluster = cluster;
    this.voters = cluster.voters();
    this.flaw = flaw;
    this.engine =
        new Engine(
            course, Duties.CLAUSES.stream().filter(duty -> duty.rule() == Rule.SYNC_STEP).toList());
    this.settings =
        Settings.DEFAULT.toBuilder()
            .synchrony(new Synchrony(Synchrony.Mode.QUORUM, true, cluster.acknowledgements(), -1))
            .build();
  }

  // ---- a voter

  /** All that it may decide now, whatever time it is. */
  Set<Effect> decisions(int member, Voter voter, Keys seen, Optional<Effect.TakeOver> claiming) {
    return decided.computeIfAbsent(
        new Known(member, voter, claiming),
        key -> {
          Set<Effect> all = new LinkedHashSet<>();
          Duration suspicion = settings.suspicion();
          for (Duration silence : List.of(Duration.ZERO, suspicion.plusMillis(1))) {
            for (int sixths : List.of(0, 4, 12)) {
              Duration age = LeaseTerms.part(suspicion, 6).multipliedBy(sixths);
              View view = view(member, voter, seen, claiming, silence, age);
              Decision decision = engine.decide(view, new Event.Tick(), NOW);
              decision.orders().forEach(order -> all.add(order.effect()));
            }
          }
          return all;
        });
  }

  /** What it tells others: the record to which it promised, or 0. */
  long promise(int member, Voter voter, Keys seen) {
    return promises.computeIfAbsent(
        new Known(member, voter, ""),
        key ->
            SelfPortrait.promise(
                view(member, voter, seen, Optional.empty(), Duration.ZERO, Duration.ZERO)));
  }

  private View view(
      int member,
      Voter voter,
      Keys seen,
      Optional<Effect.TakeOver> claiming,
      Duration silence,
      Duration age) {
    Server server =
        server(voter.running() ? Condition.RUNNING : Condition.CRASHED, Role.STANDBY)
            .written(new Lsn(voter.flushed()))
            .replayed(new Lsn(voter.flushed()))
            .upstream(voter.follows() ? name(0) : "")
            .streaming(voter.receiving() && flaw != Flaw.RECEIVER_OVERLOOKED)
            .build();
    SortedMap<String, PeerReport> reports = new TreeMap<>();
    for (int other = 1; other <= voters; other++) {
      if (other != member) {
        Heard heard = voter.heard().get(other - 1);
        reports.put(name(other), report(other, heard));
      }
    }
    Map<Lane, Order> running = new EnumMap<>(Lane.class);
    claiming.ifPresent(effect -> running.put(effect.lane(), new Order(1, effect, NOW)));
    if (voter.ending() > 0) {
      Effect promise = new Effect.Promise(voter.ending());
      running.put(promise.lane(), new Order(2, promise, NOW));
    }
    Setback dead = new Setback(1, NOW, "it does not answer", false);
    Optional<Instant> since =
        seen.revocation().isRecorded() ? Optional.of(NOW.minus(age)) : Optional.empty();
    return blank(member, seen, silence).toBuilder()
        .server(server)
        .peers(
            new Peers(Optional.of(NOW), new TreeSet<>(reports.keySet()), reports, new TreeSet<>()))
        .work(
            new Work(10, running, Map.of(Effect.ProbeServer.class.getSimpleName(), dead), Map.of()))
        .revoked(new RevocationSight(since, Optional.empty(), voter.promised()))
        .build();
  }

  private PeerReport report(int other, Heard heard) {
    return PeerReport.of(name(other)).toBuilder()
        .role(Role.STANDBY)
        .running(true)
        .timeline(1)
        .position(new Lsn(heard.flushed()))
        .seesStore(true)
        .promised(heard.promised())
        .tags(tags(other))
        .build();
  }

  // ---- the primary

  /** All that it may decide, whomever of its standbys it sees streaming. */
  Set<Effect> decisions(Primary primary, Keys seen, List<Voter> all) {
    List<Integer> flushed = all.stream().map(Voter::flushed).toList();
    return decided.computeIfAbsent(
        new Known(0, primary, flushed),
        key -> {
          Set<Effect> effects = new LinkedHashSet<>();
          for (int there = 0; there < 1 << voters; there++) {
            View view = view(primary, seen, links(flushed, there));
            Decision decision = engine.decide(view, new Event.Tick(), NOW);
            decision.orders().forEach(order -> effects.add(order.effect()));
          }
          return effects;
        });
  }

  private static SortedMap<String, StandbyLink> links(List<Integer> flushed, int there) {
    SortedMap<String, StandbyLink> links = new TreeMap<>();
    for (int i = 0; i < flushed.size(); i++) {
      if ((there >> i & 1) == 1) {
        links.put(name(i + 1), new StandbyLink(name(i + 1), true, new Lsn(flushed.get(i)), true));
      }
    }
    return links;
  }

  private View view(Primary primary, Keys seen, SortedMap<String, StandbyLink> links) {
    Server server =
        server(Condition.RUNNING, Role.PRIMARY)
            .written(new Lsn(primary.written()))
            .standbys(links)
            .syncNames(primary.names())
            .build();
    Map<Lane, Order> running = new EnumMap<>(Lane.class);
    if (primary.waiting()) {
      Effect write = new Effect.WriteSync(seen.sync());
      running.put(write.lane(), new Order(1, write, NOW));
    }
    // Long enough ago to be tried again.
    Setback failed = new Setback(1, NOW.minusSeconds(60), "no answer", false);
    Map<String, Setback> setbacks =
        primary.failed() ? Map.of(Effect.WriteSync.class.getSimpleName(), failed) : Map.of();
    boolean leads = seen.leader().equals(name(0));
    return blank(0, seen, Duration.ZERO).toBuilder()
        .server(server)
        .lease(leads ? new Lease.Held(NOW, seen.term(), settings.lease()) : new Lease.None())
        .syncSince(new Lsn(primary.since()))
        .syncBase(primary.base())
        .work(new Work(10, running, setbacks, Map.of()))
        .build();
  }

  // ---- what both know

  private View blank(int member, Keys seen, Duration silence) {
    SortedMap<String, Member> members = new TreeMap<>();
    for (int i = 0; i <= voters; i++) {
      members.put(name(i), member(i));
    }
    ClusterState state =
        new ClusterState(
            1,
            new Leadership.Held(seen.leader(), seen.term()),
            new Initialization.Done(CLUSTER),
            members,
            Optional.empty(),
            seen.sync(),
            List.of(),
            StatusRecord.NONE,
            Optional.of(new ConfigRecord(1, "{}")),
            FailsafeRecord.NONE,
            seen.revocation());
    Sighting sighting =
        Sighting.first(
                seen.leader(),
                seen.term(),
                NOW.minus(silence),
                settings.lease().lease(),
                Duration.ZERO)
            .raising(true);
    Self self =
        Self.of(name(member), "postgres://m", "http://m", Instant.EPOCH).toBuilder()
            .tags(tags(member))
            .build();
    return View.atStart(self, settings).toBuilder()
        .store(new StoreSight(state, true, "", Optional.of(sighting), Optional.empty(), true))
        .serverSince(Instant.EPOCH)
        .outSince(NOW)
        .drySince(NOW)
        .build();
  }

  private Member member(int index) {
    return Member.named(name(index)).toBuilder()
        .connUrl("postgres://" + name(index))
        .apiUrl("http://" + name(index))
        .state(MemberState.RUNNING)
        .role(index == 0 ? MemberRole.PRIMARY : MemberRole.REPLICA)
        .timeline(1)
        .version("4.0.0")
        .raisesKey(true)
        .tags(tags(index))
        .build();
  }

  private Tags tags(int member) {
    boolean mayLead = member < voters || cluster.lastMayLead();
    return Tags.NONE.toBuilder().nofailover(!mayLead).build();
  }

  private static Server.Builder server(Condition condition, Role role) {
    return Server.UNSEEN.toBuilder()
        .condition(condition)
        .role(role)
        .systemIdentifier(CLUSTER)
        .timeline(1)
        .startedAt(Optional.of(Instant.EPOCH));
  }
}
