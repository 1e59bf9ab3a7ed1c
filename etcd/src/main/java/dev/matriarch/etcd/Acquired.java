package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/** What became of the attempt to take the leader key. */
public sealed interface Acquired {

  /**
   * It is ours, and is being renewed.
   *
   * @param sentAt monotonic time taken before the request was sent
   * @param revision of the leader key
   * @param adopted it was ours before, from an earlier life of this agent
   */
  record Held(Instant sentAt, long revision, boolean adopted) implements Acquired {
    public Held {
      requireNonNull(sentAt, "sentAt");
    }
  }

  /** Another member holds it. */
  record HeldByOther(String name, long revision) implements Acquired {
    public HeldByOther {
      requireNonNull(name, "name");
    }
  }

  /** Nobody holds it, but one of the other conditions did not hold. */
  record ConditionFailed() implements Acquired {}

  /** The answer was lost: it may be ours. Asking again finds out, and adopts it if so. */
  record Unknown(EtcdFailure failure) implements Acquired {
    public Unknown {
      requireNonNull(failure, "failure");
    }
  }

  /** It is surely not ours. */
  record Failed(EtcdFailure failure) implements Acquired {
    public Failed {
      requireNonNull(failure, "failure");
    }
  }
}
