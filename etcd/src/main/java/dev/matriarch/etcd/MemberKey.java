package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * A member's own key, on a lease of its own so that it goes when the member has been silent for
 * {@code ttl}. Publishing what is there already only keeps the lease alive. For one thread at a
 * time.
 */
public final class MemberKey {

  private final ClusterStore store;
  private final EtcdClient client;
  private final String name;
  private final Duration ttl;
  private Optional<Published> published = Optional.empty();

  private record Published(String json, LeaseId lease, long revision) {}

  public MemberKey(ClusterStore store, String name, Duration ttl) {
    this.store = requireNonNull(store, "store");
    this.client = store.client();
    this.name = requireNonNull(name, "name");
    this.ttl = requireNonNull(ttl, "ttl");
  }

  /** Makes the key say this and live for another {@code ttl}. */
  public WriteResult publish(String json) throws InterruptedException {
    try {
      Optional<Published> last = published;
      if (last.isPresent() && client.keepAlive(last.orElseThrow().lease())) {
        Published now = last.orElseThrow();
        return now.json().equals(json)
            ? new WriteResult.Done(now.revision())
            : put(json, now.lease());
      }
      return put(json, client.grant(ttl).id());
    } catch (EtcdException e) {
      return e.maybeApplied()
          ? new WriteResult.Unknown(e.failure())
          : new WriteResult.Failed(e.failure());
    }
  }

  private WriteResult put(String json, LeaseId lease) throws InterruptedException {
    WriteResult result = store.publishMember(name, json, lease);
    // Whatever is not known to be there is put again next time.
    published =
        switch (result) {
          case WriteResult.Done done -> Optional.of(new Published(json, lease, done.revision()));
          case WriteResult.Conflict _, WriteResult.Unknown _, WriteResult.Failed _ ->
              published.map(_ -> new Published("", lease, 0));
        };
    return result;
  }

  /** Deletes the key and its lease. */
  public WriteResult withdraw() throws InterruptedException {
    WriteResult result = store.withdrawMember(name);
    Optional<Published> last = published;
    published = Optional.empty();
    if (last.isPresent()) {
      try {
        client.revoke(last.orElseThrow().lease());
      } catch (EtcdException e) {
        // It ends by itself.
        return result;
      }
    }
    return result;
  }
}
