package dev.matriarch.engine.sim;

import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Effect.FromSource.Way;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.LeaseTerms;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.Order;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.TimelineSwitch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Carries out a member's orders on the models, with the delays and failures of the real thing. */
final class Hands {
  private static final long STORE_TIMEOUT = Agenda.millis(1500);
  private static final long PEER_TIMEOUT = Agenda.millis(1000);
  private static final long START_DEADLINE = Agenda.millis(5000);

  private static final long LISTING = Agenda.millis(300);

  private final World world;
  private final MemberModel member;

  Hands(World world, MemberModel member) {
    this.world = world;
    this.member = member;
  }

  void begin(Order order) {
    Consumer<Outcome> then = outcome -> end(order, outcome);
    String me = member.name();
    ServerModel server = member.server();
    Store store = world.store();
    switch (order.effect()) {
      case Effect.TakeInitialize take ->
          claim((lease, by) -> store.takeInitialize(me, lease, LeaseModel.ttl(by)), then);
      case Effect.AcquireLeader acquire -> {
        world.invariants().acquires(member);
        claim((lease, by) -> acquire(lease, acquire, by), then);
      }
      case Effect.AdoptLeader adopt -> adopt(then);
      case Effect.ReleaseLeader release -> {
        long lease = member.lease().forget();
        write(() -> release(lease, release), then);
      }
      case Effect.Revoke revoke -> write(() -> store.revoke(revoke.revocation()), then);
      case Effect.EndRevocation end -> write(() -> store.endRevocation(end.revision()), then);
      case Effect.TakeOver over -> {
        world.invariants().acquires(member);
        claim(
            (lease, by) ->
                store.takeOver(me, lease, over.revocation(), over.sync(), LeaseModel.ttl(by)),
            then);
      }
      case Effect.ProbeServer probe -> probe(world.server(probe.member()), then);
      case Effect.CompareSource compare -> compare(world.outside().server(), then);
      case Effect.Promise promise ->
          server.followNobody(world.flaw() != Flaw.PROMISE_BEFORE_RECEIVER_ENDS, then);
      case Effect.ExpireLeader expire -> write(() -> store.expire(expire.revision()), then);
      case Effect.FinishInitialize finish ->
          write(
              () -> store.finishInitialize(me, finish.systemIdentifier()),
              outcome -> {
                if (outcome instanceof Outcome.Done) {
                  server.recorded();
                  member.lookNow();
                }
                then.accept(outcome);
              });
      case Effect.PublishMember publish ->
          write(() -> store.publish(publish.member(), member.keyTtl()), then);
      case Effect.WriteStatus status -> write(() -> store.writeStatus(me, status.status()), then);
      case Effect.WriteHistory history ->
          write(
              () -> {
                Outcome outcome = store.writeHistory(me, switches(server));
                if (outcome instanceof Outcome.Done) {
                  world.invariants().recorded(server.position().branch());
                }
                return outcome;
              },
              then);
      case Effect.WriteSync sync ->
          write(
              () -> {
                Outcome outcome = store.writeSync(me, sync.sync());
                if (outcome instanceof Outcome.Done) {
                  world.invariants().votersRecorded();
                }
                return outcome;
              },
              then);
      case Effect.DeleteSync sync -> write(() -> store.deleteSync(me, sync.revision()), then);
      case Effect.WriteFailsafe write ->
          write(() -> store.writeFailsafe(me, write.revision(), write.members()), then);
      case Effect.AskFailsafe ask -> member.survival().ask(ask, then);
      case Effect.AnswerFailsafe answer -> member.survival().answer(answer, then);
      case Effect.NameCandidate name ->
          write(() -> store.nameCandidate(name.request(), name.candidate()), then);
      case Effect.RequestMove move ->
          write(
              () -> store.request(new MoveRequest(0, me, move.candidate(), Optional.empty())),
              then);
      case Effect.ProveCommit prove -> server.disk().once(() -> then.accept(done()));
      case Effect.KeepReserve keep -> reserve(keep.bytes(), then);
      case Effect.ReleaseReserve release -> reserve(0, then);
      case Effect.ClearRequest clear -> write(() -> store.clearRequest(clear.revision()), then);
      case Effect.Bootstrap bootstrap -> {
        world.invariants().bootstraps(member);
        server.bootstrap(then);
      }
      case Effect.FromSource from -> fromSource(from.way(), order, then);
      case Effect.StartPrimary start -> start(Role.PRIMARY, "", order);
      case Effect.StartStandby start -> start(Role.STANDBY, start.upstream(), order);
      case Effect.StopServer stop -> server.stop(stop.mode(), then);
      case Effect.SettleForHandover settle ->
          member.later(world.slowed(world.upTo(Agenda.millis(500))), () -> server.checkpoint(then));
      case Effect.HoldClients hold -> member.pooler().hold(hold, then);
      case Effect.Pool pool -> member.pooler().pool(pool, then);
      case Effect.StopForHandover stop ->
          member.later(
              stop.settled() ? 0 : world.slowed(world.upTo(Agenda.millis(500))),
              () -> server.stop(Effect.StopMode.FAST, then));
      case Effect.Promote promote -> {
        world.invariants().promotes(member);
        server.promote(promote.beyond(), then);
      }
      case Effect.Follow follow -> server.follow(follow.upstream(), then);
      case Effect.ListLost list -> list(then);
      case Effect.ListGivenUp list -> list(then);
      case Effect.Rejoin rejoin -> rejoin(world.server(rejoin.source()), order, then);
      case Effect.CloneFrom clone -> cloneFrom(world.server(clone.source()), then);
      case Effect.Restore restore ->
          member.later(LISTING, () -> then.accept(new Outcome.Failed("there is no backup")));
      case Effect.SetSyncNames names ->
          member.later(world.slowed(5_000), () -> server.setSyncNames(names.names(), then));
      case Effect.KeepSlots slots ->
          member.later(world.slowed(5_000), () -> server.keepSlots(slots.slots(), then));
      case Effect.Checkpoint checkpoint ->
          member.later(
              world.slowed(world.upTo(Agenda.millis(2000))), () -> server.checkpoint(then));
      case Effect.CopySlots copy ->
          server.copySlots(world.server(copy.leader()), copy.upstream(), copy.slots(), then);
      case Effect.AskPeers ask -> ask(ask.members(), then);
      case Effect.Route route -> member.later(world.slowed(5_000), () -> then.accept(done()));
      case Effect.Answer answer -> member.later(1, () -> then.accept(done()));
      case Effect.Exit exit -> world.exits(member, exit.code());
    }
  }

  private void adopt(Consumer<Outcome> then) {
    if (member.leadership() instanceof Leadership.Held key
        && member.lease().takesLeft(key.revision())) {
      member.later(1, () -> then.accept(done()));
      return;
    }
    Store store = world.store();
    claim((lease, by) -> store.adopt(member.name(), lease, LeaseModel.ttl(by)), then);
  }

  private Outcome release(long lease, Effect.ReleaseLeader release) {
    Outcome outcome = world.store().release(member.name(), lease, release);
    long given = world.store().leaseAt(world.store().state().revision());
    if (given != 0 && given == release.leaseAhead()) {
      world.member(release.heir()).lease().leftAhead(given);
    }
    return outcome;
  }

  private Store.Claimed acquire(long lease, Effect.AcquireLeader wish, LeaseTerms by) {
    Optional<MemberModel> better = world.invariants().standing().passedOver(member);
    Store.Claimed claimed = world.store().acquire(member.name(), lease, wish, LeaseModel.ttl(by));
    if (claimed.held()) {
      better.ifPresent(peer -> world.invariants().passesOver(member, peer));
    }
    return claimed;
  }

  private void probe(ServerModel server, Consumer<Outcome> then) {
    member.later(
        world.latency() + world.latency(),
        () ->
            then.accept(
                server.isRunning() && world.connects(member.server(), server)
                    ? done()
                    : new Outcome.Failed("it does not answer")));
  }

  private void compare(ServerModel outside, Consumer<Outcome> then) {
    member.later(
        world.latency() + world.latency(),
        () -> {
          ServerModel server = member.server();
          boolean asked = outside.isRunning() && world.connects(server, outside);
          if (!asked || !server.isRunning()) {
            then.accept(new Outcome.Failed("it does not answer"));
          } else {
            then.accept(
                outside.position().seemsToContain(server.position())
                    ? done()
                    : new Outcome.Refused("it has WAL that outside does not have"));
          }
        });
  }

  private void reserve(long bytes, Consumer<Outcome> then) {
    member
        .server()
        .disk()
        .once(
            () -> {
              member.server().disk().reserve(bytes);
              then.accept(done());
            });
  }

  /** On every other host the program that reads WAL is missing. */
  private void list(Consumer<Outcome> then) {
    boolean had = member.index() % 2 == 0 && !world.effectFails();
    member.later(
        world.slowed(LISTING),
        () -> then.accept(had ? done() : new Outcome.Failed("there is no pg_waldump")));
  }

  /** What may not be rewound comes back as it is, or not at all. */
  private void rejoin(ServerModel source, Order order, Consumer<Outcome> then) {
    ServerModel server = member.server();
    if (member.view().settings().undoing().rewinds()) {
      server.rejoin(source, then);
    } else if (source.position().contains(server.position())) {
      start(Role.STANDBY, source.name(), order);
    } else {
      then.accept(new Outcome.Refused("it has WAL that " + source.name() + " does not have"));
    }
  }

  /** The source is asked whose data it has before anything is lost. */
  private void cloneFrom(ServerModel source, Consumer<Outcome> then) {
    boolean foreign =
        member.view().state().initialization() instanceof Initialization.Done cluster
            && source.isRunning()
            && !source.isOf(cluster.systemIdentifier());
    if (foreign) {
      then.accept(new Outcome.Failed(source.name() + " has another cluster's data"));
    } else {
      member.server().cloneFrom(source, then);
    }
  }

  private void fromSource(Way way, Order order, Consumer<Outcome> then) {
    ServerModel server = member.server();
    ServerModel outside = world.outside().server();
    switch (way) {
      case CLONE -> server.cloneFrom(outside, then);
      case RETIRE -> server.stop(Effect.StopMode.FAST, then);
      case REJOIN -> rejoin(outside, order, then);
      case START -> start(Role.STANDBY, Outside.NAME, order);
      case FOLLOW -> server.follow(Outside.NAME, then);
    }
  }

  private static Outcome done() {
    return new Outcome.Done();
  }

  /** A fresh look at the server comes before the word that something was done to it. */
  private void end(Order order, Outcome outcome) {
    member.later(
        world.upTo(500),
        () -> {
          if (order.effect().lane().touchesServer()) {
            member.lookNow();
          }
          member.deliver(new Event.Ended(order.id(), outcome));
        });
  }

  /** Ends when the server answers or is gone again; a long recovery is observed, not awaited. */
  private void start(Role role, String upstream, Order order) {
    boolean[] ended = {false};
    Consumer<Outcome> then =
        outcome -> {
          if (!ended[0]) {
            ended[0] = true;
            end(order, outcome);
          }
        };
    member.later(START_DEADLINE, () -> then.accept(done()));
    member.server().start(role, upstream, then);
  }

  private void write(Supplier<Outcome> operation, Consumer<Outcome> then) {
    world.request(
        member,
        STORE_TIMEOUT,
        operation,
        then,
        () -> then.accept(new Outcome.Unknown("no answer")));
  }

  /** What is asked of etcd with a new lease. */
  @FunctionalInterface
  private interface Claim {
    Store.Claimed with(long lease, LeaseTerms by);
  }

  private void claim(Claim operation, Consumer<Outcome> then) {
    LeaseTerms by = member.lease().terms();
    long lease = world.store().grant();
    long sentAt = world.agenda().now();
    world.request(
        member,
        STORE_TIMEOUT,
        () -> {
          Store.Claimed claimed = operation.with(lease, by);
          if (claimed.held()) {
            member.lease().proven(sentAt, by);
          }
          return claimed;
        },
        claimed -> {
          if (claimed.held()) {
            member.lease().hold(claimed.lease(), sentAt, claimed.revision(), by);
            then.accept(done());
          } else {
            then.accept(new Outcome.Refused(claimed.why()));
          }
        },
        () -> then.accept(new Outcome.Unknown("no answer")));
  }

  private static List<TimelineSwitch> switches(ServerModel server) {
    List<TimelineSwitch> lines = new ArrayList<>();
    Branch branch = server.position().branch();
    while (branch != null && !branch.isFirst()) {
      Position fork = branch.fork();
      // Numbers that were left out are told of too: the last line is of the one before its own.
      for (int left = branch.timeline() - 1; left >= fork.timeline(); left--) {
        lines.addFirst(
            new TimelineSwitch(
                left,
                left == fork.timeline() ? new Lsn(fork.end()) : Lsn.ZERO,
                "no recovery target specified",
                Instant.EPOCH,
                left == branch.timeline() - 1 ? branch.maker() : ""));
      }
      branch = fork.branch();
    }
    return lines;
  }

  /** Ends with the last answer, or when those that are missing have had their time. */
  private void ask(SortedSet<String> members, Consumer<Outcome> then) {
    int[] missing = {members.size()};
    Runnable one =
        () -> {
          missing[0]--;
          if (missing[0] == 0) {
            then.accept(done());
          }
        };
    if (members.isEmpty()) {
      then.accept(done());
    }
    for (String name : members) {
      world.askPeer(
          member,
          world.member(name),
          PEER_TIMEOUT,
          report -> {
            member.deliver(new Event.PeerAnswered(report));
            one.run();
          },
          one);
    }
  }
}
