package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

/** What a watch of a cluster tells. */
public sealed interface ClusterNotice {

  /** The cluster is so now. */
  record Seen(ClusterSnapshot snapshot) implements ClusterNotice {
    public Seen {
      requireNonNull(snapshot, "snapshot");
    }
  }

  /** etcd does not tell any more. What was seen last may have changed since. */
  record Interrupted(EtcdFailure failure) implements ClusterNotice {
    public Interrupted {
      requireNonNull(failure, "failure");
    }
  }

  /** etcd tells again; everything missed follows. */
  record Resumed(Endpoint endpoint) implements ClusterNotice {
    public Resumed {
      requireNonNull(endpoint, "endpoint");
    }
  }
}
