package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What a {@link Watch} tells its listener, in the order of revisions and without a gap. */
public sealed interface WatchNotice {

  /** Everything as it is: at the start, after a compaction, after etcd was replaced. */
  record Listed(Listing all) implements WatchNotice {
    public Listed {
      requireNonNull(all, "all");
    }
  }

  /** What changed since, all changes of a revision in one notice. */
  record Changed(long revision, List<Change> changes) implements WatchNotice {
    public Changed {
      changes = List.copyOf(requireNonNull(changes, "changes"));
    }
  }

  /** The stream broke; it is being opened again, here or elsewhere. Told once for each break. */
  record Interrupted(EtcdFailure failure) implements WatchNotice {
    public Interrupted {
      requireNonNull(failure, "failure");
    }
  }

  /** The stream is open (again): nothing is missed from here on. */
  record Resumed(Endpoint endpoint) implements WatchNotice {
    public Resumed {
      requireNonNull(endpoint, "endpoint");
    }
  }
}
