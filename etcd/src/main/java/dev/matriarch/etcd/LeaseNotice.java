package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/** What a {@link LeaderLease} tells while it is held. */
public sealed interface LeaseNotice {

  /**
   * Renewed. Whoever holds it may act as leader until {@code sentAt} + lease - margin.
   *
   * @param sentAt monotonic time taken before the renewal was sent
   * @param revision of the leader key now
   */
  record Renewed(Instant sentAt, long revision) implements LeaseNotice {
    public Renewed {
      requireNonNull(sentAt, "sentAt");
    }
  }

  /** An attempt brought no answer; the next one follows at once, elsewhere. */
  record Failed(EtcdFailure failure) implements LeaseNotice {
    public Failed {
      requireNonNull(failure, "failure");
    }
  }

  /**
   * The key is not ours any more, for sure. Nothing follows.
   *
   * @param holder who has it now; empty: nobody
   */
  record Lost(Optional<String> holder) implements LeaseNotice {
    public Lost {
      requireNonNull(holder, "holder");
    }
  }
}
