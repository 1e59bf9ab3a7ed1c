package dev.matriarch.engine;

import static dev.matriarch.engine.RevocationWorld.UNSEEN;
import static dev.matriarch.engine.RevocationWorld.name;

import dev.matriarch.engine.RevocationModel.Bounds;
import dev.matriarch.engine.RevocationModel.Flaw;
import dev.matriarch.engine.RevocationWorld.Heard;
import dev.matriarch.engine.RevocationWorld.Keys;
import dev.matriarch.engine.RevocationWorld.Primary;
import dev.matriarch.engine.RevocationWorld.State;
import dev.matriarch.engine.RevocationWorld.Voter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can happen next in {@link RevocationModel}. */
final class RevocationSteps {
  /**
   * Something that happens.
   *
   * @param what in words, of a member
   * @param member counted from 0
   * @param to what there is then
   */
  record Step(String what, int member, State to) {
    @Override
    public String toString() {
      return name(member) + " " + what;
    }
  }

  private final RevocationWorld world;
  private final RevocationLenses lenses;
  private final Bounds bounds;
  private final Flaw flaw;
  private List<Step> steps = new ArrayList<>();

  RevocationSteps(RevocationWorld world, RevocationLenses lenses, Bounds bounds, Flaw flaw) {
    this.world = world;
    this.lenses = lenses;
    this.bounds = bounds;
    this.flaw = flaw;
  }

  List<Step> from(State state) {
    steps = new ArrayList<>();
    writesArrive(state);
    if (world.primary(state).running()) {
      primaryActs(state);
    }
    for (int i = 0; i < state.voters().size(); i++) {
      claimArrives(state, i);
      serverGoesOn(state, i);
      accidents(state, i);
      agentActs(state, i);
    }
    return steps;
  }

  private void step(String what, int member, State to) {
    steps.add(new Step(what, member, to));
  }

  private State with(State state, Keys keys) {
    return state.keys(world.keys.of(keys));
  }

  private State with(State state, Primary primary) {
    return state.primary(world.primaries.of(primary));
  }

  private State with(State state, int index, Voter voter) {
    return state.voter(index, world.voters.of(voter));
  }

  // ---- etcd

  private void writesArrive(State state) {
    Keys keys = world.keys(state);
    List<SyncState> writes = world.writes.get(state.writes());
    for (int i = 0; i < writes.size(); i++) {
      SyncState write = writes.get(i);
      List<SyncState> others = new ArrayList<>(writes);
      others.remove(i);
      boolean done = !world.isTaken(state) && keys.sync().revision() == write.revision();
      State left = state.writes(world.writes.of(List.copyOf(others)));
      State arrived = done ? with(left, keys.recording(write)) : left;
      step(done ? "has its voters written" : "writes voters in vain", 0, arrived);
      if (i == writes.size() - 1 && world.primary(state).waiting()) {
        step(
            done ? "hears that its voters are written" : "hears that they are not",
            0,
            with(arrived, world.primary(state).answered(done)));
      }
    }
  }

  private void claimArrives(State state, int i) {
    Optional<Effect.TakeOver> claim = world.claims.get(state.claims().get(i));
    if (claim.isPresent()) {
      State left = state.claim(i, world.claims.of(Optional.empty()));
      Keys keys = world.keys(state);
      boolean done = compares(keys, claim.get().revocation());
      step(
          done ? "takes over" : "takes over in vain",
          i + 1,
          done ? with(left, keys.taken(claim.get())) : left);
    }
  }

  private boolean compares(Keys keys, Revocation wish) {
    boolean record = keys.revocation().revision() == wish.revision() && keys.isRevoked();
    return flaw == Flaw.TAKEOVER_COMPARES_LEADER_ONLY
        ? keys.leader().equals(wish.leader()) && keys.term() == wish.term()
        : record;
  }

  private void revoke(State state, int member, Revocation wish) {
    Keys keys = world.keys(state);
    boolean agrees =
        keys.leader().equals(wish.leader())
            && keys.term() == wish.term()
            && keys.sync().revision() == wish.sync()
            && !keys.revocation().isRecorded();
    if (agrees && keys.made() < bounds.records()) {
      step("revokes the term of m1", member, with(state, keys.revoked(wish)));
    }
  }

  private void endRevocation(State state, int member, long revision) {
    Keys keys = world.keys(state);
    if (keys.revocation().revision() == revision) {
      step("removes the record", member, with(state, keys.unrevoked()));
    }
  }

  // ---- the primary

  private void primaryActs(State state) {
    Primary primary = world.primary(state);
    if (!world.isTaken(state) && world.keys(state).term() <= bounds.renewals()) {
      step("renews its lease", 0, with(state, world.keys(state).renewed()));
    }
    if (primary.written() < bounds.writes()) {
      step("writes", 0, with(state, primary.writing()));
    }
    if (primary.waiting()) {
      step("waits no longer for etcd", 0, with(state, primary.answered(false)));
    }
    if (primary.seen() != state.keys()) {
      step("reads etcd", 0, with(state, primary.seeing(state.keys())));
    }
    List<Voter> voters = state.voters().stream().map(world.voters::get).toList();
    for (Effect effect : lenses.decisions(primary, world.keys.get(primary.seen()), voters)) {
      carryOut(state, primary, effect);
    }
  }

  private void carryOut(State state, Primary primary, Effect effect) {
    switch (effect) {
      case Effect.StopServer stop -> step("is stopped", 0, with(state, primary.stopped()));
      case Effect.EndRevocation end -> endRevocation(state, 0, end.revision());
      case Effect.SetSyncNames(SyncNames names) ->
          step("waits for other standbys", 0, with(state, primary.naming(names)));
      case Effect.WriteSync(SyncState sync) -> {
        if (primary.ordered() < bounds.changes()) {
          List<SyncState> more = new ArrayList<>(world.writes.get(state.writes()));
          more.add(sync);
          State sent = state.writes(world.writes.of(List.copyOf(more)));
          step("is to write voters", 0, with(sent, primary.recording(sync.revision())));
        }
      }
      default -> refuse(effect);
    }
  }

  /** What is decided and not modelled would go unnoticed. Peers are asked at any time. */
  private static void refuse(Effect effect) {
    if (!(effect instanceof Effect.AskPeers || effect instanceof Effect.ProbeServer)) {
      throw new IllegalStateException("not modelled: " + effect);
    }
  }

  // ---- a voter

  private void serverGoesOn(State state, int i) {
    Voter voter = world.voter(state, i);
    Primary primary = world.primary(state);
    boolean fed = voter.running() && primary.running();
    if (voter.receiving() && fed && voter.flushed() < primary.written()) {
      step("flushes a write", i + 1, with(state, i, voter.flushing()));
    }
    if (voter.follows() && fed && !voter.receiving()) {
      step("streams from m1", i + 1, with(state, i, voter.server(true, true, true)));
    }
    if (voter.receiving() && !voter.follows() && voter.ending() == 0) {
      step("has no receiver", i + 1, with(state, i, voter.server(true, false, false)));
    }
    if (voter.ending() > 0 && voter.running()) {
      boolean hasty = flaw == Flaw.RECEIVER_OVERLOOKED && voter.receiving();
      step("has promised", i + 1, with(state, i, voter.promising(hasty)));
    }
  }

  private void accidents(State state, int i) {
    Voter voter = world.voter(state, i);
    if (state.accidents() < bounds.accidents()) {
      step("has an agent anew", i + 1, with(state.accident(), i, voter.restarted()));
      if (voter.running()) {
        step("has a server that crashes", i + 1, with(state.accident(), i, voter.crashed()));
      }
    }
  }

  private void agentActs(State state, int i) {
    Voter voter = world.voter(state, i);
    if (voter.seen() != state.keys()) {
      step("reads etcd", i + 1, with(state, i, voter.seeing(state.keys())));
    }
    // One that leads goes the way of every election.
    if (voter.seen() == UNSEEN || world.keys.get(voter.seen()).leader().equals(name(i + 1))) {
      return;
    }
    Keys seen = world.keys.get(voter.seen());
    long promise = lenses.promise(i + 1, voter, seen);
    for (int other = 0; other < state.voters().size(); other++) {
      if (other != i && promise > 0) {
        Voter hearer = world.voter(state, other);
        Heard heard = new Heard(promise, voter.flushed());
        step("hears of a promise", other + 1, with(state, other, hearer.hearing(i, heard)));
      }
    }
    Optional<Effect.TakeOver> claim = world.claims.get(state.claims().get(i));
    for (Effect effect : lenses.decisions(i + 1, voter, seen, claim)) {
      carryOut(state, i, voter, effect);
    }
  }

  private void carryOut(State state, int i, Voter voter, Effect effect) {
    int me = i + 1;
    switch (effect) {
      case Effect.Promise promise ->
          step("is to promise", me, with(state, i, voter.ending(promise.revocation())));
      case Effect.Revoke revoke -> revoke(state, me, revoke.revocation());
      case Effect.TakeOver over ->
          step("is to take over", me, state.claim(i, world.claims.of(Optional.of(over))));
      case Effect.EndRevocation end -> endRevocation(state, me, end.revision());
      case Effect.Follow(String upstream) -> {
        boolean follow = !upstream.isEmpty();
        step("is to follow", me, with(state, i, voter.server(true, follow, voter.receiving())));
      }
      case Effect.StartStandby(String upstream) ->
          step("is started", me, with(state, i, voter.server(true, !upstream.isEmpty(), false)));
      default -> refuse(effect);
    }
  }
}
