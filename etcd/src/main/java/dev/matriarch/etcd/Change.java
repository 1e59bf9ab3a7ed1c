package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

/** One event of a watch. */
public sealed interface Change {

  String key();

  long revision();

  /** The key was put. */
  record Put(KeyValue now) implements Change {
    public Put {
      requireNonNull(now, "now");
    }

    @Override
    public String key() {
      return now.key();
    }

    @Override
    public long revision() {
      return now.modRevision();
    }
  }

  /** The key was deleted, or its lease expired. */
  record Deleted(String key, long revision) implements Change {
    public Deleted {
      requireNonNull(key, "key");
    }
  }
}
