package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

/** What a transaction does. */
public sealed interface Op {

  String key();

  /** Sets the key, creating it if need be; {@link LeaseId#NONE} detaches it from a lease. */
  record Put(String key, String value, LeaseId lease) implements Op {
    public Put {
      requireNonNull(key, "key");
      requireNonNull(value, "value");
      requireNonNull(lease, "lease");
    }
  }

  /** Deletes the key if it is there. */
  record Delete(String key) implements Op {
    public Delete {
      requireNonNull(key, "key");
    }
  }

  /** Deletes every key that starts so. */
  record DeletePrefix(String key) implements Op {
    public DeletePrefix {
      requireNonNull(key, "key");
    }
  }

  /** Reads the key; the answer is in {@link TxnOutcome.Answered#read()}. */
  record Get(String key) implements Op {
    public Get {
      requireNonNull(key, "key");
    }
  }

  static Op put(String key, String value) {
    return new Put(key, value, LeaseId.NONE);
  }

  static Op put(String key, String value, LeaseId lease) {
    return new Put(key, value, lease);
  }

  static Op delete(String key) {
    return new Delete(key);
  }

  static Op get(String key) {
    return new Get(key);
  }
}
