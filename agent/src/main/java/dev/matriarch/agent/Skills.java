package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.rest.PeerProbe;
import dev.matriarch.agent.routing.Router;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.LeaseTerms;
import dev.matriarch.engine.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Who does which effect. */
final class Skills implements Hands.Skill {

  /** Ends the agent with an exit code. */
  @FunctionalInterface
  interface Ending {
    void exit(int code, String why);
  }

  private final LeaseHands lease;
  private final StoreHands store;
  private final ServerHands server;
  private final LostHands lost;
  private final DiskHands disk;
  private final FailsafeHands failsafe;
  private final ServerEye eye;
  private final PeerProbe probe;
  private final Directory directory;
  private final Optional<Router> router;
  private final PoolerHands pooler;
  private final Operators operators;
  private final Supplier<LeaseTerms> terms;
  private final Inbox inbox;
  private final Ending ending;

  Skills(
      LeaseHands lease,
      StoreHands store,
      ServerHands server,
      LostHands lost,
      DiskHands disk,
      FailsafeHands failsafe,
      ServerEye eye,
      PeerProbe probe,
      Directory directory,
      Optional<Router> router,
      PoolerHands pooler,
      Operators operators,
      Supplier<LeaseTerms> terms,
      Inbox inbox,
      Ending ending) {
    this.lease = requireNonNull(lease, "lease is null");
    this.store = requireNonNull(store, "store is null");
    this.server = requireNonNull(server, "server is null");
    this.lost = requireNonNull(lost, "lost is null");
    this.disk = requireNonNull(disk, "disk is null");
    this.failsafe = requireNonNull(failsafe, "failsafe is null");
    this.eye = requireNonNull(eye, "eye is null");
    this.probe = requireNonNull(probe, "probe is null");
    this.directory = requireNonNull(directory, "directory is null");
    this.router = requireNonNull(router, "router is null");
    this.pooler = requireNonNull(pooler, "pooler is null");
    this.operators = requireNonNull(operators, "operators is null");
    this.terms = requireNonNull(terms, "terms is null");
    this.inbox = requireNonNull(inbox, "inbox is null");
    this.ending = requireNonNull(ending, "ending is null");
  }

  @Override
  public Outcome perform(Effect effect) throws InterruptedException {
    Outcome outcome = dispatch(effect);
    if (effect.lane().touchesServer()) {
      // What the effect brought about must be seen before its outcome is judged.
      eye.look();
    }
    return outcome;
  }

  private Outcome dispatch(Effect effect) throws InterruptedException {
    return switch (effect) {
      case Effect.TakeInitialize take -> lease.takeInitialize();
      case Effect.AcquireLeader acquire -> lease.acquire(acquire);
      case Effect.AdoptLeader adopt -> lease.adopt();
      case Effect.ReleaseLeader release -> lease.release(release);
      case Effect.FinishInitialize finish -> store.finishInitialize(finish);
      case Effect.ExpireLeader expire -> store.expire(expire);
      case Effect.Revoke revoke -> store.revoke(revoke);
      case Effect.EndRevocation end -> store.endRevocation(end);
      case Effect.TakeOver over -> lease.takeOver(over);
      case Effect.PublishMember publish -> store.publish(publish);
      case Effect.WriteStatus write -> store.writeStatus(write);
      case Effect.WriteHistory write -> store.writeHistory(write);
      case Effect.WriteSync write -> store.writeSync(write);
      case Effect.DeleteSync delete -> store.deleteSync(delete);
      case Effect.WriteFailsafe write -> store.writeFailsafe(write);
      case Effect.AskFailsafe ask -> failsafe.ask(ask);
      case Effect.AnswerFailsafe answer -> failsafe.answer(answer);
      case Effect.NameCandidate name -> store.nameCandidate(name);
      case Effect.RequestMove move -> store.requestMove(move);
      case Effect.ProveCommit prove -> disk.prove();
      case Effect.KeepReserve keep -> disk.keepReserve(keep);
      case Effect.ReleaseReserve release -> disk.releaseReserve();
      case Effect.ClearRequest clear -> store.clear(clear);
      case Effect.Bootstrap bootstrap -> server.bootstrap();
      case Effect.FromSource source -> server.fromSource(source);
      case Effect.StartPrimary start -> server.startPrimary();
      case Effect.StartStandby start -> server.startStandby(start);
      case Effect.StopServer stop -> server.stop(stop);
      case Effect.SettleForHandover settle -> {
        pooler.prepare();
        yield server.settle();
      }
      case Effect.StopForHandover stop -> server.stopForHandover(stop);
      case Effect.HoldClients hold -> pooler.hold(hold);
      case Effect.Pool pool -> pooler.pool(pool);
      case Effect.Promote promote -> server.promote(promote, eye::look);
      case Effect.Follow follow -> server.follow(follow);
      case Effect.Promise promise -> server.promise();
      case Effect.ListLost list -> lost.list(list);
      case Effect.ListGivenUp list -> lost.list(list);
      case Effect.Rejoin rejoin -> server.rejoin(rejoin);
      case Effect.CloneFrom from -> server.cloneFrom(from);
      case Effect.Restore restore -> server.restore();
      case Effect.SetSyncNames set -> server.setSyncNames(set);
      case Effect.KeepSlots keep -> server.keepSlots(keep);
      case Effect.CopySlots copy -> server.copySlots(copy);
      case Effect.Checkpoint checkpoint -> server.checkpoint();
      case Effect.AskPeers ask -> ask(ask);
      case Effect.ProbeServer look -> server.probe(look, terms.get().patience().dividedBy(2));
      case Effect.CompareSource compare -> server.compare(compare);
      case Effect.Route route ->
          router.isPresent() ? router.get().apply(route.routing()) : new Outcome.Done();
      case Effect.Answer answer -> operators.answer(answer);
      case Effect.Exit exit -> {
        ending.exit(exit.code(), exit.why());
        yield new Outcome.Done();
      }
    };
  }

  private Outcome ask(Effect.AskPeers ask) throws InterruptedException {
    List<Thread> questions = new ArrayList<>();
    for (String member : ask.members()) {
      Optional<String> apiUrl = directory.apiUrl(member);
      if (apiUrl.isPresent()) {
        questions.add(
            Thread.ofVirtual().name("ask-" + member).start(() -> ask(member, apiUrl.get())));
      }
    }
    for (Thread question : questions) {
      question.join();
    }
    return new Outcome.Done();
  }

  private void ask(String member, String apiUrl) {
    try {
      probe
          .ask(member, apiUrl, terms.get().patience())
          .ifPresent(report -> inbox.put(new Event.PeerAnswered(report)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
