package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** What became of a write to the cluster's state. Unknown is not "no". */
public sealed interface WriteResult {

  /** It is written, at this revision. */
  record Done(long revision) implements WriteResult {}

  /**
   * It is not written: what it was compared with had changed. {@code found} is what is there now.
   */
  record Conflict(Optional<KeyValue> found) implements WriteResult {
    public Conflict {
      requireNonNull(found, "found");
    }
  }

  /** The answer was lost: it may be written, now or later. Read before deciding anything on it. */
  record Unknown(EtcdFailure failure) implements WriteResult {
    public Unknown {
      requireNonNull(failure, "failure");
    }
  }

  /** It is surely not written. */
  record Failed(EtcdFailure failure) implements WriteResult {
    public Failed {
      requireNonNull(failure, "failure");
    }
  }

  /** From a transaction whose first read, if any, tells what stands in the way. */
  static WriteResult of(TxnOutcome outcome) {
    return switch (outcome) {
      case TxnOutcome.Applied applied -> new Done(applied.revision());
      case TxnOutcome.CompareFailed failed ->
          new Conflict(failed.read().isEmpty() ? Optional.empty() : failed.read().getFirst());
      case TxnOutcome.Unknown unknown -> new Unknown(unknown.failure());
      case TxnOutcome.Failed failed -> new Failed(failed.failure());
    };
  }
}
