package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

/** A condition of a transaction. */
public sealed interface Compare {

  String key();

  /** Created at this revision; 0: the key does not exist. */
  record CreateRevision(String key, long revision) implements Compare {
    public CreateRevision {
      requireNonNull(key, "key");
    }
  }

  /** Last put at this revision; 0: the key does not exist. */
  record ModRevision(String key, long revision) implements Compare {
    public ModRevision {
      requireNonNull(key, "key");
    }
  }

  /** Has this value. */
  record Value(String key, String value) implements Compare {
    public Value {
      requireNonNull(key, "key");
      requireNonNull(value, "value");
    }
  }

  /** Carries this lease. */
  record OnLease(String key, LeaseId lease) implements Compare {
    public OnLease {
      requireNonNull(key, "key");
      requireNonNull(lease, "lease");
    }
  }

  static Compare absent(String key) {
    return new CreateRevision(key, 0);
  }

  static Compare modRevision(String key, long revision) {
    return new ModRevision(key, revision);
  }

  static Compare value(String key, String value) {
    return new Value(key, value);
  }

  static Compare lease(String key, LeaseId lease) {
    return new OnLease(key, lease);
  }
}
