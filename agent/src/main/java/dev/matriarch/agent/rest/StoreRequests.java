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
  private final MemberRequests member;
  private final Desk desk;
  private final Neighbour neighbour;

  /** Finds this member's answer to a leader without etcd. */
  @FunctionalInterface
  public interface Desk {
    Optional<Promised> promise(FailsafeCall call) throws InterruptedException;
  }

  /** Asks another member for the last move that it closed. */
  @FunctionalInterface
  public interface Neighbour {
    Optional<ClosedMove> closed(String apiUrl) throws InterruptedException;
  }

  public StoreRequests(ClusterStore store, Desk desk, Neighbour neighbour, MemberRequests member) {
    this.desk = requireNonNull(desk, "desk is null");
    this.store = requireNonNull(store, "store is null");
    this.neighbour = requireNonNull(neighbour, "neighbour is null");
    this.member = requireNonNull(member, "member is null");
  }

  @Override
  public WriteResult writeConfig(long revision, String json) throws InterruptedException {
    return store.writeConfig(revision, json);
  }

  @Override
  public WriteResult askMove(MoveRequest request) throws InterruptedException {
    try {
      return store.setFailover(request.replacing(store.failoverRevision()));
    } catch (EtcdException e) {
      return new WriteResult.Failed(e.failure());
    }
  }

  @Override
  public WriteResult withdrawMove(long revision) throws InterruptedException {
    return store.clearFailover(revision);
  }

  @Override
  public Optional<ClosedMove> closedBy(String apiUrl) throws InterruptedException {
    return neighbour.closed(apiUrl);
  }

  @Override
  public MemberRequests member() {
    return member;
  }

  @Override
  public Optional<Promised> promise(FailsafeCall call) throws InterruptedException {
    return desk.promise(call);
  }
}
