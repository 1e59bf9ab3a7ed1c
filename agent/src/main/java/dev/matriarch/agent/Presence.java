package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Member;
import dev.matriarch.engine.Outcome;
import dev.matriarch.etcd.ClusterStore;
import dev.matriarch.etcd.EtcdClient;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.etcd.LeaseId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This member's own key, and the etcd lease that removes it some time after the agent has died. It
 * is not the leader's lease: a member may lose the lead and still be there.
 */
final class Presence {
  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

  private final EtcdClient client;
  private final ClusterStore store;
  private final Supplier<Duration> life;
  private Duration granted = Duration.ZERO;
  private Optional<LeaseId> lease = Optional.empty();
  private Optional<Member> told = Optional.empty();

  /**
   * @param life how long the key outlives the agent, as of now
   */
  Presence(EtcdClient client, ClusterStore store, Supplier<Duration> life) {
    this.client = requireNonNull(client, "client is null");
    this.store = requireNonNull(store, "store is null");
    this.life = requireNonNull(life, "life is null");
  }

  synchronized Outcome publish(Member member) throws InterruptedException {
    try {
      Duration wanted = life.get();
      // The old lease, with no key any more, ends by itself.
      if (lease.isEmpty() || !wanted.equals(granted)) {
        lease = Optional.of(client.grant(wanted).id());
        granted = wanted;
      }
      Outcome outcome = StoreHands.outcome(store.publishMember(member, lease.get()));
      told = Optional.of(member);
      if (!(outcome instanceof Outcome.Done)) {
        // The lease may be what it failed on; the next try takes a new one.
        lease = Optional.empty();
      }
      return outcome;
    } catch (EtcdException e) {
      return new Outcome.Failed(e.failure().message());
    }
  }

  /** Keeps the lease alive until its thread is interrupted. */
  void run() throws InterruptedException {
    while (true) {
      Thread.sleep(life.get().dividedBy(3));
      keepAlive();
    }
  }

  private void keepAlive() throws InterruptedException {
    Optional<LeaseId> mine = lease();
    if (mine.isEmpty()) {
      return;
    }
    try {
      if (!client.keepAlive(mine.get())) {
        forget(mine.get());
      }
    } catch (EtcdException e) {
      LOG.debug("the lease of this member's key was not renewed: {}", e.failure().message());
    }
  }

  /** A key that does not change is put again when its life does. */
  private synchronized Optional<LeaseId> lease() throws InterruptedException {
    if (lease.isPresent() && told.isPresent() && !life.get().equals(granted)) {
      publish(told.get());
    }
    return lease;
  }

  private synchronized void forget(LeaseId gone) {
    if (lease.filter(gone::equals).isPresent()) {
      lease = Optional.empty();
    }
  }
}
