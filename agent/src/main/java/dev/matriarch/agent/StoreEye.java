package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.ConfigRecord;
import dev.matriarch.engine.Event;
import dev.matriarch.etcd.ClusterNotice;
import dev.matriarch.etcd.ClusterSnapshot;
import dev.matriarch.etcd.CorruptKey;
import dev.matriarch.etcd.KeyValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what etcd's watch tells into events. Called by the watch's thread alone. */
final class StoreEye implements Consumer<ClusterNotice> {
  private static final Logger LOG = LoggerFactory.getLogger(StoreEye.class);

  private final Inbox inbox;

  /** What was last said of each key. */
  private final Map<String, String> reported = new HashMap<>();

  private volatile Consumer<ConfigRecord> configListener = record -> {};
  private volatile ClusterState last = ClusterState.EMPTY;
  private volatile Optional<KeyValue> leaderKey = Optional.empty();
  private boolean seen;
  private Optional<ConfigRecord> config = Optional.empty();

  StoreEye(Inbox inbox) {
    this.inbox = requireNonNull(inbox, "inbox is null");
  }

  /** From now on this is told each new dynamic configuration, before the state that brought it. */
  void onConfig(Consumer<ConfigRecord> listener) {
    configListener = requireNonNull(listener, "listener is null");
  }

  /** The cluster as last told; for any thread. */
  ClusterState last() {
    return last;
  }

  /** The leader key as last told; for any thread. */
  Optional<KeyValue> leaderKey() {
    return leaderKey;
  }

  @Override
  public void accept(ClusterNotice notice) {
    switch (notice) {
      case ClusterNotice.Seen now -> tell(now.snapshot());
      case ClusterNotice.Interrupted gone -> {
        LOG.warn("{}", gone.failure().message());
        inbox.put(new Event.StoreFailed(gone.failure().message()));
      }
      case ClusterNotice.Resumed back -> {
        LOG.info("etcd {} tells of changes", back.endpoint());
        if (seen) {
          // Nothing may have changed meanwhile; then nothing else would say that etcd is back.
          inbox.put(new Event.StoreRead(last));
        }
      }
    }
  }

  private void tell(ClusterSnapshot snapshot) {
    Map<String, String> now = new HashMap<>();
    for (CorruptKey corrupt : snapshot.corrupt()) {
      now.put(corrupt.key(), corrupt.message());
      if (!corrupt.message().equals(reported.get(corrupt.key()))) {
        LOG.error("{}; it is ignored", corrupt.message());
      }
    }
    reported.keySet().stream()
        .filter(key -> !now.containsKey(key))
        .forEach(key -> LOG.info("etcd key {} can be read again", key));
    reported.clear();
    reported.putAll(now);
    Optional<ConfigRecord> newer = snapshot.state().config();
    if (newer.isPresent() && !newer.equals(config)) {
      config = newer;
      configListener.accept(newer.get());
    }
    leaderKey = snapshot.leader();
    last = snapshot.state();
    seen = true;
    inbox.put(new Event.StoreRead(last));
  }
}
