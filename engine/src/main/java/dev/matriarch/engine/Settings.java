package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * What the cluster's dynamic configuration means to the engine.
 *
 * @param ttl the promise of how long a silent leader may keep the lead
 * @param loopWait the longest time between two looks at the world
 * @param retryTimeout how long etcd or PostgreSQL may fail to answer before it matters
 * @param primaryStartTimeout how long a crashed primary may take to come back before another is
 *     elected
 * @param primaryStopTimeout how long a planned stop of the primary may take
 * @param maximumLagOnFailover bytes of WAL that an asynchronous candidate may lack
 * @param synchrony which commits wait for standbys
 * @param paused no automatic action: a human is at work
 * @param slots which replication slots are kept
 * @param failsafe a leader goes on without etcd while all members agree
 * @param reserve how much earlier than usual a primary is stopped: so that it is down before a
 *     watchdog device fires
 * @param source whom a standby cluster follows; empty for a cluster with a primary
 * @param twoNodePolicy what a cluster of two wants when its leader is lost
 * @param recoveryRate bytes of WAL that a server replays in a second after a crash
 * @param raceBackoff how long after the leader key went WAL that still comes from the primary holds
 *     off an election
 * @param undoing what may be done to data that went another way than the leader's
 */
public record Settings(
    Duration ttl,
    Duration loopWait,
    Duration retryTimeout,
    Duration primaryStartTimeout,
    Duration primaryStopTimeout,
    long maximumLagOnFailover,
    Synchrony synchrony,
    boolean paused,
    SlotRules slots,
    boolean failsafe,
    Duration reserve,
    Optional<Source> source,
    TwoNodePolicy twoNodePolicy,
    long recoveryRate,
    Duration raceBackoff,
    Undoing undoing) {
  /** A careful guess: with fast disks and small sets of pages it is several times that. */
  private static final long RECOVERY_RATE = 64L << 20;

  private static final Duration LEAST_SUSPICION = Duration.ofSeconds(1);

  /** The seeds' defaults: {@code pg_rto: 30}, {@code pg_rpo: 1048576}. */
  public static final Settings DEFAULT =
      new Settings(
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          1_048_576,
          Synchrony.OFF,
          false,
          SlotRules.DEFAULT,
          false,
          Duration.ZERO,
          Optional.empty(),
          TwoNodePolicy.UNDECLARED,
          RECOVERY_RATE,
          Duration.ZERO,
          Undoing.DEFAULT);

  public Settings {
    requireNonNull(ttl, "ttl is null");
    requireNonNull(loopWait, "loopWait is null");
    requireNonNull(retryTimeout, "retryTimeout is null");
    requireNonNull(primaryStartTimeout, "primaryStartTimeout is null");
    requireNonNull(primaryStopTimeout, "primaryStopTimeout is null");
    requireNonNull(synchrony, "synchrony is null");
    requireNonNull(slots, "slots is null");
    requireNonNull(reserve, "reserve is null");
    requireNonNull(source, "source is null");
    requireNonNull(twoNodePolicy, "twoNodePolicy is null");
    if (recoveryRate < 1) {
      throw new IllegalArgumentException("a recovery rate of " + recoveryRate + " replays nothing");
    }
    requireNonNull(raceBackoff, "raceBackoff is null");
    requireNonNull(undoing, "undoing is null");
    if (loopWait.compareTo(ttl) >= 0) {
      throw new IllegalArgumentException("loop_wait " + loopWait + " is not below ttl " + ttl);
    }
  }

  public LeaseTerms lease() {
    LeaseTerms terms = LeaseTerms.of(ttl, loopWait).leaving(reserve);
    return revokes() ? terms.renewedWithin(LeaseTerms.part(suspicion(), 3)) : terms;
  }

  /**
   * Whether a leader that falls silent may be replaced without waiting for its lease: only where it
   * commits nothing without its standbys.
   */
  public boolean revokes() {
    return synchrony.mode() == Synchrony.Mode.QUORUM && synchrony.strict();
  }

  /** How long a leader may be silent before its term is revoked. */
  public Duration suspicion() {
    Duration tenth = LeaseTerms.part(ttl, 10);
    return tenth.compareTo(LEAST_SUSPICION) < 0 ? LEAST_SUSPICION : tenth;
  }

  /** How long renewals may fail before a leader asks the members whether it may go on. */
  public Duration failsafeAfter() {
    LeaseTerms terms = lease();
    Duration half = LeaseTerms.part(terms.lease(), 2);
    Duration patience = retryTimeout.compareTo(half) < 0 ? retryTimeout : half;
    Duration missed = terms.renewal().multipliedBy(2);
    return patience.compareTo(missed) < 0 ? missed : patience;
  }

  /** The same with changes. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** What a new Settings is made of; not for several threads. */
  public static final class Builder {
    private Duration ttl;
    private Duration loopWait;
    private Duration retryTimeout;
    private Duration primaryStartTimeout;
    private Duration primaryStopTimeout;
    private long maximumLagOnFailover;
    private Synchrony synchrony;
    private boolean paused;
    private SlotRules slots;
    private boolean failsafe;
    private Duration reserve;
    private Optional<Source> source;
    private TwoNodePolicy twoNodePolicy;
    private long recoveryRate;
    private Duration raceBackoff;
    private Undoing undoing;

    private Builder(Settings from) {
      this.ttl = from.ttl;
      this.loopWait = from.loopWait;
      this.retryTimeout = from.retryTimeout;
      this.primaryStartTimeout = from.primaryStartTimeout;
      this.primaryStopTimeout = from.primaryStopTimeout;
      this.maximumLagOnFailover = from.maximumLagOnFailover;
      this.synchrony = from.synchrony;
      this.paused = from.paused;
      this.slots = from.slots;
      this.failsafe = from.failsafe;
      this.reserve = from.reserve;
      this.source = from.source;
      this.twoNodePolicy = from.twoNodePolicy;
      this.recoveryRate = from.recoveryRate;
      this.raceBackoff = from.raceBackoff;
      this.undoing = from.undoing;
    }

    public Builder ttl(Duration value) {
      ttl = value;
      return this;
    }

    public Builder loopWait(Duration value) {
      loopWait = value;
      return this;
    }

    public Builder retryTimeout(Duration value) {
      retryTimeout = value;
      return this;
    }

    public Builder primaryStartTimeout(Duration value) {
      primaryStartTimeout = value;
      return this;
    }

    public Builder primaryStopTimeout(Duration value) {
      primaryStopTimeout = value;
      return this;
    }

    public Builder maximumLagOnFailover(long value) {
      maximumLagOnFailover = value;
      return this;
    }

    public Builder synchrony(Synchrony value) {
      synchrony = value;
      return this;
    }

    public Builder paused(boolean value) {
      paused = value;
      return this;
    }

    public Builder slots(SlotRules value) {
      slots = value;
      return this;
    }

    public Builder failsafe(boolean value) {
      failsafe = value;
      return this;
    }

    public Builder reserve(Duration value) {
      reserve = value;
      return this;
    }

    public Builder source(Optional<Source> value) {
      source = value;
      return this;
    }

    public Builder twoNodePolicy(TwoNodePolicy value) {
      twoNodePolicy = value;
      return this;
    }

    public Builder recoveryRate(long value) {
      recoveryRate = value;
      return this;
    }

    public Builder raceBackoff(Duration value) {
      raceBackoff = value;
      return this;
    }

    public Builder undoing(Undoing value) {
      undoing = value;
      return this;
    }

    public Settings build() {
      return new Settings(
          ttl,
          loopWait,
          retryTimeout,
          primaryStartTimeout,
          primaryStopTimeout,
          maximumLagOnFailover,
          synchrony,
          paused,
          slots,
          failsafe,
          reserve,
          source,
          twoNodePolicy,
          recoveryRate,
          raceBackoff,
          undoing);
    }
  }
}
