package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Keys as they all were at one revision.
 *
 * @param cluster identity of the etcd cluster that answered
 */
public record Listing(long cluster, long revision, List<KeyValue> keys) {
  public Listing {
    keys = List.copyOf(requireNonNull(keys, "keys"));
  }

  public Optional<KeyValue> find(String key) {
    return keys.stream().filter(kv -> kv.key().equals(key)).findFirst();
  }
}
