package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.LeaseTerms;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.etcd.Acquired;
import dev.matriarch.etcd.ClusterStore;
import dev.matriarch.etcd.Compare;
import dev.matriarch.etcd.EtcdClient;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.etcd.KeyValue;
import dev.matriarch.etcd.LeaderLease;
import dev.matriarch.etcd.LeaseId;
import dev.matriarch.etcd.LeaseNotice;
import dev.matriarch.etcd.Op;
import dev.matriarch.etcd.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes, keeps and gives back the leader key. Every renewal is told to the fence first, then to the
 * engine.
 */
final class LeaseHands {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseHands.class);

  private static final Duration AGAIN = Duration.ofMillis(200);

  /** What goes by the lease beside the agent. */
  interface Renewals {
    /** The new deadline at each renewal; must not block. */
    void renewed(Instant sentAt, Instant deadline, long revision);

    /** A lease that will last until then at least is about to be taken; must not block. */
    void foreseen(Instant deadline);

    /** The deadline is this, if it was later: returns once that is known to hold. */
    Outcome shorten(Instant deadline);

    /** The lease is about to be given up: returns once what only its holder has is given up. */
    Outcome releasing();
  }

  /** What the next claim needs, got ahead. */
  private record Prepared(LeaderLease lease, LeaseTerms terms) {}

  private final String self;
  private final EtcdClient client;
  private final ClusterStore store;
  private final Supplier<StatusRecord> status;
  private final Supplier<Optional<KeyValue>> leaderKey;
  private final InstantSource monotonic;
  private final Renewals fence;
  private final Inbox inbox;
  private final AtomicReference<Optional<Prepared>> ahead = new AtomicReference<>(Optional.empty());
  private Optional<LeaderLease> lease = Optional.empty();
  private volatile LeaseTerms terms;

  /**
   * @param client the one that the watch uses too: what one of them learns of a dead endpoint
   *     spares the other half a second in the middle of an election
   * @param status what was last noted of the leader's WAL and slots
   * @param leaderKey the leader key as etcd's watch last told it
   * @param fence is told the new deadline of each renewal; must not block
   */
  LeaseHands(
      String self,
      EtcdClient client,
      ClusterStore store,
      LeaseTerms terms,
      Supplier<StatusRecord> status,
      Supplier<Optional<KeyValue>> leaderKey,
      InstantSource monotonic,
      Renewals fence,
      Inbox inbox) {
    this.self = requireNonNull(self, "self is null");
    this.client = requireNonNull(client, "client is null");
    this.store = requireNonNull(store, "store is null");
    this.terms = requireNonNull(terms, "terms is null");
    this.status = requireNonNull(status, "status is null");
    this.leaderKey = requireNonNull(leaderKey, "leaderKey is null");
    this.monotonic = requireNonNull(monotonic, "monotonic is null");
    this.fence = requireNonNull(fence, "fence is null");
    this.inbox = requireNonNull(inbox, "inbox is null");
  }

  synchronized Outcome acquire(Effect.AcquireLeader acquire) throws InterruptedException {
    return take(store.claim(acquire.failsafeRevision(), acquire.sync()));
  }

  /** Takes the key only if it names this member: whoever finds it vacant must be elected first. */
  synchronized Outcome adopt() throws InterruptedException {
    return takeLeft() ? new Outcome.Done() : take(ours());
  }

  /** Whoever left it has put it on this member's own lease: there is nothing to be written. */
  private boolean takeLeft() {
    Optional<Prepared> prepared = prepared();
    Optional<Acquired.Held> held =
        prepared.flatMap(mine -> leaderKey.get().flatMap(mine.lease()::takeLeft));
    if (held.isEmpty()) {
      return false;
    }
    lease.ifPresent(LeaderLease::close);
    lease = prepared.map(Prepared::lease);
    ahead.set(Optional.empty());
    tell(held.get().sentAt(), held.get().revision(), prepared.get().terms());
    return true;
  }

  /** The etcd lease that this member got for the leader key, while it is good; 0 for none. */
  long ahead() {
    return prepared().flatMap(mine -> mine.lease().ahead()).map(LeaseId::value).orElse(0L);
  }

  private Optional<Prepared> prepared() {
    LeaseTerms now = terms;
    return ahead.get().filter(mine -> mine.terms().equals(now));
  }

  private LeaderLease.Claim ours() {
    return LeaderLease.Claim.replacing(
        List.of(Compare.value(store.keys().leader(), self)), List.of());
  }

  synchronized Outcome takeInitialize() throws InterruptedException {
    return take(store.bootstrapClaim());
  }

  synchronized Outcome takeOver(Effect.TakeOver over) throws InterruptedException {
    return take(store.takeoverClaim(over.revocation(), over.sync()));
  }

  /**
   * From the next renewal on, the lease lives as long as a changed configuration says. Nothing
   * renews the old one while etcd is asked for the new, so it is asked until it has answered.
   */
  synchronized void retune(LeaseTerms changed) throws InterruptedException {
    if (changed.equals(terms)) {
      return;
    }
    terms = changed;
    if (lease.filter(LeaderLease::isHeld).isEmpty()) {
      return;
    }
    // Should this agent die before it hears etcd's answer, the lease may be the shorter one
    // already.
    if (fence.shorten(changed.deadline(monotonic.instant())) instanceof Outcome.Failed failed) {
      LOG.warn("a shorter lease: {}", failed.reason());
    }
    Outcome outcome = takeAgain();
    Instant giveUp = monotonic.instant().plus(changed.lease());
    while (isDoubtful(outcome) && monotonic.instant().isBefore(giveUp)) {
      wait(AGAIN.toMillis());
      if (!terms.equals(changed) || lease.isEmpty() || lease.get().isHeld()) {
        return;
      }
      outcome = takeAgain();
    }
    switch (outcome) {
      case Outcome.Done done -> LOG.info("the lease lives {} from now on", changed.lease());
      case Outcome.Refused refused -> inbox.put(new Event.LeaseLost(refused.reason()));
      case Outcome.Failed failed -> LOG.warn("the lease cannot be changed: {}", failed.reason());
      case Outcome.Unknown unknown -> LOG.warn("the lease cannot be changed: {}", unknown.reason());
    }
  }

  /**
   * The key is ours; also where somebody who is no member has overwritten it meanwhile. It is
   * written again then, as by a renewal, if nobody has deleted it.
   */
  private Outcome takeAgain() throws InterruptedException {
    Outcome outcome = take(ours());
    if (!(outcome instanceof Outcome.Refused)) {
      return outcome;
    }
    try {
      Optional<KeyValue> overwritten =
          client.get(store.keys().leader()).filter(key -> key.lease().equals(LeaseId.NONE));
      return overwritten.isPresent() ? take(replacing(overwritten.get())) : outcome;
    } catch (EtcdException e) {
      return new Outcome.Failed(e.failure().message());
    }
  }

  private static LeaderLease.Claim replacing(KeyValue found) {
    return LeaderLease.Claim.replacing(
        List.of(Compare.modRevision(found.key(), found.modRevision())), List.of());
  }

  private static boolean isDoubtful(Outcome outcome) {
    return outcome instanceof Outcome.Failed || outcome instanceof Outcome.Unknown;
  }

  private Outcome take(LeaderLease.Claim claim) throws InterruptedException {
    lease.ifPresent(LeaderLease::close);
    LeaseTerms now = terms;
    LeaderLease fresh =
        ahead
            .getAndSet(Optional.empty())
            .filter(prepared -> prepared.terms().equals(now))
            .map(Prepared::lease)
            .orElseGet(() -> newLease(now));
    lease = Optional.of(fresh);
    Acquired acquired = fresh.acquire(claim);
    return switch (acquired) {
      case Acquired.Held held -> {
        tell(held.sentAt(), held.revision(), now);
        yield new Outcome.Done();
      }
      case Acquired.HeldByOther other -> new Outcome.Refused(other.name() + " was first");
      case Acquired.ConditionFailed failed -> new Outcome.Refused("another member was first");
      case Acquired.Unknown unknown -> new Outcome.Unknown(unknown.failure().message());
      case Acquired.Failed failed -> new Outcome.Failed(failed.failure().message());
    };
  }

  /** The key is about to be left to this member, and clients wait for that. Never blocks. */
  void prepare() {
    LeaseTerms now = terms;
    LeaderLease next = newLease(now);
    var _ =
        Thread.ofVirtual()
            .name("lease-ahead")
            .start(
                () -> {
                  try {
                    fence.foreseen(now.deadline(next.prepare()));
                    ahead.set(Optional.of(new Prepared(next, now)));
                  } catch (EtcdException e) {
                    // It gets one when it needs it.
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
  }

  private LeaderLease newLease(LeaseTerms now) {
    return new LeaderLease(
        client,
        new LeaderLease.Terms(store.keys().leader(), self, now.lease(), now.renewal()),
        monotonic,
        notice -> hear(notice, now));
  }

  private void hear(LeaseNotice notice, LeaseTerms by) {
    switch (notice) {
      case LeaseNotice.Renewed renewed -> tell(renewed.sentAt(), renewed.revision(), by);
      case LeaseNotice.Failed failed ->
          LOG.warn("the lease was not renewed: {}", failed.failure().message());
      case LeaseNotice.Lost lost -> {
        String reason =
            lost.holder().map(name -> name + " holds the key").orElse("the key is gone");
        LOG.warn("the leader key is lost: {}", reason);
        inbox.put(new Event.LeaseLost(reason));
      }
    }
  }

  private void tell(Instant sentAt, long revision, LeaseTerms by) {
    fence.renewed(sentAt, by.deadline(sentAt), revision);
    inbox.put(new Event.LeaseRenewed(sentAt, revision, by));
  }

  synchronized Outcome release(Effect.ReleaseLeader release) throws InterruptedException {
    if (lease.isEmpty()) {
      return new Outcome.Refused("the leader key was not being held");
    }
    if (!(fence.releasing() instanceof Outcome.Done)) {
      // The kernel takes them off at the lease's end; a cluster must not wait for that.
      LOG.warn("the leader key is given back, though not all that goes with it");
    }
    Op[] note =
        release.position().isKnown()
            ? new Op[] {store.positionNote(status.get(), release.position())}
            : new Op[0];
    WriteResult result =
        release.heir().isEmpty()
            ? lease.get().release(note)
            : lease.get().leaveTo(release.heir(), new LeaseId(release.leaseAhead()), note);
    lease = Optional.empty();
    return result instanceof WriteResult.Conflict ? new Outcome.Done() : StoreHands.outcome(result);
  }

  /** Ends the renewals without a word to etcd: the key goes when its lease does. */
  synchronized void close() {
    lease.ifPresent(LeaderLease::close);
  }
}
