package dev.matriarch.agent.rest;

import dev.matriarch.agent.config.MemberTags;
import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.ConfigRecord;
import dev.matriarch.engine.FailsafeRecord;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Lease;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MemberState;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.PendingChange;
import dev.matriarch.engine.Pooler;
import dev.matriarch.engine.Promise;
import dev.matriarch.engine.RestartPlan;
import dev.matriarch.engine.Revocation;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Self;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.StoreSight;
import dev.matriarch.engine.SyncNames;
import dev.matriarch.engine.SyncState;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.TimelineSwitch;
import dev.matriarch.engine.View;
import dev.matriarch.engine.WalPace;
import dev.matriarch.engine.Wish;
import dev.matriarch.engine.Wishes;
import dev.matriarch.postgres.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Statuses for tests: a cluster of a, b and c, seen by one of them. */
final class Statuses {
  static final Instant NOW = Instant.EPOCH.plusSeconds(100);
  static final Instant WALL = Instant.parse("2026-11-22T02:00:00Z");

  String self = "a";
  String leader = "a";
  Role role = Role.PRIMARY;
  Server.Condition condition = Server.Condition.RUNNING;
  Duration sinceRenewal = Duration.ofSeconds(1);
  boolean holdsLease = true;
  boolean watchdogFailed;
  String ledInPause = "";
  String trouble = "";
  MemberTags tags = MemberTags.NONE;
  Settings settings = Settings.DEFAULT;
  SyncState sync = SyncState.NONE;
  Pooler pooler = Pooler.ABSENT;
  Optional<MoveRequest> request = Optional.empty();
  Optional<RestartPlan> scheduled = Optional.empty();
  Optional<ConfigRecord> config = Optional.of(new ConfigRecord(7, "{\"ttl\":30}"));
  SortedMap<String, Member> members = new TreeMap<>();
  long revision = 10;
  FailsafeRecord failsafe = FailsafeRecord.NONE;
  Promise promise = Promise.NONE;
  Optional<ClosedMove> closed = Optional.empty();
  Takeovers takeovers = Takeovers.NONE;
  long leaseAhead;
  Lsn written = new Lsn(5000);
  Lsn replayed = new Lsn(4000);
  boolean streaming = true;
  List<PendingChange> pending = List.of();
  Duration sinceTurn = Duration.ZERO;
  Duration overlap = Duration.ZERO;

  Statuses() {
    for (String name : List.of("a", "b", "c")) {
      put(name, name.equals("a") ? MemberRole.PRIMARY : MemberRole.REPLICA, Tags.NONE);
    }
  }

  static Statuses primary() {
    return new Statuses();
  }

  static Statuses replica() {
    Statuses replica = new Statuses();
    replica.self = "b";
    replica.role = Role.STANDBY;
    replica.holdsLease = false;
    return replica;
  }

  void put(String name, MemberRole memberRole, Tags memberTags) {
    boolean replica = memberRole == MemberRole.REPLICA;
    members.put(
        name,
        Member.named(name).toBuilder()
            .connUrl("postgres://10.0.0.1:5432/postgres")
            .apiUrl("http://10.0.0.1:8008/patroni")
            .state(MemberState.RUNNING)
            .role(memberRole)
            .timeline(1)
            .position(new Lsn(replica ? 4500 : 5000))
            .receivedPosition(new Lsn(replica ? 4500 : 0))
            .replayedPosition(new Lsn(replica ? 4000 : 0))
            .tags(memberTags)
            .version("4.1.0")
            .replicationState(replica ? "streaming" : "")
            .build());
  }

  void synchronous(Synchrony.Mode mode, String... voters) {
    settings =
        Settings.DEFAULT.toBuilder()
            .ttl(Duration.ofSeconds(30))
            .loopWait(Duration.ofSeconds(10))
            .retryTimeout(Duration.ofSeconds(10))
            .primaryStartTimeout(Duration.ofSeconds(10))
            .primaryStopTimeout(Duration.ofSeconds(30))
            .maximumLagOnFailover(1_048_576)
            .synchrony(new Synchrony(mode, false, 1, -1))
            .paused(false)
            .build();
    sync = new SyncState(3, "a", 0, new TreeSet<>(List.of(voters)));
  }

  View view() {
    ClusterState state =
        new ClusterState(
            revision,
            leader.isEmpty() ? new Leadership.Vacant() : new Leadership.Held(leader, 5),
            new Initialization.Done("7000000000000000001"),
            members,
            request,
            sync,
            List.of(
                new TimelineSwitch(1, new Lsn(3000), "no recovery target specified", WALL, "a")),
            new StatusRecord(
                new Lsn(5000), Collections.emptySortedMap(), List.of(), ledInPause, "", 0, 0),
            config,
            failsafe,
            Revocation.NONE);
    Self me =
        Self.of(
                self,
                "postgres://10.0.0.1:5432/postgres",
                "http://10.0.0.1:8008/patroni",
                Instant.EPOCH)
            .toBuilder()
            .tags(tags.tags())
            .watchdogFailed(watchdogFailed)
            .version("4.1.0")
            .promise(promise)
            .build();
    return View.atStart(me, settings).toBuilder()
        .pooler(pooler)
        .store(new StoreSight(state, true, trouble, Optional.empty(), Optional.empty(), true))
        .lease(
            holdsLease
                ? new Lease.Held(NOW.minus(sinceRenewal), 5, Settings.DEFAULT.lease())
                : new Lease.None())
        .server(server())
        .serverSince(Instant.EPOCH)
        .wishes(
            new Wishes(
                Optional.empty(),
                scheduled.map(plan -> Wish.Restart.asked(1, plan)),
                Optional.empty(),
                Optional.empty()))
        .build();
  }

  private Server server() {
    boolean standby = role == Role.STANDBY;
    return Server.UNSEEN.toBuilder()
        .condition(condition)
        .role(role)
        .systemIdentifier("7000000000000000001")
        .timeline(2)
        .written(written)
        .replayed(standby ? replayed : Lsn.ZERO)
        .upstream(standby ? "a" : "")
        .streaming(standby && streaming)
        .standbys(Collections.emptySortedMap())
        .syncNames(SyncNames.NONE)
        .slots(Collections.emptySortedMap())
        .pendingRestart(!pending.isEmpty())
        .pending(pending)
        .build();
  }

  private Observation observed() {
    if (condition != Server.Condition.RUNNING) {
      return new Observation.Absent();
    }
    boolean standby = role == Role.STANDBY;
    return new Observation.Running(
        4711,
        standby,
        "7000000000000000001",
        2,
        standby ? Optional.empty() : Optional.of(pg(written)),
        standby ? Optional.of(pg(written)) : Optional.empty(),
        standby ? Optional.of(pg(replayed)) : Optional.empty(),
        false,
        standby ? Optional.of(WALL) : Optional.empty(),
        Optional.empty(),
        "",
        WALL,
        standby
            ? List.of()
            : List.of(
                new Observation.Sender(
                    "b",
                    "streaming",
                    "async",
                    pg(written),
                    pg(written),
                    pg(written),
                    pg(written),
                    "replicator",
                    "10.0.0.2",
                    0)),
        List.of(),
        150018,
        "",
        List.of(),
        2,
        false,
        Optional.empty());
  }

  private static dev.matriarch.postgres.Lsn pg(Lsn lsn) {
    return new dev.matriarch.postgres.Lsn(lsn.value());
  }

  AgentStatus status() {
    return new AgentStatus(
        "pg-test",
        view(),
        NOW,
        WALL,
        observed(),
        tags,
        Optional.of(WALL),
        WalPace.NONE,
        closed,
        takeovers,
        leaseAhead,
        NOW.minus(sinceTurn),
        overlap);
  }
}
