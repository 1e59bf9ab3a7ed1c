package dev.matriarch.etcd;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * One attempt to get the leader key: create it, adopt it if it is ours already, or take it over.
 */
record LeaderClaim(
    EtcdClient client,
    LeaderLease.Terms terms,
    InstantSource monotonic,
    LeaseId lease,
    LeaderLease.Claim claim) {

  Acquired take() throws InterruptedException {
    Instant sentAt = monotonic.instant();
    Txn given = Txn.when(claim.conditions().toArray(Compare[]::new));
    Txn create =
        (claim.replaces() ? given : given.and(Compare.absent(terms.key())))
            .then(claim.ops(terms.put(lease), lease))
            .otherwise(Op.get(terms.key()));
    return switch (client.txn(create)) {
      case TxnOutcome.Applied applied -> new Acquired.Held(sentAt, applied.revision(), false);
      case TxnOutcome.CompareFailed failed -> {
        Optional<KeyValue> found = failed.read().getFirst();
        yield found.isPresent() ? takeFrom(found.orElseThrow()) : new Acquired.ConditionFailed();
      }
      case TxnOutcome.Unknown unknown -> findOut(unknown.failure(), sentAt, false);
      case TxnOutcome.Failed failed -> new Acquired.Failed(failed.failure());
    };
  }

  private Acquired takeFrom(KeyValue found) throws InterruptedException {
    if (!found.value().equals(terms.name())) {
      return new Acquired.HeldByOther(found.value(), found.modRevision());
    }
    if (claim.replaces()) {
      return new Acquired.ConditionFailed();
    }
    Instant sentAt = monotonic.instant();
    Txn adopt =
        Txn.when(claim.conditions().toArray(Compare[]::new))
            .and(Compare.value(terms.key(), terms.name()))
            .then(claim.ops(terms.put(lease), lease))
            .otherwise(Op.get(terms.key()));
    return switch (client.txn(adopt)) {
      case TxnOutcome.Applied applied -> new Acquired.Held(sentAt, applied.revision(), true);
      case TxnOutcome.CompareFailed failed ->
          failed
              .read()
              .getFirst()
              .filter(now -> !now.value().equals(terms.name()))
              .<Acquired>map(now -> new Acquired.HeldByOther(now.value(), now.modRevision()))
              .orElseGet(Acquired.ConditionFailed::new);
      case TxnOutcome.Unknown unknown -> findOut(unknown.failure(), sentAt, true);
      case TxnOutcome.Failed failed -> new Acquired.Failed(failed.failure());
    };
  }

  /** The lease's number tells our key from every other, even from one with our name. */
  private Acquired findOut(EtcdFailure why, Instant sentAt, boolean adopted)
      throws InterruptedException {
    try {
      Optional<KeyValue> found = client.get(terms.key());
      if (found.isPresent()) {
        KeyValue now = found.orElseThrow();
        if (now.lease().equals(lease)) {
          return new Acquired.Held(sentAt, now.modRevision(), adopted);
        }
        if (!now.value().equals(terms.name())) {
          return new Acquired.HeldByOther(now.value(), now.modRevision());
        }
      }
      return new Acquired.Unknown(why);
    } catch (EtcdException e) {
      return new Acquired.Unknown(e.failure());
    }
  }
}
