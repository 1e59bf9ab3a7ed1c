package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/** What this member knows of its own hold on the leader key. */
public sealed interface Lease {

  /** It does not hold the key, or cannot prove that it does. */
  record None() implements Lease {}

  /**
   * It gave the key back. What etcd was seen to say before that counts no more: a key of this
   * revision or an older one that names this member is the one that was given up.
   */
  record GivenUp(long revision) implements Lease {}

  /**
   * It holds the key.
   *
   * @param renewedAt monotonic time just before the last successful renewal was sent
   * @param revision the key's modification revision after it
   * @param terms what that renewal is worth
   * @param shortened when its holder must have stopped writing, where the configuration was changed
   *     since and says so; empty where the terms do
   */
  record Held(Instant renewedAt, long revision, LeaseTerms terms, Optional<Instant> shortened)
      implements Lease {
    public Held {
      requireNonNull(renewedAt, "renewedAt is null");
      requireNonNull(terms, "terms is null");
      requireNonNull(shortened, "shortened is null");
    }

    public Held(Instant renewedAt, long revision, LeaseTerms terms) {
      this(renewedAt, revision, terms, Optional.empty());
    }

    /** When its holder must have stopped writing, should nothing renew it. */
    Instant deadline() {
      return shortened.orElseGet(() -> terms.deadline(renewedAt));
    }

    /**
     * As the configuration says since {@code at}. Whatever shortens the lease in etcd is sent after
     * that: counted from the last renewal, a primary would be stopped that has done nothing wrong.
     */
    Held by(LeaseTerms configured, Instant at) {
      Instant then = configured.deadline(at);
      return then.isBefore(deadline())
          ? new Held(renewedAt, revision, terms, Optional.of(then))
          : this;
    }
  }
}
