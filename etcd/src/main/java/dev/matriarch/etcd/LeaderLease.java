package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a cluster's leader key. While held, a platform thread that does nothing else renews it: it
 * keeps the etcd lease alive and puts the key again if it is still ours, so that each renewal
 * raises the key's revision. A candidate that deletes the key at the revision it last saw thereby
 * proves that no later renewal was committed.
 *
 * <p>Share its client with the watch: what one learns of a dead endpoint spares the other the time
 * to find out. The listener is called on the renewing thread and must not block.
 */
public final class LeaderLease implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderLease.class);
  private static final Duration LEAST_ATTEMPT = Duration.ofMillis(100);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

  private final EtcdClient client;
  private final EtcdClient renewing;
  private final Terms terms;
  private final InstantSource monotonic;
  private final Consumer<LeaseNotice> listener;
  private final AtomicReference<Holding> holding = new AtomicReference<>();
  private final AtomicReference<Granted> prepared = new AtomicReference<>();

  /**
   * What is held, and how.
   *
   * @param key the leader key
   * @param name the member, value of the key
   * @param length how long a renewal lasts; etcd may be told more, never less
   * @param interval between renewals
   */
  public record Terms(String key, String name, Duration length, Duration interval) {
    public Terms {
      requireNonNull(key, "key");
      requireNonNull(name, "name");
      requireNonNull(length, "length");
      requireNonNull(interval, "interval");
      if (!interval.isPositive() || interval.multipliedBy(2).compareTo(length) > 0) {
        throw new IllegalArgumentException(
            "lease of " + key + ": an interval of " + interval + " does not fit into " + length);
      }
    }

    /**
     * What etcd is told: three renewals more than the length. So not every renewal must keep the
     * etcd lease alive too, and one that only puts the key still lasts its full length.
     */
    Duration leaseInEtcd() {
      return length.plus(interval.multipliedBy(3));
    }

    Op put(LeaseId lease) {
      return Op.put(key, name, lease);
    }

    /** An eighth of the length: several attempts fit before the deadline. */
    Duration attempt() {
      Duration eighth = length.dividedBy(8);
      return eighth.compareTo(LEAST_ATTEMPT) < 0 ? LEAST_ATTEMPT : eighth;
    }
  }

  /**
   * What the key is taken with, in the same transaction.
   *
   * @param conditions must hold too
   * @param creates keys that come to be with it, on the same lease
   * @param also what else is done with it
   * @param replaces the key is taken from whoever has it: the conditions say at which revision
   */
  public record Claim(
      List<Compare> conditions, List<KeyAndValue> creates, List<Op> also, boolean replaces) {
    /** The key alone. */
    public static final Claim PLAIN = new Claim(List.of(), List.of(), List.of(), false);

    public Claim {
      conditions = List.copyOf(requireNonNull(conditions, "conditions"));
      creates = List.copyOf(requireNonNull(creates, "creates"));
      also = List.copyOf(requireNonNull(also, "also"));
    }

    /** Together with another key that must not exist. */
    public static Claim creating(String key, String value) {
      return new Claim(
          List.of(Compare.absent(key)), List.of(new KeyAndValue(key, value)), List.of(), false);
    }

    /**
     * From another that holds it, if these hold; they must name the holder or the revision of the
     * key.
     */
    public static Claim replacing(List<Compare> conditions, List<Op> also) {
      return new Claim(conditions, List.of(), also, true);
    }

    Op[] ops(Op leaderKey, LeaseId lease) {
      return Stream.of(
              Stream.of(leaderKey),
              creates.stream().map(it -> Op.put(it.key(), it.value(), lease)),
              also.stream())
          .flatMap(ops -> ops)
          .toArray(Op[]::new);
    }
  }

  /** A key to be created. */
  public record KeyAndValue(String key, String value) {
    public KeyAndValue {
      requireNonNull(key, "key");
      requireNonNull(value, "value");
    }
  }

  /** One time of holding the key, from taking it to losing or releasing it. */
  private record Holding(LeaseId lease, Thread renewer) {}

  /**
   * @param askedAt before it was asked for: its time may run from then
   */
  private record Granted(Lease lease, Instant askedAt) {}

  /**
   * @param monotonic time that never jumps, see {@link MonotonicSource}
   */
  public LeaderLease(
      EtcdClient client, Terms terms, InstantSource monotonic, Consumer<LeaseNotice> listener) {
    this.client = requireNonNull(client, "client");
    this.terms = requireNonNull(terms, "terms");
    this.monotonic = requireNonNull(monotonic, "monotonic");
    this.listener = requireNonNull(listener, "listener");
    renewing = client.within(client.timeouts().withCalls(terms.attempt(), terms.attempt()));
  }

  public Terms terms() {
    return terms;
  }

  /**
   * Gets ahead what {@link #acquire} needs, for one who is about to be given the key; good for one
   * interval, later it is got anew.
   *
   * @return when it was asked for: a claim made with it, or later, is younger
   * @throws EtcdException when there is none; acquiring goes on without
   */
  public Instant prepare() throws EtcdException, InterruptedException {
    Granted granted = grant();
    prepared.set(granted);
    return granted.askedAt();
  }

  private Granted grant() throws EtcdException, InterruptedException {
    Instant asked = monotonic.instant();
    return new Granted(client.grant(terms.leaseInEtcd()), asked);
  }

  /** The lease that was got ahead, while it is good. */
  public Optional<LeaseId> ahead() {
    return Optional.ofNullable(prepared.get()).filter(this::isYoung).map(it -> it.lease().id());
  }

  private boolean isYoung(Granted granted) {
    return monotonic.instant().isBefore(granted.askedAt().plus(terms.interval()));
  }

  /**
   * Has the key without writing it, if whoever left it has put it on the lease that was got ahead:
   * it is held as by a claim that was sent when the lease was asked for, which is before the key
   * was written. Nothing can have taken it away since: others wait for longer than that is good.
   *
   * @param key as it was last seen
   */
  public Optional<Acquired.Held> takeLeft(KeyValue key) {
    Granted granted = prepared.get();
    boolean left =
        granted != null
            && isYoung(granted)
            && key.value().equals(terms.name())
            && key.lease().equals(granted.lease().id());
    if (!left || !prepared.compareAndSet(granted, null)) {
      return Optional.empty();
    }
    startRenewing(granted, granted.askedAt());
    return Optional.of(new Acquired.Held(granted.askedAt(), key.modRevision(), true));
  }

  private Granted granted() throws EtcdException, InterruptedException {
    Granted ahead = prepared.getAndSet(null);
    return ahead != null && isYoung(ahead) ? ahead : grant();
  }

  /**
   * Takes the key if nobody has it, or takes it over from an earlier life of this member. On
   * success the renewals begin. While it is held, asking again is an error.
   */
  public Acquired acquire() throws InterruptedException {
    return acquire(Claim.PLAIN);
  }

  /** As {@link #acquire()}, with conditions and further keys. */
  public Acquired acquire(Claim claim) throws InterruptedException {
    if (holding.get() != null) {
      throw new IllegalStateException("lease of " + terms.key() + ": held already");
    }
    Granted granted;
    try {
      granted = granted();
    } catch (EtcdException e) {
      return new Acquired.Failed(e.failure());
    }
    LeaseId lease = granted.lease().id();
    Acquired result = new LeaderClaim(client, terms, monotonic, lease, claim).take();
    if (result instanceof Acquired.Held held) {
      startRenewing(granted, held.sentAt());
    } else if (!(result instanceof Acquired.Unknown)) {
      giveBack(lease);
    }
    return result;
  }

  private void startRenewing(Granted granted, Instant acquired) {
    LeaseId lease = granted.lease().id();
    Renewal renewal = new Renewal(renewing, terms, monotonic, granted.lease(), granted.askedAt());
    Thread renewer =
        Thread.ofPlatform()
            .daemon()
            .name("lease " + terms.key())
            .unstarted(() -> renewAll(lease, renewal, acquired));
    holding.set(new Holding(lease, renewer));
    renewer.start();
  }

  private void renewAll(LeaseId lease, Renewal renewal, Instant acquired) {
    Instant due = acquired.plus(terms.interval());
    Duration pause = FIRST_PAUSE;
    try {
      while (isHeld(lease)) {
        Duration wait = Duration.between(monotonic.instant(), due);
        if (wait.isPositive()) {
          Thread.sleep(wait);
        }
        LeaseNotice notice = renewal.attempt();
        if (!isHeld(lease)) {
          return;
        }
        switch (notice) {
          case LeaseNotice.Renewed renewed -> {
            due = renewed.sentAt().plus(terms.interval());
            pause = FIRST_PAUSE;
          }
          case LeaseNotice.Failed _ -> {
            due = monotonic.instant().plus(pause);
            pause = Calls.min(pause.multipliedBy(2), LONGEST_PAUSE);
          }
          case LeaseNotice.Lost _ -> holding.set(null);
        }
        tell(notice);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A listener that fails must not end the renewals. */
  private void tell(LeaseNotice notice) {
    try {
      listener.accept(notice);
    } catch (RuntimeException e) {
      LOG.error("lease of {}: the listener failed on {}", terms.key(), notice, e);
    }
  }

  private boolean isHeld(LeaseId lease) {
    Holding now = holding.get();
    return now != null && now.lease().equals(lease);
  }

  /**
   * Whether the key is ours as far as this object knows; a deadline may have passed all the same.
   */
  public boolean isHeld() {
    return holding.get() != null;
  }

  /**
   * Gives the key back at once, if it is ours. The renewals end first, whatever the outcome: a key
   * that could not be deleted goes when its lease ends. A key that nobody has any more is given
   * back.
   *
   * @param also done with it, only if the key is ours
   */
  public WriteResult release(Op... also) throws InterruptedException {
    Optional<Holding> held = endRenewals();
    if (held.isEmpty()) {
      return new WriteResult.Conflict(Optional.empty());
    }
    LeaseId lease = held.get().lease();
    TxnOutcome outcome = giveUp(lease, Op.delete(terms.key()), also);
    giveBack(lease);
    return resultOf(outcome, found -> found.isEmpty());
  }

  /**
   * Lets the key name another, if it is ours, who is to adopt it. Otherwise as {@link #release}.
   *
   * @param his the lease that it is put on, which he has: then there is nothing for him to do; with
   *     {@link LeaseId#NONE}, or where etcd does not know it, it stays on this lease, which nobody
   *     renews any more
   */
  public WriteResult leaveTo(String heir, LeaseId his, Op... also) throws InterruptedException {
    Optional<Holding> held = endRenewals();
    if (held.isEmpty()) {
      return new WriteResult.Conflict(Optional.empty());
    }
    LeaseId ours = held.get().lease();
    LeaseId on = his.equals(LeaseId.NONE) ? ours : his;
    TxnOutcome outcome = giveUp(ours, Op.put(terms.key(), heir, on), also);
    if (outcome instanceof TxnOutcome.Failed && !on.equals(ours)) {
      outcome = giveUp(ours, Op.put(terms.key(), heir, ours), also);
    }
    return resultOf(outcome, found -> found.filter(key -> key.value().equals(heir)).isPresent());
  }

  private TxnOutcome giveUp(LeaseId lease, Op key, Op[] also) throws InterruptedException {
    Txn txn =
        Txn.when(Compare.value(terms.key(), terms.name()), Compare.lease(terms.key(), lease))
            .then(Stream.concat(Stream.of(key), Stream.of(also)).toArray(Op[]::new))
            .otherwise(Op.get(terms.key()))
            .asRepeatable();
    return client.txn(txn);
  }

  /** An attempt whose answer was lost may have left what was wanted. */
  private static WriteResult resultOf(TxnOutcome outcome, Predicate<Optional<KeyValue>> wanted) {
    return outcome instanceof TxnOutcome.CompareFailed failed
            && wanted.test(failed.read().getFirst())
        ? new WriteResult.Done(failed.revision())
        : WriteResult.of(outcome);
  }

  /** Ends the renewals and leaves the key: it goes when its lease ends, or is adopted before. */
  @Override
  public void close() {
    var _ = endRenewals();
  }

  /** From here on nothing is held. */
  private Optional<Holding> endRenewals() {
    Optional<Holding> held = Optional.ofNullable(holding.getAndSet(null));
    held.ifPresent(it -> it.renewer().interrupt());
    return held;
  }

  /** Nobody waits for it; a lease that stays ends by itself. */
  private void giveBack(LeaseId lease) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                client.revoke(lease);
              } catch (EtcdException e) {
                // It ends by itself.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
