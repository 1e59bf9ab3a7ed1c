package dev.matriarch.agent.rest;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.FailsafeCall;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.etcd.ClusterStore;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.etcd.WriteResult;
import java.util.Optional;

/** {@link Requests} written to etcd. */
public final class StoreRequests implements Requests {
  private final ClusterStore store;
  private final Desk desk;
  private final Runnable reload;

  /** Finds this member's answer to a leader without etcd. */
  @FunctionalInterface
  public interface Desk {
    Optional<Promised> promise(FailsafeCall call) throws InterruptedException;
  }

  /** With what a reload of the file means; it must return at once. */
  public StoreRequests(ClusterStore store, Desk desk, Runnable reload) {
    this.desk = requireNonNull(desk, "desk is null");
    this.store = requireNonNull(store, "store is null");
    this.reload = requireNonNull(reload, "reload is null");
  }

  @Override
  public WriteResult writeConfig(long revision, String json) throws InterruptedException {
    return store.writeConfig(revision, json);
  }

  @Override
  public WriteResult askMove(MoveRequest request) throws InterruptedException {
    try {
      return store.setFailover(
          new MoveRequest(
              store.failoverRevision(),
              request.leader(),
              request.candidate(),
              request.scheduledAt()));
    } catch (EtcdException e) {
      return new WriteResult.Failed(e.failure());
    }
  }

  @Override
  public WriteResult withdrawMove(long revision) throws InterruptedException {
    return store.clearFailover(revision);
  }

  @Override
  public Optional<Promised> promise(FailsafeCall call) throws InterruptedException {
    return desk.promise(call);
  }

  @Override
  public void reload() {
    reload.run();
  }
}
