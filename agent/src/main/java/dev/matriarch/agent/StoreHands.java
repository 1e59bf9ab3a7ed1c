package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.DynamicConfig;
import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.TimelineSwitch;
import dev.matriarch.etcd.ClusterStore;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.etcd.WriteResult;
import dev.matriarch.postgres.PostgresServer;
import dev.matriarch.postgres.TimelineHistory;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Writes what the engine wants to stand in etcd. */
final class StoreHands {
  private final String self;
  private final ClusterStore store;
  private final Presence presence;
  private final PostgresServer postgres;
  private final Supplier<ClusterState> state;
  private final Supplier<String> config;
  private final InstantSource wallClock;

  /**
   * @param config the dynamic configuration as last known, as JSON: etcd gets it where it has none
   */
  StoreHands(
      String self,
      ClusterStore store,
      Presence presence,
      PostgresServer postgres,
      Supplier<ClusterState> state,
      Supplier<String> config,
      InstantSource wallClock) {
    this.self = requireNonNull(self, "self is null");
    this.store = requireNonNull(store, "store is null");
    this.presence = requireNonNull(presence, "presence is null");
    this.postgres = requireNonNull(postgres, "postgres is null");
    this.state = requireNonNull(state, "state is null");
    this.config = requireNonNull(config, "config is null");
    this.wallClock = requireNonNull(wallClock, "wallClock is null");
  }

  Outcome finishInitialize(Effect.FinishInitialize finish) throws InterruptedException {
    return outcome(store.finishInitialize(self, finish.systemIdentifier(), config.get()));
  }

  Outcome expire(Effect.ExpireLeader expire) throws InterruptedException {
    return outcome(store.expireLeader(expire.revision()));
  }

  Outcome revoke(Effect.Revoke revoke) throws InterruptedException {
    return outcome(store.revoke(revoke.revocation()));
  }

  Outcome endRevocation(Effect.EndRevocation end) throws InterruptedException {
    return outcome(store.endRevocation(end.revision()));
  }

  Outcome publish(Effect.PublishMember publish) throws InterruptedException {
    return presence.publish(publish.member());
  }

  Outcome writeStatus(Effect.WriteStatus write) throws InterruptedException {
    return outcome(store.writeStatus(self, write.status()));
  }

  Outcome writeSync(Effect.WriteSync write) throws InterruptedException {
    return outcome(store.writeSync(self, write.sync()));
  }

  Outcome deleteSync(Effect.DeleteSync delete) throws InterruptedException {
    return outcome(store.deleteSync(self, delete.revision()));
  }

  Outcome writeFailsafe(Effect.WriteFailsafe write) throws InterruptedException {
    return outcome(store.writeFailsafe(self, write.revision(), write.members()));
  }

  Outcome nameCandidate(Effect.NameCandidate name) throws InterruptedException {
    return outcome(store.setFailover(name.request().to(name.candidate())));
  }

  Outcome requestMove(Effect.RequestMove move) throws InterruptedException {
    try {
      return outcome(
          store.setFailover(
              new MoveRequest(store.failoverRevision(), self, move.candidate(), Optional.empty())));
    } catch (EtcdException e) {
      return new Outcome.Failed(e.failure().message());
    }
  }

  Outcome clear(Effect.ClearRequest clear) throws InterruptedException {
    return outcome(store.clearFailover(clear.revision()));
  }

  Outcome writeHistory(Effect.WriteHistory write) throws InterruptedException {
    Optional<TimelineHistory> own = postgres.timelineHistory(write.timeline());
    if (own.isEmpty()) {
      return new Outcome.Failed("the server has no history file of timeline " + write.timeline());
    }
    return outcome(store.writeHistory(self, merged(own.get())));
  }

  private List<TimelineSwitch> merged(TimelineHistory own) {
    List<TimelineSwitch> lines =
        HistoryLines.of(own, state.get().history(), wallClock.instant(), self);
    int kept =
        state
            .get()
            .config()
            .map(config -> DynamicConfig.parse(config.json()).timelines())
            .orElse(0);
    return kept == 0 || lines.size() <= kept
        ? lines
        : lines.subList(lines.size() - kept, lines.size());
  }

  static Outcome outcome(WriteResult result) {
    return switch (result) {
      case WriteResult.Done done -> new Outcome.Done();
      case WriteResult.Conflict conflict ->
          new Outcome.Refused(
              conflict.found().isPresent()
                  ? "etcd has something else at " + conflict.found().get().key()
                  : "it is not there any more");
      case WriteResult.Unknown unknown -> new Outcome.Unknown(unknown.failure().message());
      case WriteResult.Failed failed -> new Outcome.Failed(failed.failure().message());
    };
  }
}
