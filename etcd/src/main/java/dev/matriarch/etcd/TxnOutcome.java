package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/** What became of a transaction. */
public sealed interface TxnOutcome {

  /** etcd decided it. */
  sealed interface Answered extends TxnOutcome {
    /** Revision of the store after it. */
    long revision();

    /** What its {@link Op.Get}s found, in their order. */
    List<Optional<KeyValue>> read();
  }

  /** The compares held and its operations are done. */
  record Applied(long revision, List<Optional<KeyValue>> read) implements Answered {
    public Applied {
      read = List.copyOf(requireNonNull(read, "read"));
    }
  }

  /** A compare did not hold; {@code otherwise} is done. */
  record CompareFailed(long revision, List<Optional<KeyValue>> read) implements Answered {
    public CompareFailed {
      read = List.copyOf(requireNonNull(read, "read"));
    }
  }

  /** The answer was lost: it may have been applied, or may still be. */
  record Unknown(EtcdFailure failure) implements TxnOutcome {
    public Unknown {
      requireNonNull(failure, "failure");
    }
  }

  /** It was surely not applied. */
  record Failed(EtcdFailure failure) implements TxnOutcome {
    public Failed {
      requireNonNull(failure, "failure");
    }
  }
}
