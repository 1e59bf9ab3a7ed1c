package dev.matriarch.etcd;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews one holding of the leader key, attempt by attempt. Used by the renewing thread alone. */
final class Renewal {
  private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

  /** Somebody may overwrite the key again and again; then it is lost. */
  private static final int MENDINGS = 3;

  private final EtcdClient client;
  private final LeaderLease.Terms terms;
  private final InstantSource monotonic;
  private final LeaseId lease;

  /** How old the last keep-alive may be for a bare put to last its full length. */
  private final Duration slack;

  /** Taken before the last successful keep-alive, or the grant, was sent. */
  private Instant keptAlive;

  Renewal(
      EtcdClient client,
      LeaderLease.Terms terms,
      InstantSource monotonic,
      Lease lease,
      Instant granted) {
    this.client = client;
    this.terms = terms;
    this.monotonic = monotonic;
    this.lease = lease.id();
    slack = lease.ttl().minus(terms.length());
    keptAlive = granted;
  }

  LeaseNotice attempt() throws InterruptedException {
    Instant sentAt = monotonic.instant();
    try {
      return keepAliveIfDue(sentAt) ? put(sentAt) : lost();
    } catch (EtcdException e) {
      return new LeaseNotice.Failed(e.failure());
    }
  }

  /** False: etcd has no such lease any more, and so no key on it. */
  private boolean keepAliveIfDue(Instant sentAt) throws EtcdException, InterruptedException {
    // One interval early, so that a failure leaves time for another attempt before it matters.
    Instant due = keptAlive.plus(slack).minus(terms.interval());
    if (sentAt.isBefore(due)) {
      return true;
    }
    try {
      if (!client.keepAlive(lease)) {
        return false;
      }
      keptAlive = sentAt;
      return true;
    } catch (EtcdException e) {
      if (sentAt.isAfter(keptAlive.plus(slack))) {
        throw e;
      }
      return true;
    }
  }

  private LeaseNotice put(Instant sentAt) throws InterruptedException {
    Txn again =
        Txn.when(Compare.value(terms.key(), terms.name()), Compare.lease(terms.key(), lease))
            .then(terms.put(lease))
            .otherwise(Op.get(terms.key()))
            .asRepeatable();
    return notice(client.txn(again), sentAt, MENDINGS);
  }

  private LeaseNotice notice(TxnOutcome outcome, Instant sentAt, int mendings)
      throws InterruptedException {
    return switch (outcome) {
      case TxnOutcome.Applied applied -> new LeaseNotice.Renewed(sentAt, applied.revision());
      case TxnOutcome.CompareFailed failed -> {
        Optional<KeyValue> found = failed.read().getFirst();
        yield mendings > 0 && found.filter(it -> it.lease().equals(LeaseId.NONE)).isPresent()
            ? mend(found.orElseThrow(), sentAt, mendings - 1)
            : new LeaseNotice.Lost(found.map(KeyValue::value));
      }
      case TxnOutcome.Unknown unknown -> new LeaseNotice.Failed(unknown.failure());
      case TxnOutcome.Failed failed -> new LeaseNotice.Failed(failed.failure());
    };
  }

  /**
   * The key was overwritten by somebody who is no member: one without a lease is nobody's, and who
   * deletes it waits for as long as for a silent leader's, counted from the overwriting.
   */
  private LeaseNotice mend(KeyValue overwritten, Instant sentAt, int mendings)
      throws InterruptedException {
    LOG.warn("{} was overwritten without a lease; it is written again", terms.key());
    Txn mend =
        Txn.when(Compare.modRevision(terms.key(), overwritten.modRevision()))
            .then(terms.put(lease))
            .otherwise(Op.get(terms.key()));
    return notice(client.txn(mend), sentAt, mendings);
  }

  private LeaseNotice lost() throws EtcdException, InterruptedException {
    return new LeaseNotice.Lost(client.get(terms.key()).map(KeyValue::value));
  }
}
